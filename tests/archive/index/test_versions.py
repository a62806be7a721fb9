"""Runs of captures: what a capture says of its address, and what is one version."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database.models import Capture
from archive.index.versions import Seen, State, _prefer_rendered, find_runs, is_gone, locator_key, state_of
from tests.archive.factory import START


def capture(number: int = 0, **more: object) -> Capture:
    """A capture with just what is looked at here."""
    values = {"kind": "response", "status": 200, "truncated": None, "crawl_id": "c"}
    return Capture(id=f"u{number}", captured_at=START + timedelta(days=number), **{**values, **more})


@pytest.mark.parametrize(
    ("facts", "verdict", "state"),
    [
        ({}, "ok", "content"),
        ({"status": 203}, "ok", "content"),
        ({"kind": "revisit", "status": 304}, "ok", "content"),
        ({"kind": "revisit", "status": 200}, "ok", "content"),
        ({"kind": "rendered", "status": None}, "ok", "content"),
        ({"kind": "rendered", "status": 404}, "ok", "gone"),
        ({"kind": "rendered", "status": 500}, "ok", "nothing"),
        ({"kind": "revisit", "status": 502, "rendered_by": "Chromium/150"}, "ok", "nothing"),
        ({"status": 404}, "ok", "gone"),
        ({"status": 410}, "ok", "gone"),
        ({}, "soft404", "gone"),
        ({}, "blocked", "nothing"),
        ({"status": 404}, "blocked", "nothing"),
        ({"truncated": "disconnect"}, "ok", "nothing"),
        ({"truncated": "disconnect", "status": 404}, "ok", "nothing"),
        ({"status": 302, "location": "/2.html"}, "ok", "nothing"),
        ({"status": 302}, "ok", "content"),
        ({"status": 301, "location": " "}, "ok", "content"),
        ({"status": 307}, "blocked", "nothing"),
        ({"status": 300}, "ok", "nothing"),
        ({"status": 500}, "ok", "nothing"),
        ({"status": 206}, "ok", "nothing"),
        ({"status": None}, "ok", "nothing"),
        ({"status": 304}, "ok", "nothing"),
    ],
)
def test_what_a_capture_says(facts: dict[str, object], verdict: str, state: str) -> None:
    assert state_of(capture(**facts), verdict) == state


@given(st.lists(st.one_of(st.sampled_from("ABC"), st.sampled_from(["gone", "nothing"])), max_size=30))
def test_runs_are_maximal_and_nothing_without_content_ends_one(story: list[str]) -> None:
    seen = [
        Seen(capture(number), "content" if len(key) == 1 else key, content_key=key if len(key) == 1 else None)
        for number, key in enumerate(story)
    ]
    contents = [(item.capture.id, key) for item, key in zip(seen, story, strict=True) if len(key) == 1]
    expected = [
        (key, [capture_id for capture_id, _ in group]) for key, group in groupby(contents, key=lambda pair: pair[1])
    ]
    found = [(run.content_key, [item.capture.id for item in run.captures]) for run in find_runs(seen)]
    assert found == expected
    said = [key for key in story if key != "nothing"]
    assert is_gone(seen) is (bool(said) and said[-1] == "gone")


def test_a_drawn_page_stands_for_its_answer_within_one_crawl() -> None:
    items = [
        Seen(capture(0), "content"),
        Seen(capture(1, kind="rendered"), "content"),
        Seen(capture(2, crawl_id="later"), "content"),
    ]
    _prefer_rendered(items)
    assert [item.state for item in items] == ["nothing", "content", "content"]


@pytest.mark.parametrize(
    ("digest", "drawn", "states"),
    [
        ("sha1:OTHER", "nothing", ["nothing", "content", "nothing", "nothing"]),  # drawn again, and not whole
        ("sha1:SHELL", None, ["nothing", "content", "nothing"]),  # the browser gave it up: the very same shell
        ("sha1:OTHER", None, ["nothing", "content", "content"]),  # the portal made a page of it
    ],
)
def test_a_page_that_was_drawn_once_is_no_shell_later(digest: str, drawn: State | None, states: list[str]) -> None:
    items = [
        Seen(capture(0, digest="sha1:SHELL"), "content"),
        Seen(capture(1, kind="rendered"), "content"),
        Seen(capture(2, crawl_id="later", digest=digest), "content"),
    ]
    if drawn:
        items.append(Seen(capture(3, crawl_id="later", kind="rendered"), drawn))
    _prefer_rendered(items)
    assert [item.state for item in items] == states


def test_a_page_that_was_never_drawn_whole_is_its_bare_answer() -> None:
    items = [Seen(capture(0), "content"), Seen(capture(1, kind="rendered"), "nothing")]
    _prefer_rendered(items)
    assert [item.state for item in items] == ["content", "nothing"]


def test_a_locator_is_text() -> None:
    assert locator_key("POST", "http://a/#/县", None) == '["POST", "http://a/#/县", null]'
