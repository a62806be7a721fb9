"""What stands in shadow roots and frames stands in the picture of a page."""

from __future__ import annotations

import pytest

from crawler import BrowserError
from crawler.capture.browser.browser import Browser
from crawler.capture.request import CaptureRequest, Render
from crawler.crawl_plan import PageLimits
from tests.crawler.capture.browser.test_browser import Network, html

pytestmark = pytest.mark.browser
URL = "http://www.a.gov.cn/zwgk/"
PAGE = """<!DOCTYPE html><title>年报</title><body><h1>列表</h1>
<x-open></x-open><x-closed></x-closed>
<x-said><template shadowrootmode="closed"><p>声明的</p></template><b slot=none>不显示</b></x-said>
<iframe srcdoc="<p>旧的</p><script>document.body.innerHTML='<p>文档内的 &amp;quot;</p>'</script>"></iframe>
<iframe src="in/frame.html" class=f></iframe><iframe src="http://elsewhere.example.com/x"></iframe>
<template><i>模板不显示</i></template><script>
document.querySelector('x-open').attachShadow({mode:'open'}).innerHTML='<style>p{color:red}</style><p>开放的</p><y-in></y-in>';
document.querySelector('x-open').shadowRoot.querySelector('y-in').attachShadow({mode:'closed'}).innerHTML='<p>最里的</p>';
document.querySelector('x-closed').attachShadow({mode:'closed'}).innerHTML='<a href="r.html">封闭的</a>';
Element.prototype.getHTML=()=>'假'+'的';
</script>"""


async def test_shadow_roots_and_frames_stand_in_dom_and_text(browser: Browser) -> None:
    plain = "<!DOCTYPE html><html><head></head><body><p>只有正文</p></body></html>"
    network = Network(
        {
            URL: html(PAGE),
            URL + "in/frame.html": html("<head></head><ul><li><a href='1.html'>框架里的</a></li></ul>"),
            "http://www.a.gov.cn/plain": html(plain),
        }
    )
    steps = Render(screenshot=False)
    rendered = await browser.render(URL, steps, CaptureRequest(), network)
    dom, text = rendered.html.decode(), rendered.text.decode()
    for words in ("开放的", "最里的", "封闭的", "声明的", "文档内的", "框架里的"):
        assert words in dom
        assert words in text
    assert "假的" not in dom
    assert "模板不显示" not in text
    assert "color:red" not in text
    assert dom.count('<template shadowrootmode="open">') == 1
    assert dom.count('<template shadowrootmode="closed">') == 3
    assert "&lt;base href=&quot;http://www.a.gov.cn/zwgk/in/frame.html&quot;&gt;" in dom
    assert "gongkai-" not in dom
    assert "chrome-error" not in dom
    # A page without either is written as ever.
    assert (await browser.render("http://www.a.gov.cn/plain", steps, CaptureRequest(), network)).html.decode() == plain
    with pytest.raises(BrowserError, match="DOM of more than 40 characters"):
        await browser.render(
            "http://www.a.gov.cn/plain", steps, CaptureRequest(), network, limits=PageLimits(characters=40)
        )
