"""ASP.NET pagers: the page's own form sent back with the entry that was clicked (``__doPostBack``).

The state in the hidden fields belongs to the page that it stands in, so pages are asked for one after the other, each
with the form of the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from crawler.cms.links import fold_blanks
from crawler.cms.page import Page
from crawler.cms.request import FORM, MAX_PAGES, ListRequest, form
from crawler.joining import joined
from crawler.wording import link_words

_DIGITS_AT_END = re.compile(r"(\d{1,6})$")
_CALL = re.compile(r"__doPostBack\(\s*['\"]([^'\"]*)['\"]\s*,\s*['\"]([^'\"]*)['\"]")


def postback_requests(page: Page, current: int, adapter: str) -> Iterator[ListRequest]:
    """The request for the page after ``current``, when the pager asks by sending the page's form back."""
    if "__doPostBack" not in page.text or current >= MAX_PAGES:
        return
    calls = [(fold_blanks(node.text()), match) for node in page.tree.css("a") if (match := _called(node.attributes))]
    wanted = next((match for text, match in calls if text == str(current + 1)), None)
    wanted = wanted or _next_group(calls, current)
    wanted = wanted or next((match for text, match in calls if link_words().next_page.match(text)), None)
    node = next((form for form in page.tree.css("form") if form.css_first("input[name='__VIEWSTATE']")), None)
    if wanted is None or node is None:
        return
    fields = {
        (field.attributes.get("name") or ""): field.attributes.get("value") or ""
        for field in node.css("input[name]")
        if (field.attributes.get("type") or "text").lower() in {"hidden", "text"}
    }
    fields |= {"__EVENTTARGET": wanted.group(1), "__EVENTARGUMENT": wanted.group(2)}
    target = joined(page.base, node.attributes.get("action") or page.url)
    if urlsplit(target).hostname == urlsplit(page.url).hostname:
        yield ListRequest(
            target, current + 1, method="POST", body=form(fields), headers=FORM[:1], dialect="form", adapter=adapter
        )


def _next_group(calls: Sequence[tuple[str, re.Match[str]]], current: int) -> re.Match[str] | None:
    """The entry that stands for the pages behind those shown (``...``): it names the first, or follows the last shown.

    The entry of the group before looks the same, and stands before the numbers.
    """
    behind = None
    for index, (text, match) in enumerate(calls):
        if not link_words().page_group.match(text):
            continue
        if named := _DIGITS_AT_END.search(match.group(2)):
            if int(named.group(1)) == current + 1:
                return match
        elif index and calls[index - 1][0].isdigit() and int(calls[index - 1][0]) <= current:
            behind = match
    return behind


def _called(attributes: dict[str, str | None]) -> re.Match[str] | None:
    return _CALL.search(attributes.get("href") or "") or _CALL.search(attributes.get("onclick") or "")
