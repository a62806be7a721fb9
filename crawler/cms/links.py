"""Links of parsed HTML: what is printed, where it leads, and what stands around it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.cms.handlers import Handlers
from crawler.joining import join
from parsers.formats.media import FILE_ENDINGS

_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_SPACE = re.compile(r"[\s\u00a0\u3000]+")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)
# A row ends here: what stands in the same li, tr or dl belongs to the link (its date, its PDF twin).
_ROW_TAGS = frozenset({"li", "tr", "dl"})
_MENU_TAGS = frozenset({"nav", "header", "footer"})
_MENU_NAME = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|header|footer|foot|top|crumbs?|breadcrumbs?|position|dqwz|friend|links?|pages?|pagination)",
    re.IGNORECASE,
)
_ROW_LIMIT = 400  # characters of a row that are kept: title, date and publisher are shorter
# Elements that lead somewhere by themselves or by script.
_LEADS_SOMEWHERE = (
    "a, area[href], option, li[onclick], td[onclick], div[onclick], span[onclick], dd[onclick], tr[onclick],"
    "li[data-url], li[data-href], div[data-href], span[data-url], span[data-href], dd[data-url]"
)
# No title and no address of a portal is longer; what is, is cut (text) or leads nowhere (address).
LONGEST_TEXT = 1000
LONGEST_ADDRESS = 4000
_PLACE_DEPTH = 6
_YEAR_OR_PAGE = re.compile(r"(?:(?:19|20)\d\d(?:年度?)?|第?\d{1,3}页?)$")
_LONGEST_ROW = 2000
_LAST_DATE = re.compile(r"\s*[\[(]?20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?[\])]?$")
# How addresses of pages and files end. Whatever `is_file` takes for a file counts: a form that nobody reads yet (ceb),
# a packed one and plain text are archived all the same, and a link that is not seen here is lost without a word.
ADDRESS_ENDING = rf"\.(?:s?html?|jsp|aspx?|{'|'.join(FILE_ENDINGS)})"
_OPEN_CALL = re.compile(
    r"(?:window\.open|location(?:\.href)?\s*=|location\.(?:replace|assign))\s*\(?\s*['\"]([^'\"]+)['\"]"
    rf"|['\"]((?:https?:/|\.{{1,2}})?/[^'\"\s]+{ADDRESS_ENDING}(?:\?[^'\"\s]*)?)['\"]"
    r"|\(\s*this\s*,\s*['\"](/[^'\"\s]+)['\"]"  # queryArticleByCondition(this, '/eportal/ui?...')
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: what is printed, what its ``title`` attribute says, where it leads.

    Attributes:
        text: the printed text, white space folded.
        title: the ``title`` attribute or a field of the data it came from; often longer than the text.
        href: as written.
        url: absolute, without surrounding space; None where it leads nowhere (``javascript:``, ``#``).
        date: ISO date printed in the same row.
        row: text of the whole row.
        menu: stands in a menu, head, foot or breadcrumb.
        source: ``html``, ``script`` or ``data``.
        attachments: addresses of files that the data ties to this row.
        place: of the list that the row stands in: tags and classes around it; empty for data.
        again: how often the same link stands in the page once more.
    """

    text: str
    href: str
    url: str | None
    title: str | None = None
    date: str | None = None
    row: str = ""
    menu: bool = False
    source: str = "html"
    attachments: tuple[str, ...] = ()
    place: str = ""
    again: int = 0


def fold_blanks(text: str) -> str:
    """White space of all kinds folded to single spaces, ends trimmed."""
    return _SPACE.sub(" ", text).strip()


def find_date(text: str) -> str | None:
    """The first plausible date in ``text`` as YYYY-MM-DD; white space inside is tolerated."""
    for match in _DATE.finditer(text):
        year, month, day = (int(part) for part in match.groups())
        if 1 <= month <= 12 and 1 <= day <= 31:
            return f"{year:04d}-{month:02d}-{day:02d}"
    return None


def unescape(address: str) -> str:
    """An address without its entities; only what ends in a semicolon is one: ``&current=2`` is no currency sign."""
    return _ENTITY.sub(lambda match: html.unescape(match.group()), address)


def absolute(base: str, href: str) -> str | None:
    """``href`` against ``base``; None where it is no address of a document.

    A hash route (``#/list``, ``#!list``) is kept: it names another page of the same document.
    """
    href = unescape(href[: LONGEST_ADDRESS + 1]).strip()
    if names_no_document(href) or len(href) > LONGEST_ADDRESS:
        return None
    found = join(base, href)  # None also for a port beyond 65535 and half a bracket around an IPv6 address
    if found is None or urlsplit(found).port == 0:
        return None
    address, _, fragment = found.partition("#")
    return f"{address}#{fragment}" if fragment.startswith(("/", "!")) else address


def names_no_document(href: str) -> bool:
    """Whether a link says itself that it leads to no document: script, mail, a place in the page."""
    plain = href.strip().lower()
    if plain.startswith("#"):
        return not plain.startswith(("#/", "#!"))
    return not plain or plain.startswith(("javascript:", "mailto:", "tel:", "data:", "about:", "file:"))


def links_of(tree: LexborHTMLParser, base: str, source: str = "html") -> Iterator[Link]:
    """All links of a parsed piece of HTML."""
    around, handlers = _Around(), Handlers(tree)
    for node in tree.css(_LEADS_SOMEWHERE):
        if node.tag == "option":
            yield from _option(node, base, source, handlers)
            continue
        attributes = node.attributes
        href = attributes.get("href") or ""
        url = absolute(base, href)
        if url is None:
            # The address of a link that script opens often stands in another attribute.
            url = _script_address(attributes, base, handlers)
        text = _printed(node)
        title = fold_blanks(attributes.get("title") or "")
        if not text and not title:
            continue
        container = around.container(node)
        row = around.text(container) if container is not None else text
        yield Link(
            text=(text or title)[:LONGEST_TEXT],
            title=title[:LONGEST_TEXT] or None,
            href=href,
            url=url,
            date=find_date(row),
            row=row[:_ROW_LIMIT],
            menu=around.in_menu(node),
            source=source,
            place=around.place(container if container is not None else node),
        )


def name_of(node: LexborNode) -> str:
    """What an element is called: its id and its classes."""
    return f"{node.attributes.get('id') or ''} {node.attributes.get('class') or ''}"


def holds_scripts_alone(node: LexborNode) -> bool:
    """Whether an element shows nothing: it holds no text and no elements but, perhaps, scripts."""
    inside = [inner for inner in node.css("*") if inner.mem_id != node.mem_id]
    scripts = sum(len(inner.text(strip=True)) for inner in inside if inner.tag == "script")
    return all(inner.tag == "script" for inner in inside) and len(node.text(strip=True)) == scripts


def _printed(node: LexborNode) -> str:
    """What a link shows: its text, else what its picture is called where it has no title either."""
    apart = node.tag == "tr" or node.css_first("br") is not None
    text = fold_blanks(node.text(separator=" ") if apart else node.text())
    if node.tag == "tr":
        text = _LAST_DATE.sub("", text)  # of a row that script opens the last cell is the date
    if text or fold_blanks(node.attributes.get("title") or ""):
        return text
    image = node.css_first("img")
    if image is None:
        return ""
    return fold_blanks(image.attributes.get("alt") or image.attributes.get("title") or "")


def _option(node: LexborNode, base: str, source: str, handlers: Handlers) -> Iterator[Link]:
    """A choice that leads somewhere (a list of years): its value is an address, or what one is built with."""
    value = (node.attributes.get("value") or "").strip()
    text = fold_blanks(node.text())
    if not text:
        return
    href = _chosen(node, value if "value" in node.attributes else text, handlers)
    if href is None and ("/" in value or re.search(r"\.s?html?$", value)):
        href = value
    if href is not None:
        yield Link(text=text, href=href, url=absolute(base, href), row=text, source=source)


def _chosen(node: LexborNode, value: str, handlers: Handlers) -> str | None:
    """Where a browser goes when an option is chosen: as the choice's handler says, else as its form does.

    A form that asks for words beside it searches, and one without a handler is sent by hand: of these only choices of
    years and pages are read.
    """
    choice = _above(node, "select")
    if choice is None or not value or "placeholder" in node.attributes:
        return None
    handler = choice.attributes.get("onchange") or ""
    if handler and (built := handlers.address(handler, value)) is not None:
        return built
    form, name = _above(choice, "form"), choice.attributes.get("name") or ""
    if form is None or not name or (form.attributes.get("method") or "get").lower() != "get":
        return None
    if form.css_first("input:not([type]), input[type=text], input[type=search]") is not None:
        return None
    if not _YEAR_OR_PAGE.match(fold_blanks(node.text())):
        return None
    kept = [
        (field.attributes.get("name") or "", field.attributes.get("value") or "")
        for field in form.css("input[type=hidden][name]")
    ]
    return f"{(form.attributes.get('action') or '').partition('?')[0]}?{urlencode([*kept, (name, value)])}"


def _above(node: LexborNode, tag: str) -> LexborNode | None:
    """The nearest element of that name around one."""
    current = node.parent
    while current is not None and current.tag != tag:
        current = current.parent
    return current


def _script_address(attributes: dict[str, str | None], base: str, handlers: Handlers) -> str | None:
    """Where a link leads that script opens: an attribute of its own says it, or the call in its ``onclick``."""
    for name in ("data-href", "data-url", "data-link", "tagname"):
        value = attributes.get(name)
        if value and (name != "tagname" or value.startswith("/")):
            return absolute(base, value)
    for name in ("onclick", "href"):
        match = _OPEN_CALL.search(attributes.get(name) or "")
        if match:
            return absolute(base, next(group for group in match.groups() if group))
    for name in ("onclick", "href"):
        source = attributes.get(name) or ""
        if "(" in source and (built := handlers.address(source)) is not None:
            return absolute(base, built)
    return None


class _Around:
    """What stands around links; looked at once for each element, however many links it holds."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._several: dict[int, bool] = {}
        self._menus: dict[int, bool] = {}
        self._places: dict[int, str] = {}

    def text(self, node: LexborNode) -> str:
        """The element's text, white space folded."""
        found = self._texts.get(node.mem_id)
        if found is None:
            found = self._texts[node.mem_id] = fold_blanks(node.text(separator=" "))[:_LONGEST_ROW]
        return found

    def container(self, node: LexborNode) -> LexborNode | None:
        """The row a link stands in: its li, tr or dl, else the largest parent that holds no other link."""
        best: LexborNode | None = None
        current = node.parent
        for _ in range(5):
            if current is None or current.tag in {"body", "html", "table", "ul", "ol", "tbody"}:
                break
            if current.tag in _ROW_TAGS:
                return current if len(self.text(current)) < _LONGEST_ROW else best
            if self._has_several(current):
                break
            best = current
            current = current.parent
        return best

    def _has_several(self, node: LexborNode) -> bool:
        found = self._several.get(node.mem_id)
        if found is None:
            found = self._several[node.mem_id] = len(node.css("a")) > 1
        return found

    def in_menu(self, node: LexborNode) -> bool:
        """Whether a link stands in a menu, head, foot or breadcrumb."""
        parent = node.parent
        if parent is None:
            return False
        found = self._menus.get(parent.mem_id)
        if found is None:
            found = self._menus[parent.mem_id] = _in_menu(node)
        return found

    def place(self, row: LexborNode) -> str:
        """Where the list of a row stands: tags and classes of what is around it; rows of one list agree in it."""
        parent = row.parent
        if parent is None:
            return ""
        found = self._places.get(parent.mem_id)
        if found is None:
            found = self._places[parent.mem_id] = _place(parent)
        return found


def _place(around: LexborNode) -> str:
    """Tags, ids and classes from an element upwards, by which two places of a page are told apart."""
    names: list[str] = []
    current: LexborNode | None = around
    for _ in range(_PLACE_DEPTH):
        if current is None or current.tag in {"body", "html", "-undef"}:
            break
        names.append(f"{current.tag}.{current.attributes.get('id') or ''}.{current.attributes.get('class') or ''}"[:80])
        current = current.parent
    return ">".join(names)


def _in_menu(node: LexborNode) -> bool:
    current = node.parent
    for _ in range(8):
        if current is None or current.tag in {"body", "html"}:
            return False
        if current.tag in _MENU_TAGS:
            return True
        attributes = current.attributes
        if _MENU_NAME.search(attributes.get("class") or "") or _MENU_NAME.match(attributes.get("id") or ""):
            return True
        current = current.parent
    return False


def each_once(rows: Iterable[Link]) -> tuple[Link, ...]:
    """Each (address, text) once; a row with a date or a longer title wins over one without."""
    kept: dict[tuple[str, str], Link] = {}
    for row in rows:
        key = (row.url or row.href, row.text)
        old = kept.get(key)
        if old is None:
            kept[key] = row
            continue
        # Counted is what one list names twice; a menu may repeat whatever it likes.
        same_list = not old.menu and not row.menu and old.place == row.place
        again = old.again + 1 if same_list else 0
        if (not old.date and row.date) or (old.menu and not row.menu):
            kept[key] = replace(row, again=again) if again else row
        elif again:
            kept[key] = replace(old, again=again)
    return tuple(kept.values())
