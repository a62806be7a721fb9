"""TRS WCM static publishing (portals.md 1.1): paging by scripts whose arguments stand in no fixed order; its traps."""

from __future__ import annotations

import json
from collections.abc import Sequence

from crawler.samples import Answer, Request
from tests.portals.base import Site
from tests.portals.stock import Item


class Trs(Site):
    """Static lists. ``dialect`` names the call that pages them, ``first`` the number that page 2 carries.

    ``hub``: flat (one column), years (a folder a year, named by ``folder``), groups (a folder per kind of body), tab
    (drawn by a script in the page). ``search``: the whole list comes from a back-end (igs, irs, trs-search).
    ``traps``: refresh, wap, embedded, writeln, comments, stub, was5, flat_ids, moved_dates.
    """

    container = '<div class="TRS_Editor" id="Zoom">\n{}\n</div>'

    def build(self) -> None:
        self.extension = self.spec.get("extension", "html")
        self.traps = set(self.spec.get("traps", ()))
        if self.spec.get("website", True):
            parent = self.column_path.rstrip("/").rpartition("/")[0]
            self.website_column(f"{parent}/zfwznb/")
        items = self.stock.column
        hub = self.spec.get("hub", "flat")
        if hub == "years":
            self._years(items)
        elif hub == "groups":
            self._groups(items)
        elif hub == "tab":
            self._tab(items)
        else:
            self.column(self.column_path, items, self.column_name)

    def place(self, path: str, item: Item) -> str:
        """Put an article of the column ``path``; returns its address."""
        if "flat_ids" in self.traps:
            address = f"/{self.spec.get('elsewhere', 'gggs')}/t{item.number}.{self.extension}"
        else:
            day = item.day
            if "moved_dates" in self.traps and item.year == self.stock.years()[-1]:
                day = day.replace(year=day.year + 2, month=9)
            where = (
                self.column_root + self.spec["articles_at"].format(y=item.year) if "articles_at" in self.spec else path
            )
            address = f"{where}{day:%Y%m}/t{day:%Y%m%d}_{item.number}.{self.extension}"
        if "wap" in self.traps:
            twin = address.replace(f".{self.extension}", f"_wap.{self.extension}")
            self.article(twin, item, listed=False)
            return self.article(address, item, twins=[twin])
        return self.article(address, item)

    def column(self, path: str, items: Sequence[Item], name: str, extra: str = "") -> None:
        """A list in pages at ``path``."""
        placed = [(self.place(path, item), item) for item in items]
        parts = self.parts(placed)
        if "embedded" in self.traps:
            parts = [placed]
        if "was5" in self.traps or "search" in self.spec:
            self.searchable = placed
        if "search" in self.spec:
            script = _SEARCH[self.spec["search"]] % self.spec.get("page_size", 4)
            self.pages[path] = self.shell(f"{name}_{self.name}", f'{extra}<h2>{name}</h2><div id="list"></div>{script}')
            return
        for number, part in enumerate(parts):
            if number and "was5" in self.traps:
                break
            page = self.shell(
                f"{name}_{self.name}",
                f"{extra}<h2>{name}</h2>{self._list(path, part)}{self._pager(parts, number, len(placed))}",
            )
            self.pages[path + self.page_name(number)] = page
            if number == 0:
                self.pages[path] = page

    def page_name(self, number: int) -> str:
        """File of the page with this index (from 0)."""
        if number == 0:
            return f"index.{self.extension}"
        return f"index{self.spec.get('separator', '_')}{number + self.spec.get('first', 1) - 1}.{self.extension}"

    def _list(self, path: str, part: Sequence[tuple[str, Item]]) -> str:
        rows = self.rows(part, relative_to=path)
        if "comments" in self.traps:
            rows = rows.replace("</li>", "</li>\n<!-- <li><a href='./200001/t20000101_1.html'>旧行</a></li> -->", 1)
            rows += "\n<!--\n" + rows + "\n-->"
        if "writeln" in self.traps:
            lines = [line for line in rows.split("\n") if line]
            return (
                "<script>\n"
                + "\n".join(f"document.writeln({json.dumps(line, ensure_ascii=False)});" for line in lines)
                + "\n</script>"
            )
        if "embedded" in self.traps:
            dummy = f'<ul style="display:none" class="seo"><li><a href="./">{self.name}{self.column_name}</a></li></ul>'
            return dummy + rows + '<div id="pages"></div>'
        return rows

    def _pager(self, parts: Sequence[Sequence[object]], number: int, total: int) -> str:
        pages, extension = len(parts), self.extension
        if "embedded" in self.traps:
            pages = len(self.parts(parts[0]))
        if "was5" in self.traps:
            return _WAS5 % {
                "channel": self.spec["was5"]["channel"],
                "chnlid": self.spec["was5"]["chnlid"],
                "total": total,
                "size": len(parts[0]),
            }
        calls = {
            "createPageHTML": f'createPageHTML({pages}, {number}, "index", "{extension}");',
            "five": f'createPageHTML({total}, {pages}, {number}, "index", "{extension}");',
            "container": f"createPageHTML('page_div',{pages}, {number + 1},'index','{extension}',{total});",
            "createPage": f'createPage({pages}, {number}, "index", "{extension}");',
            "parseInt": f"var totalPage = parseInt({pages}); var currentPage = parseInt({number + 1}); showPage();",
            "countPage": _COUNT_PAGE % (number, pages, extension),
            "links": "",
        }
        dialect = self.spec.get("dialect", "createPageHTML")
        if dialect == "links":
            return (
                f'<div class="page">共{pages}页 '
                + "".join(
                    f'<a href="{self.page_name(step)}">{step + 1}</a> ' for step in range(pages) if step != number
                )
                + "</div>"
            )
        return f'<div class="page" id="page_div"><script type="text/javascript">\n{calls[dialect]}\n</script></div>'

    def _years(self, items: Sequence[Item]) -> None:
        folders = {year: f"{self.column_root}{self._folder(year)}/" for year in self.stock.years()}
        side = (
            '<div class="years"><h3>历年年报</h3><ul>'
            + "".join(f'<li><a href="{path}">{year}年</a></li>' for year, path in folders.items())
            + "</ul></div>"
        )
        for year, path in folders.items():
            self.column(path, [item for item in items if item.year == year], f"{year}年政府信息公开年报", side)
        newest = next(iter(folders.values()))
        hub = self.spec.get("hub_path", self.column_root)
        if "refresh" in self.traps:
            self.pages[hub] = Answer(
                f'<html><head><meta http-equiv="refresh" content="0;url={newest}"></head></html>'.encode()
            )
        elif hub not in folders.values():
            self.pages[hub] = self.shell(f"{self.column_name}_{self.name}", side)
        self.menu[1] = (self.column_name, hub)

    @property
    def column_root(self) -> str:
        """The directory that holds the folders of the years."""
        return self.spec.get("root", self.column_path)

    def _folder(self, year: int) -> str:
        return self.spec.get("folder", "{y}nb").format(y=year, next=year + 1)

    def _groups(self, items: Sequence[Item]) -> None:
        names = {
            "government": ("szf", "政府年报"),
            "office": ("bgt", "办公厅年报"),
            "body": ("szbm", "部门年报"),
            "member": ("sx", "市县年报"),
            "other": ("qt", "工作动态"),
        }
        folders = dict(self.spec.get("groups", {}))
        side = ""
        for group, (folder, name) in names.items():
            held = [item for item in items if item.group == group]
            if not held:
                continue
            path = f"{self.column_root}{folders.get(group, folder)}/"
            side += f'<li><a href="{path}">{name}</a></li>'
            self.column(path, held, name)
        hub = self.shell(f"{self.column_name}_{self.name}", f'<ul class="columns">{side}</ul>')
        self.pages.setdefault(self.column_root, hub)

    def _tab(self, items: Sequence[Item]) -> None:
        root = self.spec["root"]
        placed = [(self.place(root, item), item) for item in items]
        listed = [
            {"title": item.title, "url": self.base + path, "pubDate": f"{item.day:%Y-%m-%d}"} for path, item in placed
        ]
        self.pages[self.spec["api"]] = Answer(
            json.dumps({"code": 200, "data": listed}, ensure_ascii=False).encode(), media_type="application/json"
        )
        page = self.shell(
            f"政府信息公开_{self.name}",
            _TAB
            % {
                "api": self.spec["api"],
                "key": self.spec["tab_key"],
                "value": self.spec["tab_value"],
                "default": self.spec["tab_value"] if self.spec.get("draws") == "always" else "1",
            },
        )
        self.pages[self.column_path] = page
        for path, groups in self.spec.get("static", {}).items():
            self.column_static(path, [(address, item) for address, item in placed if item.group in groups])

    def column_static(self, path: str, placed: Sequence[tuple[str, Item]]) -> None:
        """A static list of articles that are placed elsewhere."""
        for number, part in enumerate(self.parts(placed)):
            page = self.shell(self.column_name, self.rows(part) + self._pager(self.parts(placed), number, len(placed)))
            self.pages[path + self.page_name(number)] = page
            if number == 0:
                self.pages[path] = page

    def dynamic(self, request: Request) -> Answer | None:
        path = request.path
        if "was5" in self.traps and path == "/was5/web/search":
            return self._was5(request)
        if "search" in self.spec and path == _SEARCH_PATHS[self.spec["search"]]:
            return self._search(request)
        if "stub" in self.traps and path not in self.pages and "/index_" in path:
            return Answer(b"<html><head><title></title></head><body>" + b" " * 260 + b"</body></html>")
        if "past_end" in self.traps and path not in self.pages and "/index_" in path:
            return Answer(b'<html><head><meta http-equiv="refresh" content="0;url=./"></head></html>')
        return None

    def _was5(self, request: Request) -> Answer:
        """WAS5 with JSON: the channel's documents when the class condition is given, unrelated ones otherwise."""
        wanted = self.spec["was5"]
        rows = self.searchable if f"chnlid={wanted['chnlid']}" in request.query.get("classsql", "") else []
        if request.query.get("channelid") != str(wanted["channel"]):
            return Answer(b'{"count":"0","pagenum":"0","docs":[]}', media_type="application/json")
        size = min(int(request.query.get("perpage") or 10), 20)
        page = max(int(request.query.get("page") or 1), 1)
        docs = [
            {
                "url": self.base + path,
                "title": item.title,
                "pubtime": f"{item.day:%Y-%m-%d} 15:26:00",
                "src": item.source,
                "fileno": "",
                "chnldocurl": self.base + path,
                "doctitle": item.title,
                "docreltime": f"{item.day:%Y-%m-%d}",
            }
            for path, item in rows[(page - 1) * size : page * size]
        ]
        answer = {"count": str(len(rows)), "pagenum": str(page), "docs": docs}
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")

    def _search(self, request: Request) -> Answer:
        """IGS, IRS, trs-search: each has names of its own, gives at most five rows, and nothing for another channel."""
        kind, given = self.spec["search"], dict(request.query)
        if kind == "irs":
            given = json.loads(request.body or b"{}") if request.method == "POST" else {}
            known = given.get("code") == "183d935ed77" and given.get("orderBy") and "690114" in json.dumps(given)
        else:
            known = given.get("siteId") == "34" and (kind != "igs" or given.get("code") == "8f2b1c")
        rows = self.searchable if known else []
        size = min(int(given.get("pageSize") or 5), 5)
        page = int(given.get({"igs": "pageNumber"}.get(kind, "pageNo" if kind == "irs" else "pageNum")) or 1)
        part = [(self.base + path, item) for path, item in rows[(page - 1) * size : page * size]]
        if kind == "igs":
            found = [{"title": i.title, "trs_time": f"{i.day:%Y-%m-%d} 10:00:00", "url": url} for url, i in part]
            answer: dict[str, object] = {"page": {"total": len(rows), "number": page, "size": size, "content": found}}
        elif kind == "irs":
            boxes = [{"data": {"title": i.title, "url": url, "time": f"{i.day:%Y-%m-%d}"}} for url, i in part]
            answer = {"data": {"middle": {"listAndBox": boxes}, "pager": {"pageNo": page, "total": len(rows)}}}
        else:
            docs = [{"title": f"<em>{i.title[:2]}</em>{i.title[2:]}", "docpuburl": url} for url, i in part]
            answer = {"code": 200, "data": {"total": len(rows), "data": docs}}
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")


_SEARCH_PATHS = {
    "igs": "/igs/front/search.jhtml",
    "irs": "/irs/front/search",
    "trs-search": "/trs-search/trssearch/v2/searchAll.do",
}
# The scripts need a library that is not there: the lists can be read from the back-end only.
_SEARCH = {
    "igs": """<script>
var siteId = 34;
function getList(page) { $.ajax({ url: "/igs/front/search.jhtml?code=8f2b1c&siteId=34&pageNumber=" + page +
 "&pageSize=%d&searchWord=", dataType: "json", success: function (data) { draw(data.page.content); } }); }
</script>""",
    "irs": """<script>
function getList(pageNo) { var param = {"code": "183d935ed77", "searchWord": "", "dataTypeId": "501", "orderBy": "time",
 "searchBy": "all", "granularity": "ALL", "isSearchForced": 0, "customFilter": {"operator": "and", "properties":
 [{"property": "channel_id", "operator": "eq", "value": "690114"}]}, "pageNo": pageNo, "pageSize": %d};
 $.ajax({ type: "POST", url: "/irs/front/search", contentType: "application/json", data: JSON.stringify(param),
 success: function (d) { draw(d.data.middle.listAndBox); } }); }
</script>""",
    "trs-search": """<script>
function load(pageNum) { $.get("/trs-search/trssearch/v2/searchAll.do?siteId=34&channelId=6021&allKeywords=&pageNum=" +
 pageNum + "&pageSize=%d&isAlways=1", function (res) { draw(res.data.data); }); }
</script>""",
}

_COUNT_PAGE = """var currentPage = %d;//所在页从0开始
var prevPage = currentPage-1;
var nextPage = currentPage+1;
var countPage = %d;//共多少页
if(countPage>1&&currentPage!=(countPage-1))
document.write("<a href=\\"index"+"_" + nextPage + "."+"%s\\">下一页</a>");"""

_WAS5 = """<div class="page_base" ms-controller="list_pagebar"></div>
<script>
require(["list2.trsapi", "tools"], function(listModel, tools) {
    listModel({
        quickMode: "动静结合",
        maxStaticIndex: 1,
        listArgs: {
            channelid: %(channel)s,
            classsql: "" || "chnlid=%(chnlid)s",
            sortfield: "-docorderpri,-docreltime"
        },
        pagebar: { prepage: %(size)d, recordCount: '%(total)d', pgCountMode: "recordCount" }
    });
});
</script>"""

_TAB = """<ul class="tabs"><li><a href="?%(key)s=1">指南</a></li><li><a href="?%(key)s=2">制度</a></li>
<li><a href="?%(key)s=%(value)s">年报</a></li></ul>
<div id="tab"><p>加载中</p></div>
<script>
(function () {
  var match = /[?&]%(key)s=(\\d+)/.exec(location.search);
  if ((match ? match[1] : "%(default)s") !== "%(value)s") { return; }
  var request = new XMLHttpRequest();
  request.open("GET", "%(api)s");
  request.onload = function () {
    var list = document.createElement("ul");
    JSON.parse(request.responseText).data.forEach(function (row) {
      var link = '<a href="' + row.url + '" title="' + row.title + '">' + row.title + "</a>";
      list.insertAdjacentHTML("beforeend", "<li>" + link + "<span>" + row.pubDate + "</span></li>");
    });
    var tab = document.getElementById("tab");
    tab.innerHTML = "";
    tab.appendChild(list);
  };
  request.send();
})();
</script>"""
