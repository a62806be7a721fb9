"""A site nobody has described: links of the page, pager links, a stated number of pages."""

from __future__ import annotations

from crawler.cms.base import Adapter, Match, shape
from crawler.cms.page import Page


class Generic(Adapter):
    """The fallback. Its shapes are those seen in the field that belong to no known product."""

    name = "generic"
    product = "not recognised"
    articles = (
        shape("hex32_article", r"/(?:article)?[0-9a-f]{32}\.s?html?$"),
        shape("contents_n_n", r"/contents?/\d+/\d+\.html$"),
        shape("article_ts", r"/article_\d{14,24}\.s?html?$"),
        shape("ln_html_site_ts", r"/html/[A-Z0-9]+/\d{6}/0?\d{12,20}\.s?html?$"),
        shape("mongo24_html", r"/[0-9a-f]{24}\.s?html?$"),
        shape("snowflake_html", r"/\d{17,20}\.s?html?$"),
        shape("site_articles", r"/html/[\w-]+/articles/\d{6}/\d+\.html$"),
        shape("html_n_id", r"/html/\d+/\d+\.html$"),
        shape("content_id", r"/content_?\d{4,}(?:\.s?html?)?$"),
        shape("content_n", r"/content[-/]\d{3,}\.s?html?$"),
        shape("cn_date_i", r"/c\d+/\d{8}/i\d+\.html$"),
        shape("jeecms", r"/\d+\.jhtml$"),
        shape("ms_date", r"/\d{11,}/20\d\d/\d\d/\d\d/\d{11,}\.html?$"),
        shape("doc_html", r"/DocHtml/\d+/20\d\d/\d{1,2}/\d{1,2}/\d+\.html?$"),
        shape("date_id", r"/20\d\d-\d\d-\d\d/\d{5,}\.s?html?$"),
        shape("jsp_id", r"\.(?:jsp|aspx?|do|php)\?(?:.*&)?(?:id|infoid|articleid|contentid|docid|newsid|aid|rid)=\w+"),
    )

    def fingerprint(self, page: Page) -> Match:
        """Always a little: whatever is left over is generic."""
        del page
        return Match(0.05, "no known product")
