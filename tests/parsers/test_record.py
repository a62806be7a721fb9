from __future__ import annotations

from decimal import Decimal

import pytest

from parsers import AnnualReport, Check, Division, Figure, Issue, Locator, Section, decimal_text

WHERE = Locator.of("text", line=3, start=0, end=1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("25.1000", "25.1"),
        ("1E+3", "1000"),
        ("0.0922", "0.0922"),
        ("-4", "-4"),
        ("180000.17", "180000.17"),
    ],
)
def test_decimals_are_canonical_text(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


def test_no_value_is_no_text() -> None:
    assert decimal_text(None) is None


def test_a_report_prints_its_facts_among_its_cells() -> None:
    figure = Figure("req_new__total", Decimal("7.0"), "number", " 7", WHERE, "件", alternatives=("7",))
    fact = Figure(
        "prose_req_received", Decimal(7), "number", "7件", Locator.of("prose", start=0, end=2), method="prose"
    )
    check = Check("T3_ROW_SUM", "req_new", Decimal(7), None, "error", "not_assessable", ("req_new__total",))
    report = AnnualReport(
        "report",
        "text/plain",
        "gongkai-parsers/1",
        "sha256:0",
        division=Division("410825", "温县", "county"),
        cells=(figure,),
        prose=(fact,),
        sections=(Section(1, "一、总体情况", "正文", WHERE),),
        checks=(check,),
        issues=(Issue("unit_assumed", "no unit"),),
        sources=(("year", "title"),),
    )
    printed = report.as_json(path="a.txt", sha256="ab")
    assert [cell["code"] for cell in printed["cells"]] == ["req_new__total", "prose_req_received"]
    assert printed["cells"][0]["value"] == "7"
    assert printed["cells"][0]["locator"] == {"kind": "text", "line": 3, "start": 0, "end": 1}
    assert printed["division"] == {"code": "410825", "name": "温县", "level": "county"}
    assert printed["checks"][0]["codes"] == ["req_new__total"]
    assert printed["issues"] == [{"code": "unit_assumed", "message": "no unit", "locator": None}]
    assert (printed["source"]["path"], printed["sources"]) == ("a.txt", {"year": "title"})


def test_a_locator_comes_back_from_its_json() -> None:
    box = Locator.of("pdf", page=2, box=(1.0, 2.0, 3.0, 4.0), missing=None)
    again = Locator.from_json(box.as_json())
    assert again.as_json() == box.as_json() == {"kind": "pdf", "page": 2, "box": [1.0, 2.0, 3.0, 4.0]}
    assert again.get("missing") is None
