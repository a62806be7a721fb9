"""Kaipu / UCAP (portals.md 1.5): static lists ``<name>_N.shtml`` and a JSON API by channel id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

from crawler.samples import Answer, Request
from tests.portals.base import Site, hex32
from tests.portals.stock import Item


class Kaipu(Site):
    """``articles``: c00 (``cNNN/YYYYMM/c00_id``), hex (``cNNN/YYYYMM/<32hex>``), day (``cNNN/Y/M/D/<32hex>``), number.

    ``mode``: static (all pages are files), api (only the first page is a file), report (each year's column page is
    the report itself, ``before``: years that have articles instead, ``earlier``: in a list of their own), years (a
    node for every year), codeid (the list comes from ``getFileListByCodeId``).
    """

    extension = "shtml"
    container = '<div id="UCAP-CONTENT">\n{}\n</div>'

    def build(self) -> None:
        self.site = self.column_path.split("/")[1]
        self.website_column(f"/{self.site}/wznb/yearForm.shtml")
        self.channels: dict[str, list[tuple[str, Item]]] = {}
        mode = self.spec.get("mode", "static")
        if mode == "report":
            self._columns_are_reports()
            return
        if mode == "years":
            self._years()
            return
        if mode == "codeid":
            self._by_code()
            return
        self._column(self.column_path, self.stock.column, self.column_name, static=mode == "static")

    def _place(self, item: Item) -> tuple[str, Item]:
        day, where = item.day, f"/{self.site}/{self.spec.get('articles_in', 'c109999')}"
        forms = {
            "c00": f"{where}/{day:%Y%m}/c00_{item.number}.shtml",
            "hex": f"{where}/{day:%Y%m}/{hex32(item)}.shtml",
            "day": f"{where}/{day.year}/{day.month}/{day.day}/{hex32(item)}.shtml",
            "content": f"{where}/c{item.number}/content.html",
            "number": f"{where}/{day:%Y%m}/{item.number}.shtml",
        }
        return self.article(forms[self.spec.get("articles", "hex")], item), item

    def _column(self, path: str, items: Sequence[Item], name: str, *, static: bool = True, extra: str = "") -> None:
        placed = [self._place(item) for item in items]
        channel = hashlib.md5(path.encode()).hexdigest()
        self.channels[channel] = placed
        head = f'<meta name="channelid" content="{channel}">\n'
        parts = self.parts(placed)
        stem = path.removesuffix(".shtml")
        for number, part in enumerate(parts):
            if number and not static:
                break
            following = (
                f'<a class="next" href="{stem.rpartition("/")[2]}_{number + 2}.shtml">下一页</a>'
                if number + 1 < len(parts)
                else ""
            )
            pager = f'<div class="page"><span>共{len(parts)}页</span>{following if static else ""}</div>'
            page = self.shell(f"{name}_{self.name}", extra + self.rows(part) + pager, head=head)
            self.pages[path if number == 0 else f"{stem}_{number + 1}.shtml"] = page

    def _years(self) -> None:
        name = self.column_path.rpartition("/")[2]
        nodes = {year: f"/{self.site}/{year + 1}nb/{name}" for year in self.stock.years()}
        side = (
            '<ul class="years">'
            + "".join(f'<li><a href="{path}">{year}年</a></li>' for year, path in nodes.items())
            + "</ul>"
        )
        for year, path in nodes.items():
            self._column(
                path, [item for item in self.stock.column if item.year == year], f"{year}年政府信息公开年报", extra=side
            )
        self.menu[1] = (self.column_name, next(iter(nodes.values())))

    def _columns_are_reports(self) -> None:
        columns = {2025: "c116116/zfxxgk_gknbz", 2024: "c115539/zfxxgk_gknbq", 2023: "c114825/zfxxgk_gknb"}
        reports = self.stock.of("government")
        older = [item for item in reports if item.year < self.spec.get("before", 0)]
        reports = [item for item in reports if item not in older]
        paths = [f"/{self.site}/{columns.get(item.year, f'c{item.year}01/zfxxgk_gknb')}.shtml" for item in reports]
        side = (
            "<ul>"
            + "".join(f'<li><a href="{path}">{item.year}年</a></li>' for path, item in zip(paths, reports, strict=True))
            + self._older(older)
            + "".join(f'<li><a href="{link["url"]}">{link["title"]}</a></li>' for link in self.spec.get("links", ()))
            + "</ul>"
        )
        for path, item in zip(paths, reports, strict=True):
            self.article(path, item, container=f'<div class="years">{side}</div>{self.container}')
        self.pages[self.column_path] = Answer(
            f'<html><head><meta http-equiv="refresh" content="0; url={paths[0]}"></head><body></body></html>'.encode()
        )

    def _older(self, items: Sequence[Item]) -> str:
        """Links to the articles of former years, or to a list of them that is called 历年 (``earlier``: its path)."""
        path = self.spec.get("earlier")
        if path:
            self._column(path, items, "历年年报")
            return f'<li><a href="{path}">历年</a></li>'
        return "".join(f'<li><a href="{self._place(item)[0]}">{item.year}年</a></li>' for item in items)

    def _by_code(self) -> None:
        self.channels["c102384"] = [self._place(item) for item in self.stock.column]
        script = (
            "<script>function getList(page) { $.ajax({ type: 'POST', url: '/getFileListByCodeId', data: { codeId: '', "
            "channelId: 'c102384', page: page, size: 10 }, success: function (r) { draw(r.results); } }); }</script>"
        )
        page = self.shell(f"{self.column_name}_{self.name}", f'<ul id="list"></ul>{script}')
        self.pages[self.column_path] = page

    def dynamic(self, request: Request) -> Answer | None:
        if request.path == "/getFileListByCodeId" and request.method == "POST":
            form = dict(parse_qsl(request.body.decode()))
            rows = self.channels.get(form.get("channelId", ""), [])
            page = max(1, int(form.get("page") or 1))
            found = [
                {"title": item.title, "url": path, "publishedTimeStr": f"{item.day:%Y-%m-%d} 03:26:00"}
                for path, item in rows[(page - 1) * 3 : page * 3]
            ]
            data = {"page": page, "rows": 3, "total": len(rows), "results": found}
            answer = {"results": {"data": data}}
            return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")
        if not request.path.startswith("/common/search/"):
            return None
        rows = self.channels.get(request.path.rpartition("/")[2], [])
        size = min(int(request.query.get("_pageSize") or 20), 100)
        page = max(1, int(request.query.get("page") or 1))
        results = [
            {
                "title": item.title,
                "subTitle": "",
                "url": path if number % 2 else f"//{self.host}{path}",
                "publishedTimeStr": f"{item.day:%Y-%m-%d} 03:26:00",
                "channelName": self.column_name,
                "manuscriptId": hex32(item),
                "resList": [],
                "domainMetaList": [{"resultList": [{"key": "source", "value": item.source}]}],
            }
            for number, (path, item) in enumerate(rows[(page - 1) * size : page * size])
        ]
        answer = {
            "data": {
                "page": page,
                "rows": size,
                "total": len(rows),
                "channelId": request.path.rpartition("/")[2],
                "results": results,
            }
        }
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")
