"""Pages that script fills: how they are told, and where their own pager is."""

from __future__ import annotations

import itertools
import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from crawler.cms import Page
from crawler.cms.links import fold_blanks, name_of
from crawler.wording import link_words

_TEMPLATE = re.compile(r"\{\{|<\?=|&lt;\?=|\bv-for=|\bms-repeat|\bng-repeat|\bng-app|\bth:each|<%=|\$\{\w+\.\w+\}")
_ASKS = re.compile(r"XMLHttpRequest|\$\.(?:ajax|get|post|getJSON)\b|\bfetch\s*\(|axios\b|\.load\s*\(|createApp|new Vue")
_ROOT = re.compile(
    r"<div\s[^<>]{0,300}id=[\"'](?:app|root|main-app)[\"'][^<>]{0,300}>\s{0,999}"
    r"(?:</div>|<div[^<>]{0,300}>\s{0,999}</div>)",
    re.IGNORECASE,
)
_TABS = re.compile(r"(?:^|&)(?:gk|state|tab)=\w+", re.IGNORECASE)
_PART = re.compile(r"^(?:19|20)\d\d(?:年度?)?(?:年?报告?)?$")
_SHOWN = re.compile(
    r"(?:^|[\s_-])(?:on|active|cur|current|now|select|selected|checked|focus|hover|this)(?:$|[\s_-])", re.IGNORECASE
)
_OPENS = re.compile(r"\blocation\b|\bopen\s*\(")
_ADDRESS = re.compile(r"/|\.\w*html?\b|\?")
_LEADS = ("data-url", "data-href", "data-link")
_OFF = re.compile(r"disab|\bno\b|grey|gray")
_NOT_SHOWN = re.compile(r"display\s*:\s*none")
_CLICKED = "a, button, li, span, em, div, p, i, b, dd, label, input[type=button]"
_TABS_OF = "a, button, li, span, em, div, dd, dt, label"
_PAGER_WORD = re.compile(
    r"^(?:\d{1,3}|\.{2,}|…|[<>«»‹›|]+|共?\d*[页条]|首页|尾页|末页|上一?页|第|跳转|到|go)$", re.IGNORECASE
)
PAGER_NAME = re.compile(r"pag(?:e|in)|fenye|pgcontainer|turn", re.IGNORECASE)
"""What elements are called that hold a pager."""
_LITTLE = 300  # characters; chosen by hand: menu and foot of a page without its list
# Many a page asks for its visit counter or its search words: by itself no sign that its list is drawn by script.
WEAK_SIGN = "a script that asks for data"
LITTLE_SIGN = "scripts and hardly any text"
EMPTY_SIGN = "an empty list"
_LISTS = "ul[id], ol[id], dl[id], tbody[id], table[id], ul[class], ol[class], tbody[class], div[id]"
_LIST_WORD = re.compile(r"list|rows|data|news|items|wenzhang|liebiao|gknb|nianbao|result|table", re.IGNORECASE)


def shell_sign(page: Page) -> str | None:
    """Why a page is taken for one that script fills, or None."""
    if _TEMPLATE.search(page.text):
        return "templates in the page"
    if link_words().loading.search(page.visible):
        return "the page says that it is loading"
    if _ROOT.search(page.text):
        return "an empty application element"
    parts = urlsplit(page.url)
    if parts.fragment:
        return "a hash route"
    if _TABS.search(parts.query) and page.tree.css_first("script") is not None:
        return "a tab named in the query"
    if _has_empty_list(page):
        return EMPTY_SIGN
    if _ASKS.search(page.scripts):
        return WEAK_SIGN
    if page.tree.css_first("script, [onload]") is not None and len(page.visible) < _LITTLE:
        return LITTLE_SIGN
    return None


def _has_empty_list(page: Page) -> bool:
    """Whether a list or table that is named for it holds nothing, in a page with scripts that may fill it."""
    if page.tree.css_first("script") is None:
        return False
    for node in page.tree.css(_LISTS):
        named = name_of(node)
        called_list = _LIST_WORD.search(named) is not None
        if PAGER_NAME.search(named) or not (called_list or (node.tag != "div" and node.attributes.get("id"))):
            continue
        # Last, for it looks through all that the element holds.
        if not node.text(strip=True) and node.css_first("a, img, li, td, iframe, input, select") is None:
            return True
    return False


def next_selector(page: Page) -> str | None:
    """CSS path of a pager's "next" that has no address of its own and is not switched off."""
    node = next_node(page)
    return css_path(node) if node is not None else None


def next_node(page: Page) -> LexborNode | None:
    """The element of a pager's "next", or of a button to load more, that has no address and is not switched off."""
    words = link_words()
    for node in page.tree.css(_CLICKED):
        text = label_of(node)
        if not words.next_page.match(text) and not words.load_more.match(text):
            continue
        if any(inner.mem_id != node.mem_id and label_of(inner) == text for inner in node.css(_CLICKED)):
            continue  # the innermost is clicked: what it means is told to those around it
        if not _leads_away(node) and not _is_off(node):
            return node
    return None


def label_of(node: LexborNode) -> str:
    """What an entry of a pager is called: by its text, else by what is said of it where it shows a sign alone."""
    named = (node.attributes.get(name) for name in ("value", "title", "aria-label"))
    return fold_blanks(node.text()) or fold_blanks(next(filter(None, named), ""))


def _is_off(node: LexborNode) -> bool:
    """Whether an entry of a pager is switched off, by itself or by what is just around it."""
    for one in (node, node.parent):
        if one is None:
            continue
        attributes = one.attributes
        if _OFF.search(attributes.get("class") or "") or "disabled" in attributes or "hidden" in attributes:
            return True
        if _NOT_SHOWN.search(attributes.get("style") or ""):
            return True
    return False


def number_selector(page: Page, number: int) -> str | None:
    """CSS path of the entry of a pager that shows page ``number`` and has no address of its own."""
    for node in (*page.tree.css("a, button"), *page.tree.css("li, span, em")):
        if fold_blanks(node.text()) == str(number) and not _leads_away(node):
            words = beside(node)
            if str(number - 1) in words and all(_PAGER_WORD.match(word) for word in words):
                return css_path(node)
    return None


def group_selector(page: Page, current: int) -> str | None:
    """CSS path of a pager's entry for further pages, right behind number ``current`` (``1 2 3 ...``)."""
    for node in page.tree.css(_CLICKED):
        text = fold_blanks(node.text())
        if not link_words().page_group.match(text) or not _is_innermost(node) or _leads_away(node) or _is_off(node):
            continue
        words = beside(node)
        if (str(current), text) in itertools.pairwise(words) and all(_PAGER_WORD.match(word) for word in words):
            return css_path(node)
    return None


def part_selectors(page: Page) -> list[str]:
    """CSS paths of `part_nodes`."""
    return [css_path(node) for node in part_nodes(page)]


def part_nodes(page: Page) -> list[LexborNode]:
    """The tabs and choices of years that have no address of their own, without the one that is shown.

    An option is chosen, everything else clicked (`crawler.capture.browser.clicking`). One year alone is no choice.
    """
    found: list[LexborNode] = []
    for choice in page.tree.css("select"):
        options = [node for node in choice.css("option") if _PART.match(fold_blanks(node.text()))]
        addressed = any(_ADDRESS.search(node.attributes.get("value") or "") for node in options)
        if len(options) > 1 and not addressed and not _OPENS.search(choice.attributes.get("onchange") or ""):
            shown = next((node for node in options if "selected" in node.attributes), None)
            if shown is None and _PART.match(
                fold_blanks(first.text() if (first := choice.css_first("option")) else "")
            ):
                shown = options[0]
            found += [node for node in options if shown is None or node.mem_id != shown.mem_id]
    beside: dict[int, list[LexborNode]] = {}
    for node in page.tree.css(_TABS_OF):
        parent = node.parent
        if (
            parent is not None
            and _PART.match(fold_blanks(node.text()))
            and _is_innermost(node)
            and not _leads_away(node)
        ):
            group = parent if parent.tag not in {"li", "td", "dd"} else parent.parent or parent
            beside.setdefault(group.mem_id, []).append(node)
    for tabs in beside.values():
        if len(tabs) > 1 and not any(_in_text(node) for node in tabs):
            found += [node for node in tabs if not _is_shown(node)]
    return list({node.mem_id: node for node in found}.values())


def _is_shown(node: LexborNode) -> bool:
    parent = node.parent
    classes = [node.attributes.get("class") or ""]
    if parent is not None and parent.tag in {"li", "td", "dd"}:
        classes.append(parent.attributes.get("class") or "")
    return any(_SHOWN.search(one) for one in classes) or node.attributes.get("aria-selected") == "true"


def _is_innermost(node: LexborNode) -> bool:
    return all(inner.mem_id == node.mem_id for inner in node.css(_TABS_OF))


def _in_text(node: LexborNode) -> bool:
    """Whether a year stands in a table, a sentence or a choice: tabs do not."""
    parent = node.parent
    while parent is not None and parent.tag not in {"body", "html"}:
        if parent.tag in {"table", "p", "select"}:
            return True
        parent = parent.parent
    return False


def beside(node: LexborNode) -> list[str]:
    """The words of the nearest element around an entry that holds others as well."""
    parent = node.parent
    while parent is not None and parent.tag not in {"body", "html", "td", "table"}:
        words = parent.text(separator=" ").split()
        if len(words) > 1:
            return words
        parent = parent.parent
    return []


def _leads_away(node: LexborNode) -> bool:
    around, current = [node], node.parent
    for _ in range(2):  # <a href="/more.html"><span>查看更多</span></a>
        if current is not None:
            around += [current] if current.tag == "a" else []
            current = current.parent
    for one in around:
        attributes = one.attributes
        href = (attributes.get("href") or "").strip()
        if href and not href.startswith(("#", "javascript:")):
            return True
        if _OPENS.search(f"{attributes.get('onclick') or ''} {href}") or any(attributes.get(name) for name in _LEADS):
            return True
    return False


def css_path(node: LexborNode) -> str:
    """A path that leads to ``node`` alone: from the nearest element with an id, by position."""
    steps: list[str] = []
    current: LexborNode | None = node
    while current is not None and current.tag not in {"html", "-undef"}:
        identifier = current.attributes.get("id")
        if identifier and re.fullmatch(r"[A-Za-z][\w-]*", identifier):
            steps.append(f"#{identifier}")
            break
        position = 1
        sibling = current.prev
        while sibling is not None:
            position += int(sibling.tag == current.tag)
            sibling = sibling.prev
        steps.append(f"{current.tag}:nth-of-type({position})" if current.tag != "body" else "body")
        current = current.parent
    return " > ".join(reversed(steps))
