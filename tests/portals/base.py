"""What all played sites share: the shell of a government page, official head tags, articles with their files."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from crawler.samples import Answer, Request
from tests.portals.files import HEADINGS, docx, pdf
from tests.portals.stock import Holdings, Item, State, holdings

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Expected:
    """A report that a crawl of the portal must find: at any of these addresses (the first is the article's)."""

    portal: str
    host: str
    family: str
    urls: tuple[str, ...]
    title: str
    agency: str
    year: int


class Site:
    """One played host. Families override `build` (fixed pages) and `dynamic` (what is computed per request)."""

    extension = "html"
    container = '<div id="zoom">\n{}\n</div>'

    def __init__(self, spec: Mapping[str, Any], state: State) -> None:
        self.spec, self.state = spec, state
        self.host: str = spec["host"]
        self.base = f"{spec.get('scheme', 'https')}://{self.host}"
        self.column_path: str = spec.get("column", "/")
        self.stock: Holdings = holdings(spec, state)
        self.pages: dict[str, Answer] = {}
        self.expected: list[Expected] = []
        self._linked = False
        self.name = f"{spec['place']}人民政府"
        self.column_name: str = spec.get("column_name", "政府信息公开年报")
        self.menu: list[tuple[str, str]] = [("首页", "/"), (self.column_name, spec.get("entry", self.column_path))]
        self.build()
        self.pages.setdefault("/", self.shell(f"{self.name}门户网站", self._home(), column="首页", kind="首页"))

    def build(self) -> None:
        """Make the fixed pages."""
        raise NotImplementedError

    def dynamic(self, request: Request) -> Answer | None:
        """What is computed per request."""

    def answer(self, request: Request) -> Answer | None:
        """See `crawler.samples.Portal`."""
        if self.spec.get("challenge"):
            return Answer(_CHALLENGE, status=412)
        return self.dynamic(request) or self.pages.get(request.target) or self.pages.get(request.path)

    # -- pages ---------------------------------------------------------------------------------------------------

    def shell(
        self, title: str, main: str, *, column: str = "", kind: str = "", article: Item | None = None, head: str = ""
    ) -> Answer:
        """A page: header, navigation, side bar, ``main``, footer."""
        encoding = self.spec.get("encoding", "utf-8")
        declared = {"gb18030": "gb2312"}.get(encoding, encoding)
        menu = "".join(f'<li><a href="{href}">{name}</a></li>' for name, href in self.menu)
        text = (
            f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="{declared}">\n<title>{html.escape(title)}</title>\n'
            f"{self.meta(column, kind, article)}\n{head}</head>\n<body>\n"
            f'<div class="header"><a href="/">{self.name}</a></div><div class="nav"><ul>{menu}'
            '<li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>\n'
            f'<div class="main">\n{main}\n</div>\n'
            f'<div class="footer">主办：{self.name}办公室　网站标识码：{self.code}　'
            '<a href="https://beian.miit.gov.cn/">备案号</a></div>\n</body>\n</html>\n'
        )
        return Answer(
            text.encode(encoding),
            media_type="text/html; charset=utf-8" if encoding == "utf-8" else "text/html",
            modified=datetime(2026, 1 if self.state == "first" else 4, 5, tzinfo=UTC),
            compress=self.spec.get("compress", False),
        )

    @property
    def code(self) -> str:
        """The site identification code: the six digits of the division, then four more."""
        return f"{self.spec.get('code') or '000000'}0001"

    def meta(self, column: str, kind: str, article: Item | None) -> str:
        """The official head tags, with the deviation that the site is known for."""
        style = self.spec.get("meta", "full")
        if style == "none":
            return ""
        column = column or self.column_name
        values = {
            "SiteName": f"{self.name}门户网站",
            "SiteDomain": self.host,
            "SiteIDCode": self.code,
            "ColumnName": column,
            "ColumnType": kind or ("信息公开年报" if style != "own_type" else column),
        }
        if article is not None:
            clock = f"{article.day:%Y-%m-%d} 03:26" if style == "twelve" else f"{article.day:%Y-%m-%d} 15:26"
            if style == "chinese":
                clock = f"{article.day.year}年{article.day.month:02d}月{article.day.day:02d}日 15:26"
            title = f"{self.name}网——{article.title}" if style == "site_in_title" else article.title
            values |= {"ArticleTitle": title, "PubDate": clock, "ContentSource": article.source or self.name}
        else:
            values |= {"ColumnDescription": f"{self.name}{column}", "ColumnKeywords": f"{column}，信息公开"}
        lines = []
        for name, value in values.items():
            shown = name[0].lower() + name[1:] if style == "lower" else name
            text = html.escape(value)
            lines.append(
                f'<META CONTENT="{text}" NAME="{shown}">'
                if style == "upper"
                else f'<meta name="{shown}" content="{text}">'
            )
        return "\n".join(lines)

    def article(
        self,
        path: str,
        item: Item,
        *,
        files: str = "",
        twins: Sequence[str] = (),
        listed: bool = True,
        container: str = "",
    ) -> str:
        """Put the article at ``path`` and its files beside it; note the report it is. Returns ``path``."""
        folder = files or path.rpartition("/")[0]
        links, urls = "", [urljoin(self.base, path), *(urljoin(self.base, twin) for twin in twins)]
        body = item.html()
        if item.form == "picture" and item.report is not None:
            body = "\n".join(
                f'<p>{heading}</p><p><img src="{folder}/W0{n}.png"></p>' for n, heading in enumerate(HEADINGS)
            )
        elif item.form != "html" and item.report is not None:
            stem = hashlib.md5(item.title.encode()).hexdigest()[:12]
            given = [("pdf", PDF, pdf(item.report))]
            if item.form == "both":
                given.append(("docx", WORD, docx(item.report)))
            for suffix, media_type, data in given:
                name = f"P0{item.day:%Y%m%d}{stem}.{suffix}"
                self.pages[f"{folder}/{name}"] = Answer(data, media_type=media_type)
                links += f'<p><a href="{folder}/{name}">{html.escape(item.title)}.{suffix}</a></p>'
                urls.append(urljoin(self.base, f"{folder}/{name}"))
            body = f"{body}\n{links}" if item.form == "both" else links
        container = container or self.spec.get("container") or self.container
        minute = f"{item.day:%Y-%m-%d} 15:26"
        main = (
            f'<div class="crumbs">当前位置：<a href="/">首页</a> &gt; '
            f'<a href="{self.column_path}">{self.column_name}</a> &gt; 正文</div>\n'
            f'<table class="head"><tr><td>索 引 号</td><td>{self.code}/{item.day.year}-{item.number % 100000:05d}</td>'
            f"<td>发布机构</td><td>{html.escape(item.source or self.name)}</td></tr>"
            f"<tr><td>名　　称</td><td>{html.escape(item.title)}</td>"
            f"<td>发布日期</td><td>{item.day:%Y-%m-%d}</td></tr></table>\n"
            f'<h1 class="title">{html.escape(item.title)}</h1>\n'
            f'<div class="info">发布时间：{minute}　来源：{html.escape(item.source or self.name)}　'
            "字体：大 中 小</div>\n" + container.replace("{}", body)
        )
        self.pages[path] = self.shell(f"{item.title}_{self.name}", main, article=item)
        if listed:
            self._expect(item, urls)
        return path

    def file(self, path: str, item: Item) -> str:
        """A report that is a PDF at ``path`` and nothing else. Returns ``path``."""
        if item.report is not None:
            self.pages[path] = Answer(pdf(item.report), media_type=PDF)
            self._expect(item, [urljoin(self.base, path)])
        return path

    def _expect(self, item: Item, urls: Sequence[str]) -> None:
        if item.report is not None and not self.spec.get("challenge"):
            self.expected.append(
                Expected(
                    portal=self.spec["portal"],
                    host=self.host,
                    family=self.spec["family"],
                    urls=tuple(urls),
                    title=item.title,
                    agency=item.report.agency,
                    year=item.report.year,
                )
            )

    def rows(self, items: Iterable[tuple[str, Item]], *, relative_to: str = "", style: str = "") -> str:
        """A list of links with dates; a cut title has its full text in ``title`` only where the site does so."""
        style = style or self.spec.get("rows", "list")
        lines = [
            f'<li><a href="{link["url"]}" target="_blank">{link["title"]}</a><span>{link.get("date", "")}</span></li>'
            for link in (self.spec.get("links", ()) if not self._linked else ())
        ]
        self._linked = True
        for path, item in items:
            href = "./" + path.removeprefix(relative_to) if relative_to and path.startswith(relative_to) else path
            shown, full = html.escape(item.list_title), html.escape(item.title)
            said = self.spec.get("tooltip", True) and not item.short and not self.spec.get("bare")
            tooltip = f' title="{full}"' if said else ""
            link = f'<a href="{href}" target="_blank"{tooltip}>{shown}</a>'
            day = f"{item.day:%Y-%m-%d}"
            if style == "table":
                lines.append(f"<tr><td>·</td><td>{link}</td><td>{day}</td></tr>")
            elif style == "dl":
                lines.append(f"<dl><dd>{link}</dd><dd>\n{day}\n</dd></dl>")
            elif style == "undated":
                lines.append(f"<li>{link}</li>")
            else:
                lines.append(f'<li>{link}<span class="date">{day}</span></li>')
        text = "\n".join(lines)
        return (
            f"<table>{text}</table>"
            if style == "table"
            else f'<ul class="list">\n{text}\n</ul>'
            if style != "dl"
            else text
        )

    def website_column(self, path: str, name: str = "政府网站工作年度报表") -> None:
        """The look-alike column beside the annual reports: yearly forms of the web site."""
        folder = path.rstrip("/")
        placed = [(f"{folder}/{item.number}.{self.extension}", item) for item in self.stock.website]
        linked, self._linked = self._linked, True
        for address, item in placed:
            self.article(address, item)
        self.menu.append((name, path))
        self.pages[path] = self.shell(f"{name}_{self.name}", self.rows(placed), column=name, kind=name)
        self._linked = linked

    def parts(self, items: Sequence[Any], size: int | None = None) -> list[Sequence[Any]]:
        """``items`` page by page; at least one page."""
        size = size or self.spec.get("page_size", 4)
        return [items[start : start + size] for start in range(0, len(items), size)] or [items]

    def _home(self) -> str:
        links = "".join(f'<li><a href="{href}">{name}</a></li>' for name, href in self.menu)
        news = '<div class="news"><h2>要闻</h2><ul><li>今日天气晴</li></ul></div>'
        return f'<div class="zwgk"><h2>政务公开</h2><ul>{links}</ul></div>{news}'


def hex32(item: Item) -> str:
    """A stable 32-digit id."""
    return hashlib.md5(f"{item.title}{item.number}".encode()).hexdigest()


_CHALLENGE = (
    b'<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="9DhefwqGPrzGxEp9hPaoag" content="" r="m">'
    b"<script type=\"text/javascript\" r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};"
    b'$_ts.nsd=96247;$_ts.cd="qEyx";</script>'
    b"<script src=\"/8J4YpNbK2qTe/4fGhWsR.0a1b2c3.js\" r='m'></script></head><body></body></html>"
)
