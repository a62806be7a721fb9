"""What an address alone says: product, shape, and whether it names an article, a column or a file.

What addresses of each product look like stands in ``config/cms.yaml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import field_validator

from crawler.cms.links import Link
from parsers.configuration import ConfigModel, configuration_directories, facts_file, load_facts
from parsers.formats.media import FILE_ENDINGS

Kind = Literal["article", "column", "file", "unknown"]

_FILE = re.compile(rf"\.(?:{'|'.join(FILE_ENDINGS)})$", re.IGNORECASE)
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


class Shape(ConfigModel):
    """A form of address.

    Attributes:
        shape: its name. pattern: what is searched in path and query; letter case counts for nothing.
    """

    shape: str
    pattern: re.Pattern[str]

    @field_validator("pattern", mode="after")
    @classmethod
    def _ignore_case(cls, pattern: re.Pattern[str]) -> re.Pattern[str]:
        return re.compile(pattern.pattern, re.IGNORECASE)


class FamilyShapes(ConfigModel):
    """Forms of address of one product: of its articles, and of its columns."""

    articles: tuple[Shape, ...] = ()
    columns: tuple[Shape, ...] = ()

    def article(self, url: str) -> str | None:
        """Name of the article address that ``url`` has, if any."""
        targets = (path_and_query(url), urlsplit(url).path)
        return next((e.shape for e in self.articles if any(e.pattern.search(target) for target in targets)), None)

    def column(self, target: str) -> str | None:
        """Name of the column address that a path (with or without query) has, if any."""
        return next((entry.shape for entry in self.columns if entry.pattern.search(target)), None)


class _Families(ConfigModel):
    families: dict[str, FamilyShapes]


def family_shapes() -> Mapping[str, FamilyShapes]:
    """Forms of address by family, the more particular family first, in the configuration in use.

    Raises:
        ConfigurationError: the file is missing or a field is wrong; file, line and field are named.
    """
    return _load(configuration_directories())


@functools.lru_cache(maxsize=4)
def _load(_in_use: tuple[Path, ...]) -> Mapping[str, FamilyShapes]:
    return load_facts(facts_file("cms.yaml"), _Families).families


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
    target = path_and_query(url)
    return bool(_INDEX.match(last)) or any(shapes.column(target) for shapes in family_shapes().values())


def is_article(url: str) -> bool:
    """Whether ``url`` looks like one document: a known shape, or a name that is neither index nor list."""
    return classify(url).kind == "article"


def classify(url: str) -> UrlClass:
    """Product, shape and kind of an address."""
    return _classified(url, configuration_directories())


@functools.lru_cache(maxsize=16_384)  # each link of a list is asked about several times, one after the other
def _classified(url: str, in_use: tuple[Path, ...]) -> UrlClass:
    if is_file(url):
        return UrlClass(None, "file", "file", "extension of a document")
    families = _load(in_use)
    for family, shapes in families.items():
        if name := shapes.article(url):
            return UrlClass(family, name, "article", f"address has the shape {name}")
    target = path_and_query(url)
    for family, shapes in families.items():
        if name := shapes.column(target):
            return UrlClass(family, name, "column", f"address has the shape {name}")
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


def is_entry(link: Link) -> bool:
    """Whether a link is one of a list's entries as far as it says itself: by address, by date, or as data."""
    if link.url is None:
        return bool(link.date and not link.menu)
    return link.source == "data" or is_article(link.url) or is_file(link.url) or bool(link.date and not link.menu)


def path_and_query(url: str) -> str:
    """What of an address says something about the product: path and query, without host."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
