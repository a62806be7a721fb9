"""A document with more in it than any report has is refused, by what it holds and never by the clock."""

from __future__ import annotations

import pytest

from parsers import Hints, OversizedDocument, parse
from parsers.document import Cell, Document, Locator, Table, Text
from parsers.formats import limits, read_document

HERE = Locator.of("html", path="html")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits, small enough to be met in no time."""
    for name, most in (("MAX_ELEMENTS", 200), ("MAX_CELLS", 30), ("MAX_CHARACTERS", 500)):
        monkeypatch.setattr(limits, name, most)


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("<table>" + ("<tr>" + "<td>1</td>" * 400 + "</tr>") * 100 + "</table>", "elements"),  # known before parsing
        ("<p>x" * 250, "elements"),
        ("<iframe srcdoc='" + "<p>x" * 150 + "'></iframe><div>" + "<p>y" * 80, "elements"),  # frames count together
        (
            "<p>" + "".join(f"<b id=a{n}>" for n in range(30)) + "</p>" + "<p>z</p>" * 20,
            "elements",
        ),  # what a parser adds of its own
        ("<table><tr>" + "<td>1" * 40 + "</table>", "cells"),
        ("<p>" + "年" * 501, "characters"),
        ("年" * 501, "characters"),
        ("a\t1\n" * 16, "cells"),
    ],
)
def test_more_than_a_report_holds_is_refused_by_name(page: str, what: str) -> None:
    hints = Hints(url="http://www.a.gov.cn/1", media_type="text/html" if page.startswith("<") else "text/plain")
    with pytest.raises(OversizedDocument, match=what) as caught:
        read_document(page.encode(), hints)
    assert caught.value.subject == "http://www.a.gov.cn/1"
    found = parse(page.encode(), hints)
    assert (found.outcome, [issue.code for issue in found.issues]) == ("unreadable", ["oversized"])
    assert what in found.issues[0].message


@pytest.mark.parametrize(
    "page",
    [
        "<p>x</p>" * 190,
        "<table><tr>" + "<td>1" * 30 + "<td>" * 20 + "</table>",  # empty cells are none
        "<p>" + "年" * 500,
        "<script>" + "'<b>' + " * 500 + "1</script><p>x",  # tags in a script begin nothing
        "<!--" + "<b>" * 500 + "--><p>x",
    ],
)
def test_as_much_as_the_limit_says_is_read(page: str) -> None:
    assert read_document(page.encode(), Hints(media_type="text/html")).blocks


def test_all_tables_and_texts_of_a_document_count_together() -> None:
    rows = tuple(Cell("1", n, 0, HERE) for n in range(16))
    limits.check_document(Document("text/html", (Table(rows, HERE),)))
    with pytest.raises(OversizedDocument, match="cells"):
        limits.check_document(Document("text/html", (Table(rows, HERE), Table(rows, HERE))))
    with pytest.raises(OversizedDocument, match="characters"):
        limits.check_document(Document("text/html", (Text("a" * 300, HERE), Text("b" * 300, HERE))))


def test_the_limits_are_many_times_what_reports_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    longest = {"MAX_ELEMENTS": 2_000, "MAX_CELLS": 1_000, "MAX_CHARACTERS": 100_000}
    assert all(getattr(limits, name) >= 10 * most for name, most in longest.items())
