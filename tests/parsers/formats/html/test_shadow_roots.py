"""What declared shadow roots and frames hold is read where a browser shows it."""

from __future__ import annotations

import time

import pytest

from crawler.cms import Page
from parsers.formats.html import dom, tree
from parsers.formats.html.shadow_roots import MOST_NESTED, composed, with_frames, with_shadows, within_depth

LIST = "<ul><li><a href='/n/1.html'>某县2024年政府信息公开工作年度报告</a></li></ul>"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<x-a><template shadowrootmode=open><p>一</p></template></x-a>", "<x-a><div><p>一</p></div></x-a>"),
        (
            "<x-a><TEMPLATE id='>' ShadowRootMode='closed'>a<template><i>不</i></template>b</TEMPLATE>c</x-a>",
            "<x-a><div>a<template><i>不</i></template>b</div>c</x-a>",
        ),
        (
            "<a-b><template shadowrootmode=open>1<c-d><template shadowrootmode=open>2</template></c-d></template>3",
            "<a-b><div>1<c-d><div>2</div></c-d></div>3",
        ),
        (
            "<script>'<template shadowrootmode=open>'</script><!-- <template shadowrootmode=open> --><p>好",
            "<script>'<template shadowrootmode=open>'</script><!-- <template shadowrootmode=open> --><p>好",
        ),
        ("<template><b>x</b></template> shadowrootmode", "<template><b>x</b></template> shadowrootmode"),
        ("</template><template shadowrootmode=open>x", "</template><div>x"),
    ],
)
def test_shadow_roots(page: str, shown: str) -> None:
    assert with_shadows(page) == shown


def test_frames_with_a_base_of_their_own() -> None:
    head = "<head><title>框</title><base href=&quot;http://a.gov.cn/x/&quot;></head>"
    inner = f"<html>{head}<body><a href=&quot;1.html&quot;>"
    page = f"<p>前</p><iframe class=f srcdoc=\"{inner}报告&amp;amp;</a><a href='#t'>顶</a></body></html>\"></iframe>后"
    shown = with_frames(page)
    assert '<p>前</p><div><a href="http://a.gov.cn/x/1.html">报告&amp;</a>' in shown
    assert "<a href='#t'>顶</a></div><iframe class=\"f\"></iframe>后" in shown
    assert "框" not in shown
    nested = "<iframe srcdoc='<iframe srcdoc=&quot;<p>深</p>&quot;></iframe>'></iframe>"
    assert "<p>深</p>" in with_frames(nested)


@pytest.mark.parametrize(
    "page",
    [
        f"<x-list><template shadowrootmode='closed'>{LIST}</template></x-list>",
        f'<iframe srcdoc="{LIST}"></iframe>',
        f'<iframe srcdoc="<x-l><template shadowrootmode=open>{LIST}</template></x-l>"></iframe>',
    ],
)
def test_lists_and_reports_inside_are_read(page: str) -> None:
    found = Page("http://www.a.gov.cn/zwgk/", f"<html><body>{page}</body></html>".encode())
    assert [row.url for row in found.links] == ["http://www.a.gov.cn/n/1.html"]
    assert "某县2024年" in found.visible
    assert "某县2024年" in dom.plain_text(tree.parse(page))


def test_what_is_not_shown_stays_unread() -> None:
    page = f"<template>{LIST}</template><iframe src=x></iframe>"
    assert composed(page) == page
    assert "某县2024年" not in dom.plain_text(tree.parse(page))


@pytest.mark.parametrize(
    "token", ["<template shadowrootmode=open>", "<iframe srcdoc='", "<script>", "<!--", "<a href='"]
)
def test_pages_made_to_be_slow_are_not(token: str) -> None:
    page = "<base href='x'>srcdoc shadowrootmode" + token * (300_000 // len(token))
    begun = time.process_time()
    composed(page)
    composed(f'<iframe srcdoc="{page}">')
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("opening", ["<div>", "<div id='app'><div>", "<ul><li>", "<table><tr><td>", "<SPAN\n>"])
def test_what_is_nested_without_end_stands_side_by_side(opening: str) -> None:
    started = time.monotonic()
    page = Page("http://www.a.gov.cn/n/", f"{opening * 20_000}{LIST}".encode())
    assert [row.url for row in page.links] == ["http://www.a.gov.cn/n/1.html"]
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * (MOST_NESTED - 1) + LIST + "</div>" * (MOST_NESTED - 1),
        "<div><p>一</p></div>" * 2 * MOST_NESTED,
        "<li>一" * 2 * MOST_NESTED,
        "</div>" * 9 + "<div>一",
    ],
)
def test_what_people_nest_stays_as_it_is(page: str) -> None:
    assert within_depth(page) == page


def test_what_is_nested_too_deep_keeps_its_text_and_its_attributes() -> None:
    page = "<div>" * MOST_NESTED + "<div data-url='/a/'>甲<div>乙</div></div>丙" + "</div>" * MOST_NESTED + "丁"
    flat = "<div>" * MOST_NESTED + "<div data-url='/a/'></div>甲<div></div>乙丙" + "</div>" * MOST_NESTED + "丁"
    assert within_depth(page) == flat
