"""The two sample provinces: sites described in ``data/<province>.yaml``, rendered into the markup of their CMS.

Everything is made at start: a site is a mapping of paths to answers. Three kinds of site are played, after what is
known of the real ones: the Henan pattern (``/YYYY/MM-DD/<id>.html``, extension-less columns, totals in ``#pageDec``),
the same articles with a list that a script draws from an XHR, and TRS static publishing (``createPageHTML``,
``tYYYYMMDD_<id>``).
"""

from __future__ import annotations

import functools
import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from string import Template
from typing import Any, Literal

import yaml

from crawler.samples.invent import invent
from crawler.samples.reports import DATA, Report, body, load, paragraph
from crawler.samples.server import Answer, Pages

State = Literal["first", "later"]
PROVINCES = ("henan", "shanxi")

_MARKUP = DATA.parent / "markup"


@dataclass(frozen=True)
class Sample:
    """What a row of a sample portal truly is: the expectation that tests and the demo are measured by."""

    host: str
    url: str
    column: str
    title: str
    report: Report | None
    why_not: str = ""


def sample_portals(state: State = "first", provinces: Sequence[str] = PROVINCES) -> dict[str, Pages]:
    """Host name -> pages, for `crawler.samples.server.SampleServer`.

    Args:
        state: ``later`` is the same portals some months on: one report has new figures under its old address, one has
            vanished, one is new.
        provinces: which of `PROVINCES` to play.
    """
    portals = {}
    for facts in _sites(provinces):
        pages = dict(_Site(facts, state).pages())
        portals[facts["host"]] = Pages(pages)
    return portals


def samples(state: State = "first", provinces: Sequence[str] = PROVINCES) -> list[Sample]:
    """Every row of every column, with the report behind it if there is one."""
    found: list[Sample] = []
    for facts in _sites(provinces):
        found += _Site(facts, state).samples()
    return found


def _sites(provinces: Sequence[str]) -> Iterator[dict[str, Any]]:
    for province in provinces:
        yield from yaml.safe_load((DATA / f"{province}.yaml").read_text(encoding="utf-8"))


class _Site:
    """One host in one state."""

    def __init__(self, facts: Mapping[str, Any], state: State) -> None:
        self.facts = facts
        self.cms: str = facts["cms"]
        self.scheme = "http"
        self.common = {"site": facts["name"], "owner": facts["owner"], "code": facts["code"]}
        self.columns: list[tuple[Mapping[str, Any], list[_Row]]] = []
        for column in facts["columns"]:
            there = [row for row in column["rows"] if _exists(row, state)]
            self.columns.append((column, [_Row(self, column, row, state) for row in there]))

    def samples(self) -> Iterator[Sample]:
        for column, rows in self.columns:
            for row in rows:
                yield Sample(
                    host=self.facts["host"],
                    url=row.path,
                    column=column["path"],
                    title=row.title,
                    report=row.report,
                    why_not=row.obstacle,
                )

    def pages(self) -> Iterator[tuple[str, Answer]]:
        yield "/", self._page("henan_column", _HOME, rows=self._menu(), pages=1, total=0, page=1, pager="", path="/")
        if "robots" in self.facts:
            yield "/robots.txt", Answer(self.facts["robots"].encode(), media_type="text/plain")
        for column, rows in self.columns:
            yield from self._column(column, rows)
            for row in rows:
                yield from row.pages()

    def _column(self, column: Mapping[str, Any], rows: Sequence[_Row]) -> Iterator[tuple[str, Answer]]:
        path: str = column["path"]
        yield path.rstrip("/"), Answer(b"", status=301, headers=(("Location", path),))
        if self.cms == "script":
            yield path, self._page("script_column", column, api=column["api"])
            yield column["api"], _back_end_answer(rows)
            return
        size: int = column["page_size"]
        parts = [rows[start : start + size] for start in range(0, len(rows), size)]
        names = [_page_name(number, self.facts.get("extension", "html")) for number in range(len(parts))]
        for number, (name, part) in enumerate(zip(names, parts, strict=True)):
            page = self._page(
                f"{self.cms}_column",
                column,
                rows="\n".join(row.listed() for row in part),
                page_size=size,
                pages=len(parts),
                total=len(rows),
                page=number + 1,
                index=number,
                pager=_pager(names, number, path),
                extension=self.facts.get("extension", "html"),
                path=path,
            )
            yield path + name, page
            if number == 0:
                yield path, page

    def _page(self, markup: str, column: Mapping[str, Any], **values: Any) -> Answer:
        meta = _meta(
            SiteName=self.facts["name"],
            SiteDomain=self.facts["host"],
            SiteIDCode=self.facts["code"],
            ColumnName=column["name"],
            ColumnDescription=f"{self.facts['name']}{column['name']}栏目",
            ColumnKeywords=column["name"],
            ColumnType=column["type"],
        )
        values = {"page_size": 10, **values}
        text = fill(markup, meta=meta, side=self._menu(), column=column["name"], **self.common, **values)
        changes = []
        for _, rows in self.columns:
            changes += [row.changed for row in rows]
        return Answer(text.encode(), modified=_noon(max(changes)))

    def _menu(self) -> str:
        """Every column of the site, look-alikes among them: beside each list, and all that the home page is."""
        return "\n".join(f'<li><a href="{column["path"]}">{column["name"]}</a></li>' for column, _ in self.columns)


class _Row:
    """One article and its line in the list."""

    def __init__(self, site: _Site, column: Mapping[str, Any], facts: Mapping[str, Any], state: State) -> None:
        self.site, self.column, self.facts = site, column, facts
        self.report = _report(facts)
        self.day: date = facts["date"]
        self.changed = self.day
        if state == "later" and "later" in facts and self.report is not None:
            figures = {name: tuple(cells) for name, cells in facts["later"].items()}
            self.report = replace(self.report, figures={**self.report.figures, **figures})
            self.changed = self.day + timedelta(days=90)
        named = self.report.title if self.report else facts.get("other") or facts["missing"]
        self.title: str = named
        self.list_title: str = facts.get("list_title", named)
        self.obstacle = self._obstacle()

    @property
    def path(self) -> str:
        """Where the article is."""
        day, number = self.day, self.facts["id"]
        if self.site.cms == "henan":
            return f"/{day:%Y/%m-%d}/{number}.html"
        if self.site.cms == "script":
            return f"{self.column['path']}{day:%Y%m%d}/{number}.html"
        folder = f"{self.facts['folder']}/" if "folder" in self.facts else ""
        return f"{self.column['path']}{folder}{day:%Y%m}/t{day:%Y%m%d}_{number}.{self.site.facts['extension']}"

    def listed(self) -> str:
        """The line in the list; TRS links are relative, and a cut title has no full one beside it."""
        href = self.path
        if self.site.cms == "trs":
            href = "./" + href.removeprefix(self.column["path"])
        title = html.escape(self.list_title, quote=True)
        tooltip = "" if title.endswith("...") else f' title="{title}"'
        return f'<li><a href="{href}" target="_blank"{tooltip}>{title}</a><span>{self.day.isoformat()}</span></li>'

    def pages(self) -> Iterator[tuple[str, Answer]]:
        """The article, and the file it leads to if there is one."""
        if self.facts.get("challenge"):
            yield self.path, Answer(fill("challenge").encode(), status=412)
            return
        if "missing" in self.facts:
            yield self.path, Answer(fill("missing", **self.site.common).encode())
            return
        folder = self.path.rpartition("/")[0]
        attachment: str | None = self.facts.get("attachment")
        if attachment is not None:
            data = (DATA / "files" / attachment).read_bytes()
            yield f"{folder}/{attachment}", Answer(data, media_type="application/pdf", modified=_noon(self.changed))
        encoding = self.facts.get("charset", "utf-8")
        # As on the portals that are played: who serves GBK does not say so.
        media_type = "text/html; charset=utf-8" if encoding == "utf-8" else "text/html"
        article = Answer(
            self._article(attachment).encode(encoding),
            media_type=media_type,
            modified=_noon(self.changed),
            framing=self.facts.get("framing", "length"),
            compress=self.facts.get("compress", False),
        )
        yield self.path, article

    def _article(self, attachment: str | None) -> str:
        agency = self.report.agency if self.report else self.site.facts["owner"]
        source = self.facts.get("source") or agency
        if attachment is not None:
            text = f'<p><a href="./{attachment}">{html.escape(self.title)}.pdf</a></p>'
        elif self.report is not None:
            text = body(self.report)
        else:
            text = "\n".join(paragraph(piece, "plain") for piece in self.facts["text"])
        meta = _meta(
            SiteName=self.site.facts["name"],
            SiteDomain=self.site.facts["host"],
            SiteIDCode=self.site.facts["code"],
            ColumnName=self.column["name"],
            ColumnType=self.column["type"],
            ArticleTitle=self.title,
            PubDate=f"{self.day.isoformat()} 10:26",
            ContentSource=source,
        )
        return fill(
            "trs_article" if self.site.cms == "trs" else "henan_article",
            meta=meta,
            title=html.escape(self.title),
            source=source,
            minute=f"{self.day.isoformat()} 10:26",
            day=self.day.isoformat(),
            column=self.column["name"],
            index_number=f"{self.site.facts['code']}/{self.day.year}-{self.facts['id'] % 100000:05d}",
            body=text,
            attachments="",
            charset=self.facts.get("declared", "utf-8"),
            **self.site.common,
        )

    def _obstacle(self) -> str:
        if self.facts.get("challenge"):
            return "challenge"
        if "missing" in self.facts:
            return "soft404"
        disallowed = self.site.facts.get("robots", "").partition("Disallow: ")[2].strip()
        if disallowed and self.path.startswith(disallowed):
            return "robots"
        return ""


_HOME = {"name": "首页", "type": "首页", "path": "/"}


def _back_end_answer(rows: Sequence[_Row]) -> Answer:
    """What the back-end says of a column whose list a script draws."""
    listed = [{"title": row.list_title, "url": row.path, "date": row.day.isoformat()} for row in rows]
    answer = {"code": 0, "data": {"total": len(rows), "rows": listed}}
    return Answer(json.dumps(answer, ensure_ascii=False).encode(), media_type="application/json")


def fill(markup: str, **values: Any) -> str:
    """A page from ``markup/<name>.html`` with ``${name}`` filled in; a name without a value is an error."""
    return _template(markup).substitute({name: str(value) for name, value in values.items()})


@functools.cache
def _template(name: str) -> Template:
    return Template((_MARKUP / f"{name}.html").read_text(encoding="utf-8"))


def _report(facts: Mapping[str, Any]) -> Report | None:
    if "report" in facts:
        return load(facts["report"])
    if "invent" in facts:
        return invent(facts["invent"], facts["year"], style=facts.get("style", "plain"), scale=facts.get("scale", 40))
    return None


def _exists(row: Mapping[str, Any], state: State) -> bool:
    """Whether a row is there in a state: ``from`` and ``until`` name the only one in which it is."""
    first, last = row.get("from", state), row.get("until", state)
    return bool(first == state and last == state)


def _meta(**values: str) -> str:
    """The head tags that every government site must carry (notice 国办发〔2017〕47号, annex)."""
    return "\n".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in values.items())


def _page_name(number: int, extension: str) -> str:
    if number == 0:
        return f"index.{extension}"
    return f"index_{number}.{extension}"


def _pager(names: Sequence[str], current: int, path: str) -> str:
    if len(names) == 1:
        return ""
    links = []
    for number, name in enumerate(names):
        if number == current:
            links.append(f"<span>{number + 1}</span>")
        else:
            links.append(f'<a href="{path}{name}">{number + 1}</a>')
    if current + 1 < len(names):
        links.append(f'<a href="{path}{names[current + 1]}">下一页</a>')
    return " ".join(links)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
