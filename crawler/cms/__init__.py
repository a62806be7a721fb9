"""Reading lists of the content management systems (CMS) that portals run: adapters, one per family of products.

    read_list(page, asked, declared)   what a page of a list says: links, further requests, stated totals
    recognise(page, declared)          which product, how sure, why
    classify(url)                      what an address alone says: product, shape, article or column

Adapters never fetch and never decide whether a link is a report (`crawler.discovery.links` does). From the bottom:

    data, javascript     values in JSON and in scripts
    handlers             where the script of an element leads
    links, hidden_rows   links of the markup; links in scripts, data stores and answers of back-ends
    address_shapes       what an address alone says, by ``config/cms.yaml``
    stated, page         numbers of a list; a fetched page with its links, head tags and scripts
    request              requests that belong to a list
    pagers               pages of a list that are documents of their own
    back_ends            back-ends that a page names, whatever its product; whether they have more
    adapter, families    what all products have in common; each product
    registry             which adapter reads a page

How to add a family, and which test fails where a step is forgotten: CONTRIBUTING.md, "A CMS family".
"""

from __future__ import annotations

from crawler.cms.adapter import Adapter, ListPage, Match
from crawler.cms.address_shapes import UrlClass, classify, is_article, is_directory, is_file
from crawler.cms.links import Link
from crawler.cms.page import Page
from crawler.cms.registry import ADAPTERS, adapter, names, read_list, recognise
from crawler.cms.request import ListRequest

__all__ = [
    "ADAPTERS",
    "Adapter",
    "Link",
    "ListPage",
    "ListRequest",
    "Match",
    "Page",
    "UrlClass",
    "adapter",
    "classify",
    "is_article",
    "is_directory",
    "is_file",
    "names",
    "read_list",
    "recognise",
]
