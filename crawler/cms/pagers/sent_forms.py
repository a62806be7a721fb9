"""Pagers that fill in a form of the page and send it: ``javascript:goPage(2)``, whose script sets a hidden field.

Which field counts the pages the script says, whatever it is called. The pages of the entries that are shown are asked
for; each answer shows further ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from crawler.cms.handlers import Filled, Handlers
from crawler.cms.links import fold_blanks
from crawler.cms.page import Page
from crawler.cms.pagers.naming import NUMBER
from crawler.cms.request import FORM, MAX_PAGES, ListRequest, form
from crawler.joining import joined
from crawler.wording import link_words

_ENTRIES = "a, button, li[onclick], span[onclick], em[onclick], td[onclick], select[onchange] option"
_SENT_BACK = "__doPostBack"  # the form's state belongs to its page: crawler.cms.pagers.postback


def sent_requests(page: Page, current: int, adapter: str) -> Iterator[ListRequest]:
    """Requests for the pages that entries of a pager ask for by a form of the page.

    Args:
        page: the list page.
        current: which page of its list it is.
        adapter: whose the answers are.
    """
    if page.data is not None or "submit" not in page.text or _SENT_BACK in page.text:
        return
    handlers = Handlers(page.tree)
    for node in page.tree.css(_ENTRIES):
        text = fold_blanks(node.text())
        label, last = NUMBER.match(text), link_words().last_page.match(text)
        if not label and not last and not link_words().next_page.match(text):
            continue
        choice = node.parent if node.tag == "option" else node
        attributes = choice.attributes if choice is not None else {}
        source = attributes.get("onclick") or attributes.get("onchange") or attributes.get("href") or ""
        filled = handlers.filled(source, node.attributes.get("value") or text) if source else None
        counted = _counted(filled)
        if filled is None or counted is None:
            continue
        name, number = counted
        if label:
            offset = int(label[1]) - number
            pages = [int(label[1])] if offset in {0, 1} else []
        else:
            offset, pages = 0, [*range(current + 1, number + 1)] if last else [number]
        for wanted in pages:
            if current < wanted <= MAX_PAGES:
                yield from _request(page, filled, {**filled.fields, name: str(wanted - offset)}, wanted, adapter)


def _counted(filled: Filled | None) -> tuple[str, int] | None:
    """The field that counts the pages, and what the entry sets it to: the only one that is set to a number."""
    numbers = (
        [(name, int(text)) for name, text in filled.fields.items() if re.fullmatch(r"\d{1,4}", text)] if filled else []
    )
    return numbers[0] if len(numbers) == 1 else None


def _request(page: Page, filled: Filled, fields: dict[str, str], number: int, adapter: str) -> Iterator[ListRequest]:
    """The form as a browser sends it, where it goes to the page's own host."""
    values = {
        (field.attributes.get("name") or ""): field.attributes.get("value") or ""
        for field in filled.form.css("input[name]")
        if (field.attributes.get("type") or "text").lower() in {"hidden", "text", "search"}
    }
    values |= fields
    target = joined(page.base, filled.form.attributes.get("action") or page.url)
    if urlsplit(target).hostname != urlsplit(page.url).hostname:
        return
    if (filled.form.attributes.get("method") or "get").lower() == "post":
        yield ListRequest(target, number, "POST", form(values), FORM[:1], dialect="form", adapter=adapter)
    else:
        url = joined(target, "?" + urlencode(values))
        yield ListRequest(url, number, dialect="form", adapter=adapter)
