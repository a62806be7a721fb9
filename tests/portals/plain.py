"""Static sites of many makes: the address forms differ, the lists are plain (portals.md 1.9 to 1.13)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from crawler.samples import Answer, Request
from tests.portals.base import Site, hex32
from tests.portals.stock import Item


class Plain(Site):
    """``article``: a template of the article's path; ``paging``: a template of the path of page n, n from ``first``.

    Fields of templates: n (number), d (day), hex (32 digits), ms (a timestamp), col (the list's directory), page.
    ``hub``: flat, years (a list per year at ``folder``).
    """

    def build(self) -> None:
        self.extension = self.spec.get("extension", "html")
        if "website_at" in self.spec:
            self.website_column(self.spec["website_at"])
        if self.spec.get("hub") == "years":
            years = self.stock.years()
            lists = {year: self.spec["folder"].format(y=year, next=year + 1) for year in years}
            side = (
                '<ul class="years">'
                + "".join(f'<li><a href="{path}">{year}年</a></li>' for year, path in lists.items())
                + "</ul>"
            )
            for year, path in lists.items():
                self.column(path, [item for item in self.stock.column if item.year == year], side)
            if self.column_path not in self.pages:
                self.pages[self.column_path] = self.shell(f"{self.column_name}_{self.name}", side)
            self.menu[1] = (self.column_name, self.spec.get("entry") or next(iter(lists.values())))
            return
        apart = self.spec.get("members_at")
        items = [item for item in self.stock.column if not apart or item.group != "member"]
        extra = ""
        if apart:
            self.column(apart, self.stock.of("member"))
            extra = self.members_link(apart)
        self.column(self.column_path, items, extra)

    def members_link(self, path: str) -> str:
        """What leads from the column to the list of the members' reports."""
        name = self.spec.get("members_label", "乡镇（街道）年报")
        return f'<ul class="columns"><li><a href="{path}">{name}</a></li></ul>'

    def place(self, item: Item, path: str) -> tuple[str, Item]:
        """Put one article; with ``direct``, rows lead to a file whose address has no name."""
        if self.spec.get("direct") and item.report is not None:
            return self.file(f"/module/download/down.jsp?i_ID={item.number}", item), item
        fields = {
            "n": item.number,
            "d": item.day,
            "hex": hex32(item),
            "HEX": hex32(item).upper(),
            "ms": f"{item.day:%Y%m%d}15262{item.number % 100000:05d}",
            "snow": f"1{item.number:07d}{int(hex32(item)[:9], 16):011d}"[:19],
            "col": path.rpartition("/")[0],
        }
        return self.article(self.spec["article"].format(**fields), item), item

    def column(self, path: str, items: Sequence[Item], extra: str = "") -> None:
        """A list in pages, with links to the neighbours."""
        placed = [self.place(item, path) for item in items]
        parts = self.parts(placed)
        addresses = [path] + [
            self.spec.get("paging", "{col}/index_{page}.html").format(
                col=path.rpartition("/")[0], stem=path.rpartition(".")[0], page=number + self.spec.get("first", 1)
            )
            for number in range(len(parts) - 1)
        ]
        for number, (address, part) in enumerate(zip(addresses, parts, strict=True)):
            main = extra + self.rows(part) + self.pager(addresses, number, len(placed))
            if self.spec.get("iframe"):
                frame = f"{address.rpartition('/')[0]}/list_292_{number + 1}.htm"
                self.pages[frame] = Answer(f"<html><body>{main}</body></html>".encode())
                main = f'<iframe src="{frame}" width="100%"></iframe>'
            self.pages[address] = self.shell(f"{self.column_name}_{self.name}", main)

    def pager(self, addresses: Sequence[str], number: int, total: int) -> str:
        """Links to the other pages."""
        links = [f'<a href="{address}">{step + 1}</a>' for step, address in enumerate(addresses) if step != number]
        if number + 1 < len(addresses):
            links.append(f'<a href="{addresses[number + 1]}">下一页</a>')
        return f'<div class="page">共{total}条 共{len(addresses)}页 {" ".join(links)}</div>'


class OnePage(Site):
    """A column page that is the report itself; next year's report will stand at the same address."""

    def build(self) -> None:
        reports = [item for item in self.stock.column if item.report]
        self.article(self.column_path, max(reports, key=lambda item: item.year))


class Henan(Plain):
    """The Henan pattern: totals in ``#pageDec``, article fields by id; the provincial side bar is built by script."""

    container = '<div id="content">\n{}\n</div>'

    def pager(self, addresses: Sequence[str], number: int, total: int) -> str:
        inner = super().pager(addresses, number, total)
        size = self.spec.get("page_size", 4)
        totals = f'pagecount="{len(addresses)}" pagesize="{size}" recordcount="{total}" pageindex="{number + 1}"'
        return f'<div id="pageDec" {totals}>{inner}</div>'


class PcList(Plain):
    """``/<site>/<col>/pc/list.html``: the rows are a JavaScript array in the page (portals.md 1.11)."""

    def column(self, path: str, items: Sequence[Item], extra: str = "") -> None:
        placed = [self.place(item, path) for item in items]
        listed = [
            {
                "id": item.number,
                "title": item.title,
                "pubDate": f"{item.day:%Y-%m-%d} 15:26:00",
                "urls": json.dumps({"pc": address}),
                "articleFiles": [],
            }
            for address, item in placed
        ]
        data = json.dumps(listed, ensure_ascii=False)
        script = f"<script>\nvar articleList = {data};\nrender(articleList, 15);\n</script>"
        self.pages[path] = self.shell(f"{self.column_name}_{self.name}", f'{extra}<ul id="list"></ul>{script}')


class Easysite(Plain):
    """``/columns/<uuid>``: page 1 in the HTML, further pages as a fragment of a block (portals.md 1.10)."""

    def column(self, path: str, items: Sequence[Item], extra: str = "") -> None:
        self.placed = [self.place(item, path) for item in items]
        template, block = "9c1f8f0e-6a53-4c1b-9f6e-0d2b1c7a5e11", "2f7d6c1a-8b0e-4a3c-b5d9-7e1f0a9c3d24"
        self.block = f"{path.rpartition('/')[0]}/templates/{template}/blocks/{block}"
        pages = -(-len(self.placed) // self.spec.get("page_size", 4))
        size = self.spec.get("page_size", 4)
        column = path.rpartition("/")[0].rpartition("/")[2]
        script = (
            f"<script>var eportalCurrentColumnId = '{column}'; var eportalappPortletId = 3;</script>"
            f'<div class="block" data-url="{self.block}" data-total="{len(self.placed)}" data-pages="{pages}">'
            f'{self.rows(self.placed[:size])}<div class="page">'
            f"<a onclick=\"loadBlock('{self.block}?page=2&fix=0')\">下一页</a></div></div>"
        )
        self.pages[path] = self.shell(f"{self.column_name}_{self.name}", extra + script)
        self.pages.setdefault(path.removesuffix("index.html"), self.pages[path])

    def dynamic(self, request: Request) -> Answer | None:
        if request.path != self.block:
            return None
        size = self.spec.get("page_size", 4)
        page = max(1, int(request.query.get("page") or 1))
        return Answer(self.rows(self.placed[(page - 1) * size : page * size]).encode())
