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

A new family:

1. ``families/<name>.py``: a subclass of `Adapter` with ``name``, ``product``, ``fingerprint`` (signs and their weights)
   and, where its lists go on in a way of their own, ``next_requests``; `families.truecms` is a short model.
2. ``config/cms.yaml``: the forms of its addresses, at the place where it wins over others.
3. ``registry.ADAPTERS``: the adapter, at the same place.
4. ``docs/portals.md``: its row in the table of families.
5. ``tests/crawler/cms/families/test_families.py``: a page by which it is recognised (``RECOGNISED``), and its protocol.

The tests of the registry and of the families fail where one of these is missing.
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
