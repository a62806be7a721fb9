"""Families whose lists come from a back-end: Lonsun, gkmlpt, NFCMS, Epoint, truecms, Boda VSB (portals.md 1.4-1.9)."""

from __future__ import annotations

import json

from crawler.samples import Answer, Request
from tests.portals.base import Site
from tests.portals.plain import Plain
from tests.portals.stock import Item


class Lonsun(Site):
    """``/site/tpl/<n>`` hubs, one a year; bodies have ``/public/column/<organ>?type=3`` lists filled by a label."""

    container = '<div class="wzcon j-fontContent">\n{}\n</div>'

    def build(self) -> None:
        self.organs: dict[str, list[tuple[str, Item]]] = {}
        templates: dict[int, int] = {int(year): number for year, number in self.spec["templates"].items()}
        years = [year for year in self.stock.years() if year in templates]
        self.hubs: dict[str, Answer] = {}
        side = (
            "<ul>"
            + "".join(
                f'<li><a href="/site/tpl/{templates[year]}?nav=4&amp;year={year}">{year}年</a></li>' for year in years
            )
            + "</ul>"
        )
        for year in years:
            held = [item for item in self.stock.column if item.year == year]
            placed = [self._place("1681", item) for item in held if item.group not in {"body", "member"}]
            organs = ""
            for index, item in enumerate(one for one in held if one.group in {"body", "member"}):
                organ = str(2000 + index)
                self.organs.setdefault(organ, []).append(self._place(organ, item))
                organs += (
                    f'<li><a href="/public/column/{organ}?type=3&amp;action=list&amp;nav=3">{item.source}</a></li>'
                )
            main = f'{side}{self.rows(placed)}<h3>部门和市年报</h3><ul class="organs">{organs}</ul>'
            self.hubs[f"/site/tpl/{templates[year]}"] = self.shell(f"{year}年政府信息公开年报_{self.name}", main)
        self.menu[1] = (self.column_name, f"/site/tpl/{templates[years[0]]}?nav=4&year={years[0]}")

    def _place(self, organ: str, item: Item) -> tuple[str, Item]:
        return self.article(f"/public/{organ}/{500000000 + item.number}.html", item), item

    def dynamic(self, request: Request) -> Answer | None:
        if request.path in self.hubs:
            return self.hubs[request.path]
        if request.path.startswith("/public/column/"):
            organ = request.path.rpartition("/")[2]
            kind = request.query.get("type", "4")
            label = (
                f"/site/label/8888?labelName=publicInfoList&siteId=6781961&organId={organ}&catId=&type={kind}&action=list"
                f"&pageIndex=1&pageSize=2&file=/xxgk/publicInfoList-dzw&isDate=true&dateFormat=yyyy-MM-dd&length=50"
            )
            script = f'<div id="list"></div><script>$("#list").load("{label}");</script>'
            return self.shell(
                "信息公开年报", script, column="信息公开年报", kind="信息公开年报" if kind == "3" else "信息公开目录"
            )
        if request.path == "/site/label/8888" and request.query.get("labelName") == "publicInfoList":
            return self._label(request)
        return None

    def _label(self, request: Request) -> Answer:
        rows = self.organs.get(request.query.get("organId", ""), []) if request.query.get("type") == "3" else []
        size = max(1, int(request.query.get("pageSize") or 15))
        page = max(1, int(request.query.get("pageIndex") or 1))
        pages = -(-len(rows) // size)
        lines = "".join(
            f'<li><a class="title" href="{path}" title="{item.title}">{item.title}</a>'
            f"<span>{item.day:%Y-%m-%d}</span></li>"
            for path, item in rows[(page - 1) * size : page * size]
        )
        return Answer(
            f'<ul>{lines}</ul><div id="page" pageCount="{pages}" total="{len(rows)}">共{pages}页</div>'.encode()
        )


class Nfcms(Plain):
    """Guangdong: a static list of ``content/post_<id>.html``, page 2 is ``index_2.html``; the province's own report
    stands in the disclosure catalogue (``/gkmlpt/content/...``)."""

    container = '<div class="article-content">\n{}\n</div>'

    def place(self, item: Item, path: str) -> tuple[str, Item]:
        if item.group == "government":
            return self.article(
                f"/gkmlpt/content/{item.number // 1000000}/{item.number // 1000}/post_{item.number}.html", item
            ), item
        return self.article(f"{path.rpartition('/')[0]}/content/post_{item.number}.html", item), item


class Gkmlpt(Site):
    """``/gkmlpt/index``: an inline tree of categories, lists by JSON; pages 0 and 1 are the same."""

    def build(self) -> None:
        self.placed = [
            (
                self.article(
                    f"/gkmlpt/content/{item.number // 1000000}/{item.number // 1000}/post_{item.number}.html", item
                ),
                item,
            )
            for item in self.stock.column
        ]
        tree = [
            {"id": 1, "name": "政府信息公开指南", "children": [], "jump_url": "", "post_count": 1},
            {
                "id": 2,
                "name": "法定主动公开内容",
                "jump_url": "",
                "post_count": 3,
                "children": [{"id": 21, "name": "机构职能", "children": [], "jump_url": "", "post_count": 3}],
            },
            {"id": 4688, "name": "政府信息公开年报", "children": [], "jump_url": "", "post_count": len(self.placed)},
        ]
        config = (
            f"<script>window._CONFIG = {{ SID:'20', SITE_NAME:'{self.name}', "
            f"TREE: {json.dumps(tree, ensure_ascii=False)} }};</script>"
        )
        self.pages[self.column_path] = self.shell(f"政府信息公开目录_{self.name}", f'{config}<div id="app"></div>')
        self.menu[1] = ("政府信息公开", self.column_path)

    def dynamic(self, request: Request) -> Answer | None:
        if (
            not request.path.startswith("/gkmlpt/api/all/")
            or request.query.get("sid", request.query.get("SID")) != "20"
        ):
            return None
        rows = self.placed if request.path.rpartition("/")[2] in {"4688", "0"} else []
        size = self.spec.get("page_size", 4)
        page = max(1, int(request.query.get("page") or 0))
        articles = [
            {
                "id": item.number,
                "title": item.title,
                "publisher": item.source,
                "url": self.base + path,
                "post_url": "",
                "display_publish_time": int(item.day.strftime("%s")),
                "date": f"{item.day:%Y-%m-%d}",
                "attachment": [],
                "classify_main_name": "政府信息公开年报",
            }
            for path, item in rows[(page - 1) * size : page * size]
        ]
        answer = {"classify": {"id": 4688, "name": "政府信息公开年报", "post_count": len(rows)}, "articles": articles}
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")


class Epoint(Site):
    """EWB: unrendered templates in the list, rows by POST with JSON; site guid and project in a script file."""

    def build(self) -> None:
        self.placed = [
            (self.article(f"/{self.spec['slug']}/001/{item.day:%Y%m%d}/{item.number}.html", item), item)
            for item in self.stock.column
        ]
        self.pages["/js/webBuilderCommon.js"] = Answer(
            b"var siteInfo = { siteGuid: '7eb5f7f1-9041-43ad-8e13-8fcb82ea831a', projectName: '/EWB-FRONT' };",
            media_type="application/javascript",
        )
        main = (
            '<script src="/js/webBuilderCommon.js"></script><ul id="list">'
            '<li><a href="<?=el.link?>"><?=el.title?></a><span><?=el.date?></span></li></ul>'
            '<input type="hidden" id="categorynum" value="003005"><input type="hidden" id="deptcode" value="001">'
        )
        self.pages[self.column_path] = self.shell(f"{self.column_name}_{self.name}", main)

    def dynamic(self, request: Request) -> Answer | None:
        if request.path != "/EWB-FRONT/rest/lightfrontaction/getgovinfolist" or request.method != "POST":
            return None
        asked = json.loads(request.body or b"{}")
        if self.spec.get("wrapped") and not isinstance(asked.get("params"), dict):
            return Answer(b'{"custom":{},"status":{"code":"300"}}', media_type="application/json")
        asked = json.loads(asked["params"]) if isinstance(asked.get("params"), str) else asked.get("params", asked)
        good = asked.get("siteGuid") == "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a" and asked.get("categorynum") == "003005"
        rows = self.placed if good else []
        size, page = int(asked.get("pageSize") or 10), int(asked.get("pageIndex") or 0)
        data = [
            {
                "title": item.list_title,
                "realtitle": item.title,
                "infourl": path,
                "visiturl": path,
                "linkurl": "",
                "infodate": f"{item.day:%Y-%m-%d}",
            }
            for path, item in rows[page * size : (page + 1) * size]
        ]
        answer = {"custom": {"data": data, "total": len(rows)}, "status": {"code": "200"}}
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")


class Truecms(Site):
    """``#initData`` on the page, rows by JSONP; without a Referer the answer is 404."""

    def build(self) -> None:
        self.placed = [
            (self.article(f"/{self.spec['slug']}/{item.day:%Y%m%d}/{item.number}.html", item), item)
            for item in self.stock.column
        ]
        main = (
            '<div id="initData" style="display:none">{"columnId":"1403","perpage":"3",'
            '"url":"/TrueCMS/messageController/getMessage.do"}</div>'
            '<ul id="list"></ul><script src="/TrueCMS/js/page.js"></script>'
        )
        self.pages[self.column_path] = self.shell(f"{self.column_name}_{self.name}", main)

    def dynamic(self, request: Request) -> Answer | None:
        if not request.path.lower().endswith("/messagecontroller/getmessage.do"):
            return None
        if not request.header("referer"):
            return Answer(b"", status=404)
        start = max(1, int(request.query.get("startrecord") or 1))
        end = min(int(request.query.get("endrecord") or start + 2), start + 5)
        rows = self.placed if request.query.get("columnId") == "1403" else []
        records = "".join(
            f'<record><![CDATA[<li><a href="{path}" title="{item.title}">{item.title}</a>'
            f"<span>{item.day:%Y-%m-%d}</span></li>]]></record>"
            for path, item in rows[start - 1 : end]
        )
        store = f"<datastore><totalrecord>{len(rows)}</totalrecord><recordset>{records}</recordset></datastore>"
        call = request.query.get("callback", "callback")
        return Answer(
            f"{call}({json.dumps({'result': store}, ensure_ascii=False)})".encode(), media_type="application/javascript"
        )


class Vsb(Site):
    """Boda VSB: ``/info/<tree>/<id>.htm``; further pages of a list by query, counted from the page's own parameters.

    ``paged: folder``: they are files in a folder named like the list, counted from the last one.
    """

    extension = "htm"
    container = '<div id="vsb_content"><div class="v_news_content">\n{}\n</div></div>'

    def build(self) -> None:
        tree = self.spec.get("tree", 2381)
        placed = [(self.article(f"/info/{tree}/{item.number}.htm", item), item) for item in self.stock.column]
        self.parts_ = self.parts(placed)
        self.total, self.tree = len(placed), tree
        self.pages[self.column_path] = self._page(1)
        for number in range(2, len(self.parts_) + 1) if self.spec.get("paged") == "folder" else ():
            self.pages[self._file(number)] = self._page(number)

    def _file(self, number: int) -> str:
        return f"{self.column_path.removesuffix('.htm')}/{len(self.parts_) + 1 - number}.htm"

    def _page(self, number: int) -> Answer:
        if self.spec.get("paged") == "folder":
            following = f'<a href="{self._file(number + 1)}">下页</a>' if number < len(self.parts_) else ""
            return self.shell(
                f"{self.column_name}_{self.name}",
                f'{self.rows(self.parts_[number - 1])}<div class="pb_sys">{following}</div>',
            )
        size = self.spec.get("page_size", 4)
        links = "".join(
            f'<a href="{self.column_path}?a184243t={self.total}&amp;a184243p={page}&amp;a184243c={size}'
            f'&amp;urltype=tree.TreeTempUrl&amp;wbtreeid={self.tree}">{page}</a>'
            for page in range(1, len(self.parts_) + 1)
            if page != number
        )
        return self.shell(
            f"{self.column_name}_{self.name}",
            f'{self.rows(self.parts_[number - 1])}<div class="pb_sys">共{self.total}条 {links}</div>',
        )

    def dynamic(self, request: Request) -> Answer | None:
        page = request.query.get("a184243p", "")
        if request.path == self.column_path and page.isdigit() and 1 <= int(page) <= len(self.parts_):
            return self._page(int(page))
        return None
