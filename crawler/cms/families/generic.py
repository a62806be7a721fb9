"""A site nobody has described: links of the page, pager links, a stated number of pages."""

from __future__ import annotations

from crawler.cms.adapter import Adapter, Match
from crawler.cms.page import Page


class Generic(Adapter):
    """The fallback. Its shapes are those seen in the field that belong to no known product."""

    name = "generic"
    product = "not recognised"

    def fingerprint(self, page: Page) -> Match:
        """Always a little: whatever is left over is generic."""
        del page
        return Match(0.05, "no known product")
