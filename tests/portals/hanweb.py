"""Hanweb (portals.md 1.2, 1.3): jpage with rows in script data, jpaas with ``paramJson``, the annual-report JSP."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

from crawler.samples import Answer, Request
from tests.portals.base import Site, hex32
from tests.portals.stock import Item


class Jpage(Site):
    """``/col/colN/index.html`` with the first rows in a script block; the rest from ``dataproxy.jsp``.

    ``proxy``: windows (startrecord and endrecord, at most ``cap`` rows), page (only ``page`` is honoured), empty (an
    empty set; the rows stand in the HTML), get (as windows, refuses POST), turned (none: the column's page is asked for
    again with ``uid`` and ``pageNum``). ``stored``: pages that the data store holds. ``hubs``: a column id for every
    year. ``as_column``: this many bodies publish their report as the column page itself.
    """

    container = '<div id="zoom"><!--ZJEG_RSS.content.begin-->\n{}\n<!--ZJEG_RSS.content.end--></div>'

    def build(self) -> None:
        self.website_column("/col/col84999/index.html")
        self.units: dict[str, list[tuple[str, Item]]] = {}
        items = self.stock.column
        hubs: dict[int, int] = {int(year): number for year, number in self.spec.get("hubs", {}).items()}
        own = int(self.column_path.partition("/col/col")[2].partition("/")[0])
        if not hubs:
            self._column(own, items, self.column_name)
            return
        years = [year for year in self.stock.years() if year in hubs]
        side = (
            "<ul>"
            + "".join(
                f'<li><a href="/col/col{hubs[year]}/index.html">{year}年度{_HUB_NAMES[year % 2]}</a></li>'
                for year in years
            )
            + "</ul>"
        )
        for year in years:
            self._column(hubs[year], [item for item in items if item.year == year], f"{year}年政府信息公开年报", side)
        if own not in hubs.values():
            self.pages[self.column_path] = self.shell(f"{self.column_name}_{self.name}", side)

    def _column(self, number: int, items: Sequence[Item], name: str, extra: str = "") -> None:
        placed = []
        for index, item in enumerate(items):
            if item.group == "body" and index < self.spec.get("as_column", 0):
                address = f"/col/col{item.number}/index.html"
            elif self.spec.get("articles") == "hex":
                address = f"/col/col{number}/art/{item.day.year}/art_{hex32(item)}.html"
            else:
                address = f"/art/{item.day.year}/{item.day.month}/{item.day.day}/art_{number}_{item.number}.html"
            placed.append((self.article(address, item, files=f"/attach/{item.number}"), item))
        unit = str(300000 + number % 1000)
        self.units[unit] = placed
        size = self.spec.get("page_size", 4)
        if self.spec.get("proxy") == "empty":
            main = extra + self.rows(placed)
        else:
            records = self._linked_records() + self._records(placed[: size * self.spec.get("stored", 1)])
            news = [self._record("/art/2025/1/2/art_1_1.html", "今日要闻", "2025-01-02")]
            main = (
                f'{extra}<h2>{name}</h2><div id="301999"></div>{_DATASTORE % ("", "".join(news))}'
                f"{_CALL % ('301999', 15, 1, 1, '301999')}"
                f'<div id="{unit}">{_DATASTORE % (self._next(number, unit), "".join(records))}</div>'
                f"{_CALL % (unit, size, len(placed), number, unit)}"
            )
        self.pages[f"/col/col{number}/index.html"] = self.shell(f"{name}_{self.name}", main)

    def _next(self, number: int, unit: str) -> str:
        return (
            '<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&appid=1&webid=1&path=/'
            f'&columnid={number}&unitid={unit}&webname={html.escape(self.name)}&permissiontype=0"></a>'
        )

    def _linked_records(self) -> list[str]:
        """What the newest hub lists of bodies that publish on hosts of their own."""
        if self._linked:
            return []
        self._linked = True
        return [self._record(link["url"], link["title"], link["date"]) for link in self.spec.get("links", ())]

    def _records(self, placed: Sequence[tuple[str, Item]]) -> list[str]:
        return [self._record(path, item.title, f"{item.day:%Y-%m-%d}") for path, item in placed]

    def _record(self, path: str, title: str, day: str) -> str:
        link = f'<a href="{path}" title="{title}" target="_blank">{title}</a>'
        return f"<record><![CDATA[<li>{link}<span>[ {day}\n ]</span></li>]]></record>"

    def dynamic(self, request: Request) -> Answer | None:
        proxy = self.spec.get("proxy", "windows")
        if proxy == "turned" and request.query.get("pageNum") and request.query.get("uid") in self.units:
            rows, size = self.units[request.query["uid"]], self.spec.get("page_size", 4)
            start = (int(request.query["pageNum"]) - 1) * size
            records = "".join(self._records(rows[start : start + size]))
            return self.shell(self.column_name, f"<div>{_DATASTORE % ('', records)}</div>")
        if not request.path.endswith("dataproxy.jsp") or proxy == "turned":
            return None
        if proxy == "get" and request.method != "GET":
            return Answer(b"Method Not Allowed", status=405)
        fields = {**request.query, **request.form}
        rows = self.units.get(fields.get("unitid", ""), [])
        size = max(1, min(int(fields.get("perpage") or 15), self.spec.get("cap", 45)))
        if proxy == "empty":
            rows = []
        if proxy == "page":
            page = max(1, int(fields.get("page") or 1))
            part = rows[(page - 1) * size : page * size]
        else:
            start = max(1, int(fields.get("startrecord") or 1))
            end = min(int(fields.get("endrecord") or start + size - 1), start + self.spec.get("cap", 45) - 1)
            part = rows[start - 1 : end]
        text = (
            f"<datastore><totalrecord>{len(rows)}</totalrecord><totalpage>{-(-len(rows) // size)}</totalpage>"
            f"<nextgroup></nextgroup><recordset>{''.join(self._records(part))}</recordset></datastore>"
        )
        return Answer(text.encode(), media_type="text/xml;charset=UTF-8")


class Jpaas(Site):
    """The list is a "build unit" fetched with ``paramJson``, a bare ``pageNo`` is ignored; columns redirect."""

    def build(self) -> None:
        self.website_column("/col/col1577999/index.html")
        items = self.stock.column
        self.placed = []
        for item in items:
            address = f"/art/{item.day.year}/{item.day.month}/{item.day.day}/art_1229486923_{item.number}.html"
            self.placed.append((self.article(address, item), item))
        query = (
            "{'webId':'3096','pageId':'1229486923','parseType':'bulidstatic','pageType':'column','tagId':'信息列表',"
            "'tplSetId':'54ADCtWWXkOEMWkZfmCOE','editType':'null'}"
        )
        target = "/col/col1229486923/index.html"
        unit = (
            f'<script charset="utf-8" src="/jpaas/unitbuild.js" url="{_UNIT}" queryData="{query}"></script>'
            '<div id="信息列表"></div>'
        )
        self.pages[target] = self.shell(f"{self.column_name}_{self.name}", unit)
        if target != self.column_path:
            self.pages[self.column_path] = Answer(
                f"<html><head><script>location.href='{target}';</script></head></html>".encode()
            )

    def dynamic(self, request: Request) -> Answer | None:
        if request.path != _UNIT:
            return None
        needed = {"webId", "pageId", "parseType", "pageType", "tagId", "tplSetId"}
        if not needed <= request.query.keys() or request.query["pageId"] != "1229486923":
            return Answer(b'{"success":false,"data":{}}', media_type="application/json")
        asked = json.loads(request.query.get("paramJson") or "{}")
        size = int(asked.get("pageSize") or 4)
        page = int(asked.get("pageNo") or 1)
        part = self.placed[(page - 1) * size : page * size]
        pager = f'<div class="pagination" count="{len(self.placed)}" rows="{size}" pageno="{page}"></div>'
        markup = f'<div class="list">{self.rows(part)}</div>{pager}'
        answer = {"success": True, "code": "200", "data": {"html": markup}}
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")


class AnnualJsp(Site):
    """``xxgkAnnualReport.jsp?area=&fbtime=``: the answer is the whole report; there is no article id."""

    def build(self) -> None:
        area = self.spec["area"]
        reports = {str(item.year): item for item in self.stock.of("government")}
        for year, item in reports.items():
            target = f"{self.column_path}?area={area}&fbtime={year}"
            self.article(target, item)
        links = "".join(
            f'<li><a href="{self.column_path}?area={area}&amp;fbtime={year}">{year}年政府信息公开工作年度报告</a></li>'
            for year in reports
        )
        self.pages[self.column_path] = self.shell(f"{self.column_name}_{self.name}", f"<ul>{links}</ul>")
        self.reports = {year: self.pages[f"{self.column_path}?area={area}&fbtime={year}"] for year in reports}

    def dynamic(self, request: Request) -> Answer | None:
        """Parameters may stand in either order."""
        if request.path == self.column_path and request.query.get("area") == self.spec["area"]:
            return self.reports.get(request.query.get("fbtime", ""))
        return None


_HUB_NAMES = ("", "报告专栏")
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_DATASTORE = (
    '<script type="text/xml"><datastore><nextgroup><![CDATA[%s]]></nextgroup>'
    "<recordset>%s</recordset></datastore></script>"
)
_CALL = """<script>
$(function(){ $("#%s").jpage({perPage: %d, totalRecord: %d, proxyUrl: '/module/web/jpage/dataproxy.jsp',
 openCookies: false, dataBefore: {columnid: %d, unitid: '%s', appid: 1, webid: 1, path: '/', sourceContentType: 1,
 webname: '', permissiontype: 0}}); });
</script>"""
