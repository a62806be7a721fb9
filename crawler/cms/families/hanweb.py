"""Hanweb JCMS ("jpage"): rows in a script's data store, further rows from ``dataproxy.jsp``.

Also its disclosure module (``/module/xxgk/search.jsp``). Unit ids change when a column is set up anew, so they are read
from the page each time. Windows of one page are asked for with every parameter that any installation honours
(``startrecord``/``endrecord`` and ``page``).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, unquote, urlsplit

from crawler.cms import hidden_rows
from crawler.cms.adapter import Adapter, Match, Signs
from crawler.cms.back_ends.next_page import goes_on, looked_at, next_page_requests
from crawler.cms.javascript import around, count_of, setting
from crawler.cms.links import fold_blanks
from crawler.cms.page import Page
from crawler.cms.request import FORM, XHR, ListRequest, form, with_query
from crawler.cms.stated import Stated, in_markup
from crawler.joining import joined

_PROXY = "/module/web/jpage/dataproxy.jsp"
_KEYS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype")
_DEFAULTS = {"col": "1", "appid": "1", "path": "/", "sourceContentType": "1", "permissiontype": "0"}
_STORE = "<datastore>"
_UNIT = re.compile(r"\bunitid['\"]?\s*[:=]\s*['\"]?([\w%+/=-]+)", re.IGNORECASE)
_CONTAINER = re.compile(
    r"<div[^<>]{0,500}\bid=[\"'](\d{3,20})[\"'](?=[^<>]{0,500}>\s{0,99}<script[^<>]{0,500}xml)"
    r"|\(\s{0,9}[\"']#(\d{3,20})[\"']\s{0,9}\)\.\w{0,20}page"
)
_TOTAL = re.compile(r"totalRecords?['\"]?\s{0,9}[:=]\s{0,9}['\"]?(\d{1,8})(?!\d)", re.IGNORECASE)
_COLUMN = re.compile(r"/col/col(\d+)/")
_SIZE = 15  # rows of a window where the page does not say how many
_REPORT = re.compile(r"年度?报告?")
_MOST_UNITS = 20
_LONGEST_CALL = 2000  # characters of what a pager's call is given, before and behind its total


@dataclass(frozen=True, slots=True)
class _Unit:
    """A list on the page, as the page's scripts set it up.

    Attributes:
        settings: the parameters with which its rows are asked for.
        total: how many rows it states; None when it does not.
        size: rows of one window.
    """

    settings: dict[str, str]
    total: int | None
    size: int

    @property
    def id(self) -> str:
        """The number of the unit; empty where a column alone names the list."""
        return self.settings.get("unitid", "")


@dataclass(frozen=True, slots=True)
class _Window:
    """One page of a unit's rows, to be asked of the proxy.

    Attributes:
        number: which page, from 1.
        endpoint: address of the proxy.
        referer: the page that shows the list.
        seen: rows of the windows before it.
    """

    unit: _Unit
    number: int
    endpoint: str
    referer: str
    seen: int = 0

    def by_post(self) -> ListRequest:
        """As the page's own script asks: the settings are a form."""
        return self._request("POST", self._address(), form(self.unit.settings), FORM)

    def by_get(self) -> ListRequest:
        """With everything in the address: some proxies answer to nothing else."""
        return self._request("GET", self._address(**self.unit.settings), b"", XHR)

    def in_page(self) -> ListRequest:
        """The page behind this one as a browser asks for it when somebody turns the page."""
        total = "" if not self.unit.total else str(self.unit.total)
        return ListRequest(
            with_query(self.referer, uid=self.unit.id, pageNum=2),
            2,
            dialect="link",
            adapter="hanweb",
            tentative=True,
            state=(("uid", self.unit.id), ("size", str(self.unit.size)), ("total", total)),
        )

    def _address(self, **more: str) -> str:
        last = self.seen + self.unit.size
        if self.unit.total:
            last = min(last, self.unit.total)
        return with_query(
            self.endpoint,
            **more,
            startrecord=self.seen + 1,
            endrecord=last,
            perpage=self.unit.size,
            page=self.number,
        )

    def _request(self, method: str, url: str, body: bytes, headers: tuple[tuple[str, str], ...]) -> ListRequest:
        state = {
            **self.unit.settings,
            "size": str(self.unit.size),
            "total": str(self.unit.total or ""),
            "endpoint": self.endpoint,
            "referer": self.referer,
            "seen": str(self.seen),
            "method": method,
        }
        return ListRequest(
            url,
            self.number,
            method=method,
            body=body,
            headers=(*headers, ("Referer", self.referer)),
            dialect="jpage",
            adapter="hanweb",
            tentative=True,
            state=tuple(state.items()),
            group=f"jpage {method} {self.unit.settings.get('unitid')}",
        )


class Hanweb(Adapter):
    """Hanweb JCMS."""

    name = "hanweb"
    product = "Hanweb JCMS (jpage)"

    def fingerprint(self, page: Page) -> Match:
        """Addresses of columns and articles, the data store, the proxy's name."""
        signs = Signs()
        count = self.article_share(page)
        signs.see(count >= 3, 0.8, f"{count} links art_column_id")
        signs.see(0 < count < 3, 0.6, f"{count} link art_column_id")
        signs.see(self.is_column(page), 0.5, "address /col/colN/")
        signs.see("/col/col" in page.text, 0.3, "links /col/colN/")
        signs.see(_STORE in page.text.lower(), 0.8, "data store in a script")
        signs.see("dataproxy.jsp" in page.text, 0.8, "dataproxy.jsp")
        signs.see("/module/xxgk/" in page.text or "/module/xxgk/" in page.url, 0.6, "disclosure module")
        return signs.match()

    def next_requests(self, page: Page, asked: ListRequest | None) -> tuple[ListRequest, ...]:
        """The proxy's pages of every unit, the disclosure module's, the module of annual reports."""
        if asked is not None and asked.dialect == "jpage":
            return _next_window(page, asked)
        if asked is not None and asked.dialect == "xxgk":
            return _next_of_disclosure(page, asked)
        if asked is not None and asked.get("uid"):
            return _turned(page, asked)
        found = list(super().next_requests(page, asked))
        if asked is None:
            found += [*_units(page), *_disclosure(page), *_annual(page)]
        return tuple(found)

    def stated(self, page: Page) -> Stated:
        """``totalRecord`` of the page's only unit, or of the one that holds its reports, else what a pager says."""
        totals = set(_TOTAL.findall(page.text))
        stated = super().stated(page)
        if len(totals) != 1:
            own = _total_of_reports(page)
            return stated if own is None else replace(stated, records=own, pages=None)
        return replace(stated, records=int(totals.pop()))


def _units(page: Page) -> list[ListRequest]:
    """First requests of every unit whose settings stand in the page."""
    text = page.text
    proxy = around(text, r"/module/[\w/]{0,60}dataproxy\.jsp")
    if proxy is None and _STORE not in text.lower():
        return []
    endpoint = joined(page.url, proxy or _PROXY)
    found: dict[str, ListRequest] = {}
    for unit in _set_up(page):
        if not unit.settings.get("columnid") and not unit.id:
            continue
        if unit.total is not None and unit.total <= min(_rows_shown(page, unit.id), unit.size):
            continue  # all its rows stand in the page
        found[unit.id] = _first_request(_Window(unit, 1, endpoint, page.url))
    return list(found.values())


def _first_request(window: _Window) -> ListRequest:
    """The first window of a unit, with the other ways of asking for it: proxies differ in what they answer to."""
    by_get = window.by_get()
    if window.unit.id:
        by_get = replace(by_get, otherwise=(window.in_page(),))
    return replace(window.by_post(), otherwise=(by_get,))


def _set_up(page: Page) -> list[_Unit]:
    """Each unit: from the addresses in ``nextgroup``, else from the scripts that start the pager."""
    given: dict[str, dict[str, str]] = {}
    for match in re.finditer(r"dataproxy\.jsp\?([^\"'<>\]\s]+)", page.text):
        query = _first_values(match.group(1).replace("&amp;", "&"))
        if query.get("columnid") or query.get("unitid"):
            given.setdefault(query.get("unitid", ""), query)
    for written in _UNIT.findall(page.text):
        unit = unquote(written)  # in an address its marks are escaped, in a script they are not: one unit
        given.setdefault(unit, {"unitid": unit})
    if not given:
        # Nothing names a unit: the store's element bears its number.
        for of_element, of_call in _CONTAINER.findall(page.text):
            unit = of_element or of_call
            given[unit] = {"unitid": unit}
    found = []
    for unit, query in itertools.islice(given.items(), _MOST_UNITS):
        part = _around(page.text, unit)
        found.append(_complete(page, query, part))
    return found


def _first_values(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _around(text: str, unit: str) -> str:
    """The part of the page that belongs to a unit: from the statement that names it to the next unit's."""
    places = [(match.start(), unquote(match.group(1))) for match in _UNIT.finditer(text)]
    own = [place for place, name in places if name == unit]
    several = len(set(_TOTAL.findall(text))) > 1
    if several and (call := _call_of(text, unit)) is not None:
        return call
    if not own or (len({name for _, name in places}) == 1 and not several):
        return text
    here = own[-1]
    others = [place for place, name in places if name != unit]
    before = max((place for place in others if place < here), default=0)
    after = min((place for place in others if place > here), default=len(text))
    # The pager's call names its sizes before or after the unit: up to the end of the script on either side.
    start = max(before, text.rfind("<script", 0, here))
    script_ends = text.find("</script", here)
    end = after if script_ends < 0 else min(after, script_ends + 1)
    return text[start:end]


def _call_of(text: str, unit: str) -> str | None:
    """What the call for a unit is given, of several that state a total each: the object that names the unit.

    Where none does, the one in the place that the unit's store has among the stores; None where that is not known.
    """
    objects: dict[int, str] = {}
    for total in _TOTAL.finditer(text):
        start = text.rfind("{", max(0, total.start() - _LONGEST_CALL), total.start())
        end = text.find("}", total.end(), total.end() + _LONGEST_CALL)
        if start >= 0 and end >= 0:
            objects[start] = text[start : end + 1]
    naming = [given for given in objects.values() if _names(given, unit)]
    if len(naming) == 1:
        return naming[0]
    stores = _stores(text)
    places = [index for index, store in enumerate(stores) if _names(store, unit)]
    if len(places) == 1 and len(stores) == len(objects):
        return list(objects.values())[places[0]]
    return None


def _stores(text: str) -> list[str]:
    """Each data store of a page, as it is written."""
    return [part.partition("</datastore")[0] for part in re.split("<datastore", text, flags=re.IGNORECASE)[1:]]


def _names(text: str, unit: str) -> bool:
    """Whether a part of a page names a unit, and not one whose number is longer."""
    return bool(unit) and re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", text) is not None


def _total_of_reports(page: Page) -> int | None:
    """What the unit states whose store names most reports; None where no store does, or it states nothing."""
    most, total = 0, None
    stores = _stores(page.text)
    for unit in _set_up(page) if stores else ():
        own = [store for store in stores if _names(store, unit.id)]
        reports = sum(_REPORT.search(row.text) is not None for row in hidden_rows.store_links("".join(own), page.url))
        if reports > most:
            most, total = reports, unit.total
    return total


def _rows_shown(page: Page, unit: str) -> int:
    """Rows that the page holds of a unit: those of the store that names it, else of all."""
    own = [store for store in _stores(page.text) if _names(store, unit)]
    return sum(1 for text in (own or [page.text]) for _ in hidden_rows.store_links(text, page.url))


def _complete(page: Page, given: dict[str, str], part: str) -> _Unit:
    """A unit with all that the proxy wants to know: as given, as its part of the page says it, as it mostly is."""
    settings = {name: given[name] for name in _KEYS if given.get(name)}
    for name in _KEYS:
        if name in settings:
            continue
        value = setting(part, name)
        if value is None and name == "columnid":
            value = _column_of(page.url)
        if value is None:
            value = _DEFAULTS.get(name)
        if value is not None:
            settings[name] = value
    total = count_of(setting(part, "totalRecord", "totalrecord", "totalRecords"))
    if total is None:
        total = in_markup(part).records
    size = count_of(setting(part, "perPage", "perpage", "pageSize"), 500)
    return _Unit(settings, total, size or _SIZE)


def _column_of(url: str) -> str | None:
    """The number of the column that an address names."""
    match = _COLUMN.search(url)
    return match.group(1) if match else None


def _turned(page: Page, asked: ListRequest) -> tuple[ListRequest, ...]:
    """The column's page after one that was turned to by its address (``?uid=&pageNum=``)."""
    total = int(asked.get("total") or 0) or page.stated.records or 0
    if asked.page * int(asked.get("size", str(_SIZE))) >= total:
        return ()
    url = with_query(asked.url, pageNum=asked.page + 1)
    return (replace(asked, url=url, page=asked.page + 1, otherwise=(), group=""),)


def _next_window(page: Page, asked: ListRequest) -> tuple[ListRequest, ...]:
    state = dict(asked.state)
    total = page.stated.records or None
    if total is None and state["total"]:
        total = int(state["total"])
    settings = {name: state[name] for name in _KEYS if name in state}
    unit = _Unit(settings, total, int(state["size"]))
    onward = goes_on(page, asked, replace(page.stated, records=total), unit.size)
    if not onward.more:
        return ()
    window = _Window(unit, asked.page + 1, state["endpoint"], state["referer"], onward.seen)
    request = window.by_post() if asked.method == "POST" else window.by_get()
    # The first window was a try of one of several ways to ask; those behind it are promised.
    return (looked_at(replace(request, group="", tentative=False), onward),)


def _next_of_disclosure(page: Page, asked: ListRequest) -> tuple[ListRequest, ...]:
    onward = goes_on(page, asked, page.stated, _SIZE)
    number = asked.page + 1
    body = re.sub(rb"currpage=\d+", b"currpage=%d" % number, asked.body)
    return next_page_requests(asked, onward, with_query(asked.url, currpage=number), body)


def _disclosure(page: Page) -> list[ListRequest]:
    """First request to the disclosure module, when the page sets one up."""
    module = around(page.text, r"/module/xxgk/search\.jsp")
    if module is None:
        return []
    kind = setting(page.text, "infotypeId", "infotypeid") or ""
    area = setting(page.text, "vc_xxgkarea", "area") or _query(page.url, "vc_xxgkarea", "area")
    division = setting(page.text, "divid") or ""
    column = _column_of(page.url)
    if not division and column:
        division = f"div{column}"
    body = {
        "infotypeId": kind,
        "jdid": setting(page.text, "jdid") or "",
        "area": area or "",
        "divid": division,
        "vc_title": "",
        "vc_number": "",
        "sortfield": ",compaltedate:0",
        "currpage": "1",
        "vc_filenumber": "",
        "vc_all": "",
        "texttype": "0",
        "fbtime": "",
    }
    query = {name: body[name] for name in ("texttype", "fbtime", "vc_all", "vc_filenumber", "vc_title", "vc_number")}
    url = with_query(joined(page.url, module), **query, currpage=1, sortfield=",compaltedate:0")
    return [
        ListRequest(
            url,
            1,
            method="POST",
            body=form(body),
            headers=(*FORM, ("Referer", page.url)),
            dialect="xxgk",
            adapter="hanweb",
            tentative=True,
        )
    ]


def _annual(page: Page) -> list[ListRequest]:
    """Every (area, year) that the module of annual reports offers in its selects."""
    if "xxgkannualreport.jsp" not in f"{page.url} {page.text}".lower():
        return []
    module = around(page.text, r"/module/xxgk/xxgkAnnualReport\.jsp")
    target = joined(page.url, module) if module else page.url.partition("?")[0]
    requests = []
    for area in _choices(page, "area"):
        for year in _choices(page, "fbtime"):
            url = with_query(target, area=area, fbtime=year)
            requests.append(ListRequest(url, dialect="report", adapter="hanweb", tentative=True))
    return requests


def _choices(page: Page, name: str) -> list[str]:
    """What a select of the page offers, else what the page was asked with."""
    offered = _options(page, name)
    if offered:
        return offered
    given = _query(page.url, name)
    return [given] if given else []


def _options(page: Page, name: str) -> list[str]:
    values = [
        fold_blanks(node.attributes.get("value") or "")
        for node in page.tree.css(f"select[name='{name}'] option, select#{name} option")
    ]
    return [value for value in dict.fromkeys(values) if value]


def _query(url: str, *names: str) -> str | None:
    given = parse_qs(urlsplit(url).query)
    return next((given[name][0] for name in names if name in given), None)
