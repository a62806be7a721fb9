"""The steps above a page that its breadcrumb names."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.cms import Page
from crawler.discovery.breadcrumbs import steps_above

URL = "http://www.a.gov.cn/zwgk/nb_7102/index.html"
MENU = (
    "<ul class='menu'>" + "".join(f'<li><a href="/lm{number}/">栏目{number}</a></li>' for number in range(9)) + "</ul>"
)


@pytest.mark.parametrize(
    "crumbs",
    [
        '<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/gk/">政府信息公开</a> &gt; <a href="./">年报</a></div>',
        '<p>您现在的位置: <a href="/index.html">网站首页</a> » <a href="/zwgk/gk/">信息公开</a> » 年报</p>',
        '<ol class="breadcrumb"><li><a href="/">首页</a></li><li><a href="/zwgk/gk/">公开</a></li><li>年报</li></ol>',
        '<td>您所在的位置：<a href="http://www.a.gov.cn">门户首页</a>-<a href="../gk/">公开</a>-<a href="index.html">年报</a></td>',
        '<span><a href="/">主页</a> / <a href="/zwgk/gk/">公开</a> / <a href="/zwgk/nb_7102/">年报</a></span>',
    ],
)
def test_the_step_above_is_found_by_words_by_name_and_by_form(crumbs: str):
    page = Page(URL, f"<html><body>{MENU}<div><div>{crumbs}</div>{MENU}</div></body></html>".encode())
    assert steps_above(page) == ["http://www.a.gov.cn/zwgk/gk/"]


def test_the_nearest_step_comes_first():
    text = '当前位置：<a href="/">首页</a>><a href="/a/">政务公开</a>><a href="/a/b/">信息公开</a>><a href="/a/b/c/">法定内容</a>'
    found = steps_above(Page(URL, f"<div>{text}</div>".encode()))
    assert [url.removeprefix("http://www.a.gov.cn") for url in found] == ["/a/b/c/", "/a/b/", "/a/"]


@pytest.mark.parametrize(
    "body", [MENU, '<div><a href="/">首页</a> <a href="/xw/">新闻</a></div>', "", '<p>位置：<a href="/x/">地图</a></p>']
)
def test_a_menu_is_no_breadcrumb(body: str):
    assert steps_above(Page(URL, f"<html><body>{body}</body></html>".encode())) == []
