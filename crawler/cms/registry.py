"""Which adapter reads a page."""

from __future__ import annotations

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
from crawler.cms.page import Page
from crawler.cms.request import ListRequest
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
    if own.score == 0 and best[1].score >= _DECLARED_ADVANTAGE:
        return best[0], Match(best[1].score, f"declared {declared}, but {best[1].reason}")
    if best[1].score - own.score > _DECLARED_ADVANTAGE:
        return best[0], Match(best[1].score, f"declared {declared}, but {best[1].reason}")
    return said, Match(max(own.score, 0.1), own.reason or "declared in the profile, no sign on the page")


def _or_as_called(requests: list[ListRequest], called: list[ListRequest]) -> list[ListRequest]:
    """What a family puts together may be wrong for an installation: then what the page's own script asks is asked."""
    known = {(request.method, request.url, request.body) for request in requests}
    rest = tuple(call for call in called if (call.method, call.url, call.body) not in known)
    if not rest:
        return requests
    return [
        request
        if request.group or request.otherwise or request.dialect in _STATIC
        else replace(request, group="as called", otherwise=rest)
        for request in requests
    ]


def _in_turns(requests: tuple[ListRequest, ...]) -> tuple[tuple[ListRequest, ...], tuple[ListRequest, ...]]:
    """What is asked for at once, and what only while the list is not whole.

    Where a back-end gives the list, names that nobody promised come after it.
    """
    backed = any(request.dialect not in _STATIC or request.dialect == script_calls.CALL for request in requests)
    turned = [
        replace(request, turn=request.turn + 1) if backed and request.get("rule") else request for request in requests
    ]
    later = sorted((request for request in turned if request.turn), key=lambda request: request.turn)
    return tuple(request for request in turned if not request.turn), tuple(later)


def read_list(page: Page, asked: ListRequest | None = None, declared: str = "auto") -> ListPage:
    """What a page of a list says.

    Args:
        page: the answer.
        asked: the request that it answers; None for the first page of a column.
        declared: family named in the profile.
    """
    if asked is not None and asked.dialect not in {"hub", "report"}:
        chosen = adapter(asked.adapter)
        match = Match(1.0, f"answer to {chosen.name}'s {asked.dialect} request")
        asks = asked.dialect in {script_calls.CALL, script_calls.SCRIPT}
        page = page.within(asked.get("page")) if asked.dialect == script_calls.SCRIPT else page
        requests = list(script_calls.next_requests(page, asked) if asks else chosen.next_requests(page, asked))
    else:
        chosen, match = recognise(page, declared)
        requests = list(chosen.next_requests(page, None))
        # A back-end or a data file that the page names is asked whatever the product is called.
        if chosen.name != "trs":
            requests += search_back_ends(page)
        if chosen.name != "govcn" and not any(request.dialect not in {"static", "link"} for request in requests):
            requests += data_files(page, chosen.name)
        if not any(request.dialect not in {"static", "link"} for request in requests):
            requests += script_calls.script_files(page)
            if not page.entry_count or not requests:
                # Where rows and a pager stand in the page, its calls are for something else.
                requests += [
                    call for call in script_calls.back_ends(page) if call.get("parameter") or not page.entry_count
                ]
        else:
            requests = _or_as_called(requests, script_calls.back_ends(page))
    addressed = script_calls.addressed(page, asked) if asked is not None and asked.dialect == script_calls.CALL else ()
    stated = chosen.stated(page)
    unique = tuple({(r.method, r.url, r.body): r for r in reversed(requests)}.values())[::-1]
    at_once, later = _in_turns(unique)
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
