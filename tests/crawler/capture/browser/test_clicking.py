"""What a reader clicks in a page is clicked, and a choice chosen."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from crawler.capture.browser.browser import Browser
from crawler.capture.request import CaptureRequest, Render
from tests.crawler.capture.browser.test_browser import Network, html

pytestmark = pytest.mark.browser
URL = "http://www.a.gov.cn/list"
SHOW = "<p id=l></p><script>const show=t=>{l.textContent='看见'+t}</script>"


@pytest.mark.parametrize(
    ("page", "selector", "shown"),
    [
        (f"{SHOW}<span id=a onclick=show(1)>2023年</span>", "#a", "1"),
        (f"{SHOW}<ul style='display:none'><li id=b onclick=show(2)>2022年</li></ul>", "#b", "2"),
        (
            f"{SHOW}<select onchange=show(this.value)><option>1<option>2<option>3</select>",
            "select > option:nth-of-type(3)",
            "3",
        ),
        (
            f"{SHOW}<select id=s><option>1<option>2</select><script>s.addEventListener('input',()=>show(s.value))</script>",
            "#s > option:nth-of-type(2)",
            "2",
        ),
        (
            f"{SHOW}<div id=d></div><script>setTimeout(()=>{{d.innerHTML='<button onclick=show(5)>加载更多</button>'}},600)</script>",
            "#d > button",
            "5",
        ),
    ],
)
async def test_it_is_clicked_or_chosen(browser: Browser, page: str, selector: str, shown: str) -> None:
    steps = Render(clicks=(selector,), screenshot=False)
    rendered = await browser.render(URL, steps, CaptureRequest(), Network({URL: html(page)}))
    assert f"看见{shown}" in rendered.html.decode()
    assert rendered.complete


async def test_what_never_comes_is_said(browser: Browser) -> None:
    steps = Render(clicks=("#never",), screenshot=False, timeout=1.5)
    rendered = await browser.render(URL, steps, CaptureRequest(), Network({URL: html("<p>x</p>")}))
    assert "in vain for #never" in rendered.problems[0]
