"""Pages that script fills, and pagers inside the page."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawler.cms import Page
from crawler.spiders.script_pages import WEAK_SIGN, css_path, next_selector, number_selector, part_selectors, shell_sign

URL = "http://www.a.gov.cn/nb/"
TEXT = "<p>" + "正文" * 200 + "</p>"


def page(body: str, url: str = URL) -> Page:
    return Page(url, f"<html>{body if body.startswith('<body') else f'<body>{body}</body>'}</html>".encode())


@pytest.mark.parametrize(
    ("body", "url", "sign"),
    [
        (TEXT + "<li v-for='x in rows'>{{x.title}}</li>", URL, "templates"),
        (TEXT + "<div>数据加载中</div>", URL, "loading"),
        ('<div id="app"></div><script src="a.js"></script>', URL, "application element"),
        (TEXT + "<script>$.ajax({url: '/x'})</script>", URL, WEAK_SIGN),
        (TEXT + "<script></script>", URL + "?gk=4", "tab"),
        (TEXT, URL + "#/list", "hash route"),
        ("<script src='a.js'></script>", URL, "hardly any text"),
        ("<body onload='document.forms[0].submit()'><form></form>", URL, "hardly any text"),
        (f"<body onload='x()'>{TEXT}", URL, None),
        (TEXT, URL, None),
        (TEXT + "<script>var a = 1;</script>", URL, None),
        (TEXT + "<ul id='gklist'></ul><script src='/js/was.js'></script>", URL, "empty list"),
        (TEXT + "<table id='t1'><tbody></tbody></table><script src='/js/t.js'></script>", URL, "empty list"),
        (TEXT + "<div id='newsList'> </div><script>$.get('/x', f)</script>", URL, "empty list"),
        (TEXT + "<ul id='gklist'><li>无</li></ul><script src='/js/was.js'></script>", URL, None),
        (TEXT + "<ul id='pagination'></ul><script src='/js/was.js'></script>", URL, None),
        (TEXT + "<ul id='gklist'></ul>", URL, None),
    ],
)
def test_signs_of_a_page_that_script_fills(body: str, url: str, sign: str | None):
    found = shell_sign(page(body, url))
    assert (found is None) if sign is None else (found is not None and sign in found)


@pytest.mark.parametrize(
    ("pager", "found"),
    [
        ('<a href="javascript:;">下一页</a>', True),
        ("<button>下一页</button>", True),
        ('<a href="index_1.html">下一页</a>', False),
        ('<a class="disabled" href="#">下一页</a>', False),
        ('<li class="is-disabled"><a href="#">下一页</a></li>', False),
        ("<span>上一页</span>", False),
        ("<button onclick='more()'>加载更多</button>", True),
        ("<div><span>点击加载更多</span></div>", True),
        ("<a href='#'>查看更多 ></a>", True),
        ("<a href='/more.html'>查看更多</a>", False),
    ],
)
def test_a_pager_without_addresses_is_found_while_it_is_switched_on(pager: str, found: bool):
    assert (next_selector(page(f'<div id="pages"><i></i>{pager}</div>')) is not None) is found


@pytest.mark.parametrize(
    ("pager", "found"),
    [
        ('<div><a href="javascript:show(0)">1</a><a href="javascript:show(1)">2</a></div>', True),
        ("<ul><li><a>1</a></li><li><a>2</a></li><li>共2页</li></ul>", True),
        ('<div><a href="index.html">1</a><a href="index_1.html">2</a></div>', False),
        ("<table><tr><td><a>1</a></td><td><a>2</a></td></tr></table>", False),
        ("<p><span>第三十条</span><span>1</span><span>2</span></p>", False),
    ],
)
def test_a_pager_that_has_numbers_only(pager: str, found: bool):
    body = page(f"<div>{TEXT}{pager}</div>")
    selector = number_selector(body, 2)
    assert (selector is not None) is found
    if selector:
        assert [entry.text() for entry in body.tree.css(selector)] == ["2"]
    assert number_selector(body, 3) is None


def test_the_path_of_an_element_leads_back_to_it_alone():
    tree = LexborHTMLParser(
        '<div id="p"><ul><li>1</li><li><a>2</a><a>下一页</a></li></ul></div><ul><li><a>x</a></li></ul>'
    )
    node = next(entry for entry in tree.css("a") if entry.text() == "下一页")
    path = css_path(node)
    assert path == "#p > ul:nth-of-type(1) > li:nth-of-type(2) > a:nth-of-type(2)"
    assert [entry.text() for entry in tree.css(path)] == ["下一页"]


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("<div class=tab><span class=on onclick=t(2024)>2024年</span><span onclick=t(2023)>2023年</span></div>", 1),
        (
            "<ul><li class='tab active'><a href='#'>2024</a></li><li><a href='#'>2023</a></li><li>2022年度</li></ul>",
            2,
        ),
        ("<div>2023年</div><div>2022年</div>", 2),
        ("<select><option value=2024>2024年度</option><option value=2023>2023年度</option></select>", 1),
        ("<select><option value=''>请选择</option><option>2024</option><option selected>2023</option></select>", 1),
        ("<select><option value='/n/2024/'>2024</option><option value='/n/2023/'>2023</option></select>", 0),
        ("<ul><li><a href='2024.html'>2024年</a></li><li><a href='2023.html'>2023年</a></li></ul>", 0),
        ("<ul><li onclick=\"location='/24'\">2024年</li><li onclick=\"window.open('/23')\">2023年</li></ul>", 0),
        ("<span>2024年</span>", 0),
        ("<p><span>2024年</span>比<span>2023年</span>多</p>", 0),
        ("<table><tr><td><span>2024</span><span>2023</span></td></tr></table>", 0),
    ],
)
def test_tabs_and_choices_of_years(choice: str, found: int):
    made = page(f"<div id='years'>{choice}</div>")
    selectors = part_selectors(made)
    assert len(selectors) == found
    for selector in selectors:
        (node,) = made.tree.css(selector)
        assert "20" in node.text()
        assert "on" not in (node.attributes.get("class") or "").split()
