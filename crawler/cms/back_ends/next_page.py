"""Whether a back-end has more behind an answer, and the request for the page after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.cms.page import Page
from crawler.cms.request import MAX_PAGES, ListRequest
from crawler.cms.stated import Stated


@dataclass(frozen=True, slots=True)
class Onward:
    """How a back-end's list goes on behind an answer.

    Attributes:
        more: another page is asked for. seen: entries that the back-end has given so far.
        promised: what is stated, or a full page, says that there is one; else it is only looked at whether there is.
        most: entries of the fullest answer so far: a full page, where the server gives fewer than it is asked for.
    """

    more: bool
    seen: int
    promised: bool = True
    most: int = 0


def goes_on(page: Page, asked: ListRequest, stated: Stated, size: int, got: int | None = None) -> Onward:
    """Whether a back-end has more behind this answer.

    What is stated decides: first the number of entries (a server may give fewer a page than it was asked for), then the
    number of pages. Where nothing is stated, or a vague number that is just that of the answer's own entries, the page
    behind it tells: a full one promises another, behind a shorter one another may be, for some servers give fewer
    entries a page than they are asked for.

    Args:
        page: the answer.
        asked: what it answers.
        stated: what it states.
        size: entries a page that were asked for.
        got: entries that it brought, where they are not its links.
    """
    got = page.entry_count if got is None else got
    seen = int(asked.get("seen", "0")) + got
    most = max(got, int(asked.get("most", "0")))
    if not got or asked.page >= MAX_PAGES:
        return Onward(more=False, seen=seen)
    vague = stated.vague and stated.records == got
    if stated.records and not vague:
        return Onward(seen < stated.records, seen, most=most)
    if stated.pages:
        return Onward(asked.page < stated.pages, seen, most=most)
    full = min(size, most) if asked.page > 1 else size
    return Onward(more=True, seen=seen, promised=got >= full and not vague, most=most)


def next_page_requests(
    asked: ListRequest, onward: Onward, url: str, body: bytes | None = None
) -> tuple[ListRequest, ...]:
    """The request for the page after ``asked``, where there is or may be one."""
    if not onward.more:
        return ()
    request = replace(asked, url=url, page=asked.page + 1, body=asked.body if body is None else body, otherwise=())
    return (looked_at(replace(request, group=""), onward),)


def looked_at(request: ListRequest, onward: Onward) -> ListRequest:
    """A request for the page behind an answer, marked where nobody promised that page (state ``beyond``)."""
    state = {**dict(request.state), "seen": str(onward.seen), "most": str(onward.most)}
    before = state.pop("beyond", "") or str(int(request.tentative))
    if not onward.promised:
        state["beyond"] = before
    return replace(request, state=tuple(state.items()), tentative=not onward.promised or before == "1")
