"""Reports that nobody published, as many as one likes: for benchmarks that need a nation of them.

The same serial number always gives the same document; no two hold the same figures or the same text. Figures of the
forms of 2019 and 2021 add up and agree over an agency's years (`crawler.samples.invent`); those of the older forms are
any numbers. The forms are printed in the layouts of the property tests (`tests.parsers.printings`, `office`), set into
the pages of eight kinds of portals. All words are our own.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from crawler.samples.invent import invent
from parsers.forms import templates
from parsers.identity import divisions
from tests.parsers import layouts, office, printings
from tests.parsers.formats.tiny_pdf import Sheet as PdfPage
from tests.parsers.formats.tiny_pdf import pdf

YEARS = tuple(range(2025, 2015, -1))
BODIES = ("人民政府", "教育局", "公安局", "民政局", "财政局", "水利局", "农业农村局", "卫生健康局", "审计局", "统计局")
PRINTERS = {
    name: printings.PAGES[name]
    for name in ("html", "html_cut", "word", "heads", "nested", "one_table", "flat_labels", "boxes", "row_tables",
                 "sloppy", "preformatted")
}  # fmt: skip
_TEXTS = ("tabs", "pipes", "tab_cells", "lines")
_AFTER_BODY = "</div></body></html>"


@dataclass(frozen=True, slots=True)
class Invented:
    """One report to be: who, when, and in which of the forms."""

    serial: int
    agency: str
    division: str
    kind: str
    year: int

    @property
    def title(self) -> str:
        """As lists and the page say it."""
        return f"{self.agency}{self.year}年政府信息公开工作年度报告"

    @property
    def host(self) -> str:
        """Of the county it belongs to."""
        return f"www.c{self.division}.gov.cn"

    @property
    def url(self) -> str:
        """Of its page or file."""
        ending = {"html": "html", "text": "txt", "pdf": "pdf", "sheet": "xlsx"}[self.kind]
        return (
            f"http://{self.host}/zwgk/zfxxgknb/{self.year + 1}01/t{self.year + 1}0115_{100000 + self.serial}.{ending}"
        )

    @property
    def twin(self) -> str | None:
        """The file beside the page, where there is one: every twenty-fifth page."""
        return self.url.removesuffix("html") + "xlsx" if self.kind == "html" and self.serial % 25 == 3 else None

    def figures(self, correction: int = 0) -> tuple[str, dict[str, str]]:
        """Form, and every cell as printed; a correction changes one number."""
        dice = Random(f"{self.agency}|{self.year}|figures")
        form = "stat2014" if self.year < 2019 else "fmt2019" if self.year < 2021 else "fmt2021"
        if self.year < 2019:
            values = {code: str(dice.randrange(1, 90_000)) for code in templates.load().forms[form].codes()}
        else:
            values = dict(invent(self.agency, self.year).cells())
        if correction:
            code = sorted(code for code, value in values.items() if value.isdecimal())[self.serial % 7]
            values[code] = str(int(values[code]) + correction)
        return form, values

    def document(self, correction: int = 0) -> bytes:
        """As its host serves it."""
        form, values = self.figures(correction)
        sheets = layouts.sheets(templates.load().forms[form], values)
        dice = Random(f"{self.agency}|{self.year}|print")
        before, after = prose(self, values)
        if self.kind == "html":
            return _page(self, sheets, dice, before, after)
        if self.kind == "text":
            name = _TEXTS[self.serial % len(_TEXTS)]
            middle = printings.TEXTS[name](sheets, dice).decode().removeprefix("政府信息公开工作年度报告\n")
            middle = middle.removesuffix("五、存在的主要问题及改进情况\n\n")
            return "\n\n".join([self.title, *before, middle, *after]).encode()
        if self.kind == "sheet":
            return office.as_sheet([layouts.Sheet(self.title, ()), *sheets], dice)
        return _paper(self, sheets, before, after)

    def twin_document(self) -> bytes:
        """The same figures as a sheet."""
        form, values = self.figures()
        sheets = layouts.sheets(templates.load().forms[form], values)
        return office.as_sheet([layouts.Sheet(self.title, ()), *sheets], Random(self.serial))


def reports(count: int) -> Iterator[Invented]:
    """So many reports: of each body ten years, of each county ten bodies."""
    serials = iter(range(count))
    for code, name in _counties():
        for body in BODIES:
            for year in YEARS:
                serial = next(serials, None)
                if serial is None:
                    return
                kind = {7: "text", 13: "pdf", 19: "sheet", 27: "text"}.get(serial % 29, "html")
                yield Invented(serial, f"{name}{body}", code, kind, year)
    if next(serials, None) is not None:
        raise ValueError(f"there are no {count} reports to be invented: each county has {len(BODIES) * len(YEARS)}")


def layout_of(report: Invented) -> tuple[int, str]:
    """Frame and printer of a page: 88 layouts."""
    return report.serial % len(_FRAMES), tuple(PRINTERS)[report.serial // len(_FRAMES) % len(PRINTERS)]


@functools.cache
def _counties() -> list[tuple[str, str]]:
    known = divisions.load()
    found: dict[str, str] = {}
    for number in range(110000, 660000):
        code = f"{number:06d}"
        if code.endswith("00") or (place := known.get(code, YEARS[-1])) is None or known.get(code, YEARS[0]) != place:
            continue
        if place.name.endswith("县") and place.name not in found.values():
            found[code] = place.name
    # Counties of a province stand together: taken by leaps, a small nation has them of everywhere.
    return [pair for start in range(37) for pair in list(found.items())[start::37]]


# -- words


_WORK = (
    "全年通过网站和公开栏发布信息{a}条，其中{b}条在{c}个工作日内更新过。",
    "组织业务学习{c}次，{d}人参加，课后对{d}份答卷做了讲评。",
    "目录由{c}个栏目组成，季度核对时发现{d}处需要改动，均已改好。",
    "答复文书从登记到送达平均用时{c}天，最长的一件用了{d}天。",
    "热线接听{a}次，能当场答复的有{b}次，其余转给承办科室。",
    "新增图解{c}篇，视频{d}段，问答{c}组，供来访的人取阅。",
    "政策文件发布后{c}天内附上解读，全年共{d}件。",
    "公开专区设在办事大厅一层，全年接待{a}人，提供查阅{b}次。",
    "与{c}个部门核对了同一事项的公开口径，统一了{d}处表述。",
    "对{d}条过期内容做了标注，对{c}条错字做了更正。",
)
_PROBLEM = (
    "有{c}个栏目更新间隔超过{d}天；下一年把更新日期写进各科室的清单。",
    "收到的意见中有{d}条说材料不好找；下一年把检索框放到每一页。",
    "解读里表格少、文字多；下一年至少{c}件用图表说明。",
)
_OTHER = ("本年度没有收取信息处理费。另有{c}件建议转有关科室研究。", "无其他需要报告的事项。网站全年中断{c}小时。")


def prose(report: Invented, values: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Headings and paragraphs before the tables and behind them; no two reports have the same."""
    dice = Random(f"{report.agency}|{report.year}|prose")

    def said(sentences: tuple[str, ...], count: int) -> str:
        chosen = (dice.choice(sentences) for _ in range(count))
        return "".join(
            one.format(a=dice.randrange(900, 99_000), b=dice.randrange(100, 900), c=dice.randrange(2, 30),
                       d=dice.randrange(30, 100))
            for one in chosen
        )  # fmt: skip

    received = values.get("req_new__total")
    opening = f"{report.year}年，{report.agency}按照政府信息公开条例的要求编写本报告，统计时间为全年。"
    answer = f"全年新收申请{received}件。" if received else ""
    before = ["一、总体情况", opening, *(said(_WORK, 5) for _ in range(4)), answer + said(_WORK, 4)]
    after = [
        "五、存在的主要问题及改进情况", said(_PROBLEM, 3), said(_PROBLEM, 2),
        "六、其他需要报告的事项", said(_OTHER, 1), f"{report.agency}", f"{report.year + 1}年1月15日",
    ]  # fmt: skip
    return before, after


# -- pages


def _menu(count: int, tag: str, name: str) -> str:
    items = "".join(f'<{tag}><a href="/{name}/{n}/">栏目{n}</a></{tag}>' for n in range(count))
    return f'<div class="{name}">{items}</div>'


_FRAMES = (
    ("{menu}<div class='main'><h1>{title}</h1><div class='TRS_Editor'>", "</div></div>", _menu(40, "li", "nav")),
    ("{menu}<div id='content'><div class='left'></div><div class='right'><h2>{title}</h2><div id='zoom'>",
     "</div></div></div>", _menu(60, "span", "top")),
    ("<div class='wrap'><div class='hd'>{menu}</div><article><h1>{title}</h1><section>", "</section></article></div>",
     _menu(25, "li", "menu")),
    ("<table width='960'><tr><td>{menu}</td></tr><tr><td><h3>{title}</h3><div class='news_content'>",
     "</div></td></tr></table>", _menu(30, "b", "head")),
    ("{menu}<div><div><div><div class='xl-nr'><p class='bt'>{title}</p><div class='view'>",
     "</div></div></div></div></div>", _menu(80, "dd", "lm")),
    ("<main>{menu}<div class='article'><div class='title'>{title}</div><div class='con' id='UCAP-CONTENT'>",
     "</div></div></main>", _menu(15, "li", "pchide")),
    ("{menu}<center><font size='5'>{title}</font></center><div class='Custom_UnionStyle'>", "</div>",
     _menu(50, "td", "bar")),
    ("<div class='container'><div class='row'>{menu}<div class='col-9'><h1 class='h'>{title}</h1><div>",
     "</div></div></div></div>", _menu(35, "li", "side")),
)  # fmt: skip


def _page(report: Invented, sheets: list[layouts.Sheet], dice: Random, before: list[str], after: list[str]) -> bytes:
    frame, printer = layout_of(report)
    printed = PRINTERS[printer](sheets[:-1], dice).decode()
    tables = printed.partition("</h1>")[2].removesuffix(_AFTER_BODY)
    if tables.endswith("</td></tr></table></body></html>"):  # set into a table, title and all
        tables = tables.removesuffix("</td></tr></table></body></html>")
    opening, closing, menu = _FRAMES[frame]
    head = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{report.title}</title>'
        f'<meta name="ArticleTitle" content="{report.title}">'
        f'<meta name="PubDate" content="{report.year + 1}-01-15 09:00"></head><body>'
    )
    parts = ["".join(f"<p>{text}</p>" for text in texts) for texts in (before, after)]
    body = f"{opening.format(menu=menu, title=report.title)}{parts[0]}{tables}{parts[1]}{closing}"
    return f"{head}{body}<div class='foot'>主办：{report.agency}</div></body></html>".encode()


def _cell(page: PdfPage, box: layouts.Box, corner: tuple[float, float], size: tuple[float, float]) -> None:
    (left, top), (right, bottom) = corner, (corner[0] + size[0], corner[1] + size[1])
    for edge in ((left, top, right, top), (left, bottom, right, bottom)):
        page.line(*edge)
    for edge in ((left, top, left, bottom), (right, top, right, bottom)):
        page.line(*edge)
    width = int(size[0] / 4) - 1  # characters of four points
    for number, start in enumerate(range(0, len(box.text), width)):
        page.text(left + 2, top + 1 + 4.6 * number, box.text[start : start + width], 4)


def _paper(report: Invented, sheets: list[layouts.Sheet], before: list[str], after: list[str]) -> bytes:
    first, wide = PdfPage(), PdfPage(width=842, height=595)
    last = PdfPage(width=842, height=595)
    first.text(80, 60, report.title, 14)
    top = 100.0
    for text in before:
        for start in range(0, len(text), 40):
            first.text(60, top, text[start : start + 40], 10)
            top += 15
    pages = [first]
    for page, sheet in zip((PdfPage(), wide, last), sheets[:-1], strict=False):
        page.text(60, 40, sheet.heading, 12)
        grid = layouts.grid(sheet)
        step, height = (page.width - 60) / len(grid[0]), min(30.0, (page.height - 90) / len(grid))
        for row, line in enumerate(grid):
            for column, box in enumerate(line):
                if box is not None:
                    _cell(page, box, (30 + step * column, 70 + height * row), (step * box.columns, height * box.rows))
        pages.append(page)
    end = PdfPage()
    for at, text in enumerate(after):
        end.text(60, 60 + 20 * at, text[:48], 10)
    return pdf(*pages, end)
