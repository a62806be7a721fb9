"""Controls of a list page that lead on and have no address: a pager, a button to load more, tabs of years.

What an adapter or a script's own words tell is asked for without them. Those that are left are clicked in the browser,
and if nothing comes of that, the column is said to be short: a list that goes on unseen must not look whole.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from crawler.cms import Page
from crawler.cms.address_shapes import is_entry
from crawler.cms.links import fold_blanks, holds_scripts_alone
from crawler.spiders.script_pages import beside, group_selector, label_of, next_node, number_selector, part_nodes
from crawler.wording import link_words

_DIGITS = re.compile(r"\d{1,4}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAGER = re.compile(
    r"(?<![a-z])(?:pagi\w*|pagenation|pagers?|pages?[_-]?(?:bar|nav|num|dec|list|div|box|info|area|wrap|con)?|fenye)(?![a-z])",
    re.IGNORECASE,
)
_GIVEN_PAGES = re.compile(r"\(\s{0,9}['\"]#?([\w-]{1,60})['\"]\s{0,9},\s{0,9}(\d{1,5})\s{0,9},\s{0,9}\d{1,5}(?!\d)")
_FEWEST_ROWS = 2
_HIDDEN = "[style*='display:none'], [style*='display: none'], [hidden]"
_GIVEN = re.compile(r"\(\s*['\"]?(\d{1,4})['\"]?\s*\)")


def leads_on(page: Page, current: int) -> str | None:
    """The label of a control that leads behind page ``current`` of a list; None where there is none.

    A "next" beside the number of the last page alone leads nowhere, and one that shows rows which stand in the page
    already brings nothing.
    """
    if number_selector(page, current + 1) is not None:
        return None if _hides_rows(page) else str(current + 1)
    if group_selector(page, current) is not None:
        return None if _hides_rows(page) else "..."
    node = next_node(page)
    if node is None or _hides_rows(page):
        return None
    label = label_of(node)
    if link_words().load_more.match(label):
        return label
    pages = page.stated.turned
    if pages is not None:
        return label if pages > current else None
    numbers = [int(text) for word in beside(node) for text in _DIGITS.findall(word)]
    if numbers:
        return label if max(numbers) > current else None
    given = _GIVEN.search(f"{node.attributes.get('onclick') or ''} {node.attributes.get('href') or ''}")
    return label if given is None or int(given[1]) != current else None


def left_to_fill(page: Page) -> str | None:
    """What an empty element is called in which a script is to draw the pager of a list; None where there is none.

    It is told by its name, or by a call that is given its name and numbers: ``draw('x1', 3, 1)``. A page whose script
    holds further rows turns over those.
    """
    rows = [link for link in page.links if link.url and not link.menu and is_entry(link)]
    if len(rows) < _FEWEST_ROWS or any(link.source != "html" for link in rows) or _hides_rows(page):
        return None
    given = {name for name, pages in _GIVEN_PAGES.findall(page.scripts) if int(pages) > 1}
    scripted = page.tree.css_first("script") is not None
    for node in page.tree.css("div, p, ul, ol, nav, span, td"):
        own, kind = node.attributes.get("id") or "", node.attributes.get("class") or ""
        if not (own in given or (scripted and (_PAGER.search(own) or _PAGER.search(kind)))):
            continue
        if holds_scripts_alone(node):
            return fold_blanks(own or kind)
    return None


def years_of_tabs(page: Page) -> dict[str, int]:
    """The years of tabs and choices that have no address, by their label, without the one that is shown.

    A choice beside a field for words is a search's and none of the list's, unless it has a handler of its own.
    """
    if _hides_rows(page):
        return {}
    found: dict[str, int] = {}
    for node in part_nodes(page):
        year = _YEAR.search(node.text())
        if year and not (node.tag == "option" and _searches(node)):
            found[fold_blanks(node.text())] = int(year.group())
    return found


def _searches(option: LexborNode) -> bool:
    choice = option.parent
    while choice is not None and choice.tag != "select":
        choice = choice.parent
    if choice is None or choice.attributes.get("onchange"):
        return False
    around = choice.parent
    while around is not None and around.tag not in {"form", "body"}:
        around = around.parent
    return around is None or around.css_first("input:not([type]), input[type=text], input[type=search]") is not None


def _hides_rows(page: Page) -> bool:
    """Whether the page holds entries that it does not show: its controls show them."""
    hidden = {(inner.attributes.get("href") or "") for node in page.tree.css(_HIDDEN) for inner in node.css("a[href]")}
    return any(link.href in hidden for link in page.links if link.href and not link.menu and is_entry(link))
