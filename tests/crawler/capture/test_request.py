"""Asks and plans: keys, hosts, and what is recorded of them."""

from __future__ import annotations

from archive.metadata import Hint
from crawler.capture.request import CaptureRequest, Render


def test_a_key_knows_the_purpose_and_the_steps_and_nothing_else() -> None:
    url = "http://a.gov.cn/list#2"
    keys = {
        CaptureRequest(purpose="list").key("GET", url),
        CaptureRequest(purpose="report").key("GET", url),
        CaptureRequest(purpose="list").key("POST", url, b"page=2"),
        CaptureRequest(purpose="list", render=Render()).key("GET", url),
        CaptureRequest(purpose="list", render=Render(clicks=("a.next",))).key("GET", url),
    }
    assert len(keys) == 5
    assert CaptureRequest(purpose="list", hints=Hint(year=2024), conditional=False).key("get", url) in keys


def test_time_and_picture_do_not_make_another_page() -> None:
    assert Render(timeout=1.0, screenshot=False).digest() == Render().digest()
    assert Render(wait_for="li").digest() != Render().digest()
