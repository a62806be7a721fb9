"""ASP.NET pagers send the page's own form back."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from crawler.cms import Page, read_list
from crawler.cms.pagers.postback import postback_requests

URL = "http://www.a.gov.cn/NewsList.aspx?type=nb"
FORM = (
    "<form method='post' action='NewsList.aspx?type=nb'><input type='hidden' name='__EVENTTARGET' value=''>"
    "<input type='hidden' name='__VIEWSTATE' value='/wEP=={state}'><input type='submit' name='go' value='GO'>"
    "<ul><li><a href='NewsShow.aspx?id={state}'>甲县202{state}年政府信息公开工作年度报告</a></li></ul>{pager}</form>"
)
NUMBERS = "".join(f"<a href=\"javascript:__doPostBack('Pager1','{n}')\">{n}</a>" for n in (1, 2, 3))


def page(state: int, pager: str) -> Page:
    return Page(URL, FORM.format(state=state, pager=pager).encode())


def test_each_page_is_asked_with_the_state_of_the_one_before():
    (second,) = (r for r in read_list(page(1, NUMBERS)).requests if r.method == "POST")
    assert (second.url, second.page, second.dialect) == (URL, 2, "form")
    assert parse_qs(second.body.decode()) == {
        "__EVENTTARGET": ["Pager1"],
        "__EVENTARGUMENT": ["2"],
        "__VIEWSTATE": ["/wEP==1"],
    }
    (third,) = (r for r in read_list(page(2, NUMBERS), second).requests if r.method == "POST")
    assert third.page == 3
    assert "__VIEWSTATE=%2FwEP%3D%3D2" in third.body.decode()
    assert not [r for r in read_list(page(3, NUMBERS), third).requests if r.method == "POST"]


@pytest.mark.parametrize(
    ("pager", "argument"),
    [
        ("<a href=\"javascript:__doPostBack('GridView1','Page$2')\">下一页</a>", "Page$2"),
        ("<a href='#' onclick=\"__doPostBack('lnkNext','')\">下页</a>", ""),
    ],
)
def test_a_pager_may_only_have_a_next(pager: str, argument: str):
    (asked,) = postback_requests(page(1, pager), 1, "generic")
    assert dict(parse_qs(asked.body.decode(), keep_blank_values=True))["__EVENTARGUMENT"] == [argument]


@pytest.mark.parametrize("pager", ["", "<a href=\"javascript:__doPostBack('Login','')\">登录</a>"])
def test_without_a_pager_nothing_is_sent_back(pager: str):
    assert not list(postback_requests(page(1, pager), 1, "generic"))


def entry(label: str, target: str, argument: str) -> str:
    return f"<td><a href=\"javascript:__doPostBack('{target}','{argument}')\">{label}</a></td>"


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ([("1", "gv", "Page$1"), ("3", "gv", "Page$3"), ("...", "gv", "Page$5")], ("gv", "Page$5")),
        ([("...", "gv", "Page$0"), ("3", "gv", "Page$3"), ("…", "gv", "Page$5")], ("gv", "Page$5")),
        ([("...", "Pager1", "3"), ("......", "Pager1", "5")], ("Pager1", "5")),
        ([("...", "g$ctl09", ""), ("3", "g$ctl03", ""), ("...", "g$ctl14", "")], ("g$ctl14", "")),
        ([("下10页", "Pager1", "5"), ("末页", "Pager1", "9")], ("Pager1", "5")),
        ([("...", "gv", "Page$0"), ("3", "gv", "Page$3")], None),  # the last group
        ([("...", "g$ctl09", ""), ("3", "g$ctl03", "")], None),
    ],
)
def test_the_entry_of_a_group_leads_to_the_first_page_behind_those_shown(
    entries: list[tuple[str, str, str]], wanted: tuple[str, str] | None
):
    pager = "".join(entry(*one) for one in entries)
    found = [
        dict(parse_qs(asked.body.decode(), keep_blank_values=True))
        for asked in postback_requests(page(4, pager), 4, "generic")
    ]
    given = [(fields["__EVENTTARGET"][0], fields["__EVENTARGUMENT"][0]) for fields in found]
    assert given == ([] if wanted is None else [wanted])
