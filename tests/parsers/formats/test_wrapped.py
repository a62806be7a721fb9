"""Whole forms in the markup of portals of every kind: the figures, sections, title and date stay the same."""

import random
import re
from pathlib import Path

import pytest

import parsers
from parsers.formats import read_document
from tests.parsers.formats.html.test_content import FOOT, HEAD, MENU, PORTALS
from tests.parsers.formats.test_printed import figures, form

WAYS = {
    "as it is": lambda page: page,
    "headings in spans": lambda page: re.sub(r"<h2>(.*?)</h2>", r"<p><span><font face=仿宋>\1</font></span></p>", page),
    "pasted from Word": lambda page: re.sub(
        r"(<td[^>]*>)([^<]*)", r"\1<p class=MsoNormal><span lang=EN-US>\2<o:p></o:p></span></p>", page
    ),
    "lines in one block": lambda page: (
        re.sub(r"<h2>(.*?)</h2>", r"\1<br>", page).replace("<p>", "").replace("</p>", "<br>")
    ),
    "in a layout table": lambda page: f"<table width=100%><tr><td>{page}</td></tr></table>",
    "white space around": lambda page: re.sub(r"(<td[^>]*>)([^<]*)", r"\1\n\t\t&nbsp;\2&nbsp;\n\t", page),
}


def check(seed: int, shared: Path) -> None:
    dice = random.Random(seed)
    tables = read_document((shared / "reports" / "official_form_2021.docx").read_bytes()).tables()
    page = form(tables, dice)
    body = re.sub("<h1>.*?</h1>", "", page.split("</style>", 1)[1])
    body = WAYS[dice.choice(list(WAYS))](body)
    wrapped = PORTALS[dice.choice(list(PORTALS))].format(menu=MENU, head=HEAD, body=body, foot=FOOT)
    title = "<title>某县2023年政府信息公开工作年度报告_某县人民政府</title>"
    data = f"<html><head>{title}</head><body>{wrapped}</body></html>".encode(dice.choice(["utf-8", "gb18030"]))
    assert figures(data) == figures(page.encode())
    report = parsers.parse(data)
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert (report.year, report.published_on) == (2023, "2024-01-15")
    assert report.title == "某县2023年政府信息公开工作年度报告"


@pytest.mark.parametrize("seed", range(8))
def test_a_form_in_the_markup_of_a_portal(seed: int, shared: Path) -> None:
    check(seed, shared)


@pytest.mark.trial
@pytest.mark.parametrize("seed", range(100, 200))
def test_many_forms_in_the_markup_of_portals(seed: int, shared: Path) -> None:
    check(seed, shared)
