"""Adapters, one module per product: how it is recognised, what its addresses look like, how its lists go on.

    read_list(page, asked, declared)   what a page of a list says: rows, further requests, stated totals
    recognise(page, declared)          which product, how sure, why
    classify(url)                      what an address alone says: product, shape, article or column

Adapters never fetch and never decide whether a link is a report (`crawler.judgement` does).
"""

from __future__ import annotations

from crawler.cms.base import Adapter, ListPage, ListRequest, Match, Shape, entries
from crawler.cms.page import Page, Row
from crawler.cms.registry import ADAPTERS, adapter, names, read_list, recognise
from crawler.cms.shapes import UrlClass, classify, is_article, is_directory, is_file

__all__ = [
    "ADAPTERS",
    "Adapter",
    "ListPage",
    "ListRequest",
    "Match",
    "Page",
    "Row",
    "Shape",
    "UrlClass",
    "adapter",
    "classify",
    "entries",
    "is_article",
    "is_directory",
    "is_file",
    "names",
    "read_list",
    "recognise",
]
