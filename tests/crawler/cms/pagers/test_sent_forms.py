"""Pagers that fill in a form and send it."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms import Page, read_list

URL = "http://www.a.gov.cn/gov/infoList.do?lm=03"
ROWS = "".join(f"<li><a href='infoView.do?xh={n}'>甲县20{n}年政府信息公开工作年度报告</a></li>" for n in range(10, 18))
GO = "<script>function goPage(n){document.fy.dqy.value=n;document.fy.submit()}</script>"
FORM = "<form name=fy action=infoList.do method={method}><input type=hidden name=lm value=03><input type=hidden name=dqy value=1></form>"


def requests(pager: str, script: str = GO, method: str = "post", number: int = 1) -> list[tuple[str, str, bytes, int]]:
    page = Page(URL, f"<html><ul>{ROWS}</ul>{FORM.format(method=method)}{pager}{script}</html>".encode())
    asked = next(iter(read_list(page).requests), None) if number > 1 else None
    found = read_list(page, asked).requests
    return [(r.method, r.url, r.body, r.page) for r in found if r.dialect == "form"]


@pytest.mark.parametrize(
    ("pager", "script", "pages"),
    [
        ("第1/5页 <a href='javascript:goPage(2)'>下一页</a> <a href='javascript:goPage(5)'>末页</a>", GO, [2, 3, 4, 5]),
        ("<a href='#' onclick='goPage(1)'>1</a><a href='#' onclick='goPage(2)'>2</a><a href='#' onclick='goPage(3)'>3</a>", GO, [2, 3]),
        (
            "<select onchange='turn(this.value)'><option value=1>第1页</option><option value=2>第2页</option></select>",
            "<script>function turn(p){var f=document.forms['fy'];f.dqy.value=p;f.submit();}</script>",
            [2],
        ),
        ("<button onclick='goPage(2)'>下页</button>", GO, [2]),
        ("<a href='javascript:goPage(1)'>下一页</a>", GO, []),  # the last page
        ("<a href='javascript:search(2)'>查询</a>", "<script>function search(n){document.fy.dqy.value=n;document.fy.submit()}</script>", []),
    ],
)  # fmt: skip
def test_the_field_that_counts_the_pages_is_the_one_that_the_script_sets(pager: str, script: str, pages: list[int]):
    assert requests(pager, script) == [
        ("POST", "http://www.a.gov.cn/gov/infoList.do", f"lm=03&dqy={page}".encode(), page) for page in pages
    ]


def test_a_form_that_is_got_is_an_address():
    assert requests("<a href='javascript:goPage(2)'>2</a>", method="get") == [
        ("GET", "http://www.a.gov.cn/gov/infoList.do?lm=03&dqy=2", b"", 2)
    ]


def test_pages_may_be_counted_from_zero():
    entries = "".join(f"<a href='javascript:goPage({n})'>{n + 1}</a>" for n in range(3))
    assert [(body, page) for _, _, body, page in requests(entries)] == [(b"lm=03&dqy=1", 2), (b"lm=03&dqy=2", 3)]
