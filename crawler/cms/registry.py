"""Which adapter reads a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crawler.cms.adapter import Adapter, ListPage, Match
from crawler.cms.back_ends import script_calls
from crawler.cms.back_ends.data_files import data_files
from crawler.cms.back_ends.search_apis import search_back_ends
from crawler.cms.families.easysite import Easysite
from crawler.cms.families.epoint import Epoint
from crawler.cms.families.generic import Generic
from crawler.cms.families.gkmlpt import Gkmlpt
from crawler.cms.families.govcn import Govcn
from crawler.cms.families.hanweb import Hanweb
from crawler.cms.families.henan import Henan
from crawler.cms.families.huilan import Huilan
from crawler.cms.families.jpaas import Jpaas
from crawler.cms.families.kaipu import Kaipu
from crawler.cms.families.lonsun import Lonsun
from crawler.cms.families.pclist import PcList
from crawler.cms.families.shanghai import Shanghai
from crawler.cms.families.trs import Trs
from crawler.cms.families.truecms import Truecms
from crawler.cms.families.vsb import Vsb
from crawler.cms.links import Link
from crawler.cms.page import Page
from crawler.cms.request import ListRequest
from crawler.cms.stated import Stated
from crawler.errors import UsageError

# In the order in which they win when two are equally sure: the more particular first.
ADAPTERS: tuple[Adapter, ...] = (
    Jpaas(), Gkmlpt(), Truecms(), Epoint(), PcList(), Easysite(), Lonsun(), Shanghai(), Kaipu(), Henan(), Hanweb(),
    Vsb(), Huilan(), Govcn(), Trs(), Generic(),
)  # fmt: skip
_BY_NAME = {entry.name: entry for entry in ADAPTERS}
# A declared family is believed unless another one is this much surer.
_DECLARED_ADVANTAGE = 0.45
_STATIC = frozenset({"static", "link", "chain", "form", "hub", "report", script_calls.SCRIPT, script_calls.CALL})


def names() -> tuple[str, ...]:
    """Names of all families, as profiles write them."""
    return tuple(_BY_NAME)


def adapter(name: str) -> Adapter:
    """The adapter of that name.

    Raises:
        UsageError: there is none.
    """
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UsageError(
            f"there is no CMS family of this name; known are {', '.join(_BY_NAME)}", subject=name
        ) from None


def recognise(page: Page, declared: str = "auto") -> tuple[Adapter, Match]:
    """The adapter whose signs are strongest, and how sure it is.

    A declared family is believed while the page does not speak plainly for another one; the reason says so.
    """
    best: tuple[Adapter, Match] = (_BY_NAME["generic"], _BY_NAME["generic"].fingerprint(page))
    for entry in ADAPTERS:
        match = entry.fingerprint(page)
        if match.score > best[1].score:
            best = (entry, match)
    if declared in {"auto", best[0].name}:
        return best
    said = adapter(declared)
    own = said.fingerprint(page)
    without_sign = own.score == 0 and best[1].score >= _DECLARED_ADVANTAGE
    if without_sign or best[1].score - own.score > _DECLARED_ADVANTAGE:
        return best[0], Match(best[1].score, f"declared {declared}, but {best[1].reason}")
    return said, Match(max(own.score, 0.1), own.reason or "declared in the profile, no sign on the page")


def _or_as_called(requests: list[ListRequest], called: list[ListRequest]) -> list[ListRequest]:
    """What a family puts together may be wrong for an installation: then what the page's own script asks is asked."""
    known = {_identity(request) for request in requests}
    rest = tuple(call for call in called if _identity(call) not in known)
    if not rest:
        return requests
    found = []
    for request in requests:
        if request.group or request.otherwise or request.dialect in _STATIC:
            found.append(request)
        else:
            found.append(replace(request, group="as called", otherwise=rest))
    return found


def _identity(request: ListRequest) -> tuple[str, str, bytes]:
    """What makes two requests the same to a server."""
    return request.method, request.url, request.body


def _in_turns(requests: tuple[ListRequest, ...]) -> tuple[tuple[ListRequest, ...], tuple[ListRequest, ...]]:
    """What is asked for at once, and what only while the list is not whole.

    Where a back-end gives the list, names that nobody promised come after it.
    """
    backed = any(request.dialect not in _STATIC or request.dialect == script_calls.CALL for request in requests)
    at_once: list[ListRequest] = []
    later: list[ListRequest] = []
    for request in requests:
        turn = request.turn
        if backed and request.get("rule"):
            turn += 1
        (later if turn else at_once).append(replace(request, turn=turn))
    later.sort(key=lambda request: request.turn)
    return tuple(at_once), tuple(later)


def _each_once(requests: Sequence[ListRequest]) -> tuple[ListRequest, ...]:
    """Each request once, in the place of its last mention and as its first mention has it."""
    kept = {_identity(request): request for request in reversed(requests)}
    return tuple(reversed(kept.values()))


def _asks_back_end(requests: Sequence[ListRequest]) -> bool:
    """Whether some request is surer than pages of the list's own and than names that nobody promised."""
    return any(request.dialect not in {"static", "link", "chain"} for request in requests)


def _first_requests(page: Page, chosen: Adapter) -> list[ListRequest]:
    """What the first page of a list leads to: what its product does, then what it names itself.

    A back-end or a data file that the page names is asked whatever the product is called; what stands in its scripts
    only where nothing surer is known.
    """
    requests = list(chosen.next_requests(page, None))
    if chosen.name != "trs":  # which has asked them itself
        requests += search_back_ends(page)
    if chosen.name != "govcn" and not _asks_back_end(requests):  # the same of data files
        requests += data_files(page, chosen.name)
    scripts = script_calls.script_files(page)  # a menu is drawn whatever lists the page shows
    if _asks_back_end(requests):
        return [*_or_as_called(requests, script_calls.back_ends(page)), *scripts]
    # Pages that a pager names are all of the list; a menu's script is no pager.
    paged = bool(requests)
    requests += scripts
    if page.entry_count and paged:
        return requests  # where rows and a pager stand in the page, its calls are for something else
    for call in script_calls.back_ends(page):
        if call.get("parameter") or not page.entry_count:
            requests.append(call)
    return requests


def read_list(page: Page, asked: ListRequest | None = None, declared: str = "auto") -> ListPage:
    """What a page of a list says.

    Args:
        page: the answer.
        asked: the request that it answers; None for the first page of a column.
        declared: family named in the profile.
    """
    addressed: tuple[Link, ...] = ()
    if asked is not None and asked.dialect not in {"hub", "report"}:
        chosen = adapter(asked.adapter)
        match = Match(1.0, f"answer to {chosen.name}'s {asked.dialect} request")
        if asked.dialect == script_calls.SCRIPT:
            page = page.within(asked.get("page"))
        if asked.dialect == script_calls.CALL:
            addressed = script_calls.entries_with_address(page, asked)
        if asked.dialect in {script_calls.CALL, script_calls.SCRIPT}:
            requests = list(script_calls.next_requests(page, asked))
        else:
            requests = list(chosen.next_requests(page, asked))
    else:
        chosen, match = recognise(page, declared)
        requests = _first_requests(page, chosen)
    # A script file states nothing of itself: its numbers are those of any list that it may draw.
    scripted = asked is not None and asked.dialect == script_calls.SCRIPT
    stated = Stated() if scripted else chosen.stated(page)
    at_once, later = _in_turns(_each_once(requests))
    return ListPage(
        adapter=chosen.name,
        score=match.score,
        reason=match.reason,
        links=(*page.links, *addressed),
        requests=at_once,
        stated_total=stated.records,
        pages=stated.turned,
        later=later,
        faults=tuple(page.faults),
    )
