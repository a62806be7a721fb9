"""What an address alone says: product, shape, and whether it names an article, a column or a file."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from crawler.cms.base import article_shape, path_and_query

Kind = Literal["article", "column", "file", "unknown"]

FILE_EXTENSIONS = ("pdf", "doc", "docx", "wps", "ofd", "xls", "xlsx", "et", "zip", "rar", "7z", "rtf", "txt", "ceb")
_FILE = re.compile(rf"\.(?:{'|'.join(FILE_EXTENSIONS)})$", re.IGNORECASE)
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|bmp|webp|svg|ico|css|js|json|xml|mp[34]|avi|wmv|flv|swf|apk|exe|woff2?)$", re.IGNORECASE
)
_INDEX = re.compile(
    r"^(?:index|list|main|default|column|nlist|more|home|common_list|zfxxgk|xxgk\w*|\w*_?list|zfxxgk_\w+|jump|xxgknbs?"
    r"|redirect_\w+|yearForm)(?:[_-]?\d{1,8})?\.(?:s?html?|jsp|aspx?|jhtml|php)$",
    re.IGNORECASE,
)
# Names of folders that hold annual reports (31 provinces' columns): a link there is one of theirs.
ANNUAL_TOKENS = re.compile(
    r"(?:^|[/_-])(?:20\d\d_?n?)?(?:zf|zwgk)?(?:xxgk|gk|nd|zwgkzfxxgk|zwxxgk)\w{0,6}(?:nb|ndbg|ndbgs?|nianbao|annual)\w*"
    r"|(?:^|/)(?:20\d\d)?(?:nb|ndbg|nbzt|gknb|xxgkn\d+)(?:\d{0,6}|_\d+)(?=/|$)|/20\d\dn?(?:nb|ndbg)(?=/|$)",
    re.IGNORECASE,
)
WEBSITE_TOKENS = re.compile(r"(?:^|/)(?:zf)?wz(?:gz)?n(?:b|dbb|dbg|dbgs)\w*(?=/|\.|$)|yearForm", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UrlClass:
    """What an address says.

    Attributes:
        family: name of the product, ``generic`` for a shape of no known product, None where nothing fits.
        shape: name of the shape.
        kind: article, column, file or unknown.
        reason: why, or why not.
    """

    family: str | None
    shape: str | None
    kind: Kind
    reason: str


def is_file(url: str) -> bool:
    """Whether ``url`` names a document to download (PDF, Word, spreadsheet, archive)."""
    parts = urlsplit(url)
    return bool(_FILE.search(unquote(parts.path)) or _FILE.search(unquote(parts.query)))


def is_asset(url: str) -> bool:
    """Whether ``url`` names a picture, style, script, film: nothing to read."""
    return bool(_ASSET.search(urlsplit(url).path))


def is_directory(url: str) -> bool:
    """Whether ``url`` looks like a column: a directory, an index or list page."""
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2]
    if is_article(url):
        return False
    if not last or "." not in last:
        return True
    from crawler.cms.registry import ADAPTERS

    target = path_and_query(url)
    return bool(_INDEX.match(last)) or any(
        entry.pattern.search(target) for adapter in ADAPTERS for entry in adapter.columns
    )


def is_article(url: str) -> bool:
    """Whether ``url`` looks like one document: a known shape, or a name that is neither index nor list."""
    return classify(url).kind == "article"


@functools.lru_cache(maxsize=16_384)  # each link of a list is asked about several times, one after the other
def classify(url: str) -> UrlClass:
    """Product, shape and kind of an address."""
    from crawler.cms.registry import ADAPTERS

    if is_file(url):
        return UrlClass(None, "file", "file", "extension of a document")
    for entry in ADAPTERS:
        name = article_shape(entry, url)
        if name:
            return UrlClass(entry.name, name, "article", f"address has the shape {name}")
    target = path_and_query(url)
    for entry in ADAPTERS:
        found = next((item.name for item in entry.columns if item.pattern.search(target)), None)
        if found:
            return UrlClass(entry.name, found, "column", f"address has the shape {found}")
    path = urlsplit(url).path
    last = path.rpartition("/")[2]
    if not last or _INDEX.match(last):
        folder = re.search(r"/\d{5,}/index\.s?html?$", path)
        if folder:
            return UrlClass("generic", "dir_num_index", "unknown", "a numbered folder: column or article")
        return UrlClass(None, "directory", "column", "a directory or an index page")
    if "." not in last:
        return UrlClass(None, "no_extension", "column", "no extension: a directory on most portals")
    if re.search(r"\.(?:s?html?|jhtml)$", last):
        return UrlClass(None, "other_html", "article", "a document name of no known product")
    return UrlClass(None, None, "unknown", "no known product, no document name")
