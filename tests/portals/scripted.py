"""Lists that a page's own script asks a back-end for, menus that a script file writes, lists in frames."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qsl

from crawler.samples import Answer, Request
from tests.portals.plain import Henan, Plain
from tests.portals.stock import Item

_POSTED = """<script>
var topic = getQueryString("topic"); var channelId = "31c5b528"; var pagesize = {size};
function loadData(page){{
  $.post("{api}", {{ page:page, pagesize:pagesize, topic:topic, channelId:channelId, title:"" }}, function(data){{
    var html = "";
    $.each(data.value.list, function(i, n){{ html += '<li><a href="' + n.path + '">' + n.title + '</a></li>'; }});
    $("#list").html(html);
  }}, "json");
}}
loadData(1);</script>"""
_FETCHED = (
    """<script>$.getJSON("{api}?siteID=403&query=&pageIndex=0", function(r){{ draw(r.value.list); }});</script>"""
)


class Called(Plain):
    """``call``: post (a form, counted from 1, the topic from the page's address) or get (counted from 0).

    The page itself holds no row. The interface gives nothing where a field is missing.
    """

    def column(self, path: str, items: Sequence[Item], extra: str = "") -> None:
        self.placed = [self.place(item, path) for item in items]
        self.api = self.spec["api"]
        script = _POSTED if self.spec.get("call", "post") == "post" else _FETCHED
        main = extra + '<ul id="list"></ul>' + script.format(api=self.api, size=self.spec.get("page_size", 4))
        self.pages[path.partition("?")[0]] = self.shell(f"{self.column_name}_{self.name}", main)

    def dynamic(self, request: Request) -> Answer | None:
        if request.path != self.api:
            return None
        posted = self.spec.get("call", "post") == "post"
        fields = dict(parse_qsl((request.body or b"").decode())) if posted else dict(request.query)
        wanted = {"topic": "4877", "channelId": "31c5b528"} if posted else {"siteID": "403"}
        good = wanted.items() <= fields.items() and request.method == ("POST" if posted else "GET")
        size = self.spec.get("page_size", 4)
        page = int(fields.get("page") or 1) - 1 if posted else int(fields.get("pageIndex") or 0)
        rows = [
            {"title": item.title, "path": path, "releaseTime": f"{item.day:%Y-%m-%d}"}
            for path, item in (self.placed[page * size : (page + 1) * size] if good else ())
        ]
        answer = {"success": True, "value": {"total": len(self.placed) if good else 0, "list": rows}}
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")


class Menu(Henan):
    """The side bar is written by a script file; the list of the members' reports is a link there and nowhere else."""

    def build(self) -> None:
        super().build()
        menu = [(self.column_name, self.column_path), ("省辖市政府", self.spec["members_at"])]
        entries = json.dumps([{"name": name, "url": url} for name, url in menu], ensure_ascii=False)
        self.pages["/js/nav.js"] = Answer(
            f"var navList={entries};\n".encode()
            + b"for(var i=0;i<navList.length;i++){document.write('<a href=\"'+navList[i].url+'\">'+navList[i].name);}",
            media_type="application/javascript",
        )

    def members_link(self, path: str) -> str:
        return '<div class="sidebar"><script src="/js/nav.js"></script></div>'


class TownshipPages(Plain):
    """A page per township that is the report itself; the others are named in the side bar alone, by the year."""

    container = '<div id="vsb_content">\n{}\n</div>'

    def build(self) -> None:
        keys = dict(zip(self.spec["members"], self.spec["keys"], strict=True))
        reports = [item for item in self.stock.column if item.report]
        paths = {
            item.number: self.spec["folder"].format(y=item.year, k=keys[item.report.agency])
            for item in reports
            if item.report
        }
        years = sorted({item.year for item in reports}, reverse=True)
        hubs = [(f"{year}年", self.spec["year"].format(y=year)) for year in years]
        for year, hub in zip(years, hubs, strict=True):
            shown = [
                (item.source.removeprefix(self.spec["place"]), paths[item.number])
                for item in reports
                if item.year == year
            ]
            self.menu = [("首页", "/"), *hubs, *shown]
            self.pages[hub[1]] = self.shell(f"{year}年_{self.name}", "<p>请从左侧选择。</p>")
            for item in reports:
                if item.year == year:
                    self.article(paths[item.number], item)
        self.menu = [("首页", "/"), (self.column_name, hubs[0][1])]
