"""What of its form a report has not."""

from __future__ import annotations

import pytest

from parsers.forms import templates
from parsers.forms.lacking import lacking, lacking_rows

FORMS = templates.load()


def cells(form: str, *without: str) -> set[str]:
    return {code for code in FORMS.forms[form].codes() if not code.startswith(without)}


@pytest.mark.parametrize("form", sorted(FORMS.forms))
def test_a_report_that_prints_its_whole_form_lacks_nothing(form: str) -> None:
    assert lacking(form, cells(form, "-"), FORMS) == {}


@pytest.mark.parametrize(
    ("form", "without", "table"),
    [
        ("fmt2021", "req_granted__", "requests"),
        ("fmt2019", "review__", "remedies"),
        ("fmt2021", "req_new__total", "requests"),
    ],
)
def test_what_is_left_out_is_lacking(form: str, without: str, table: str) -> None:
    expected = tuple(code for code in FORMS.forms[form].codes() if code.startswith(without))
    assert lacking(form, cells(form, without), FORMS) == {table: expected}


def test_what_another_form_prints_in_its_place_is_not_lacking() -> None:
    mixed = cells("fmt2021", "req_other_") | {code for code in cells("fmt2019", "-") if code.startswith("req_other__")}
    assert lacking("fmt2021", mixed, FORMS) == {}
    assert len(lacking("fmt2021", cells("fmt2021", "req_other_"), FORMS)["requests"]) == 21


@pytest.mark.parametrize("form", [None, "no_tables"])
def test_without_a_form_nothing_is_lacking(form: str | None) -> None:
    assert lacking(form, set(), FORMS) == {}


def test_a_row_is_told_with_what_it_lacks() -> None:
    table = FORMS.forms["fmt2021"].tables["requests"]
    ((row, own, lost),) = lacking_rows("requests", table, cells("fmt2021", "req_new__total"), FORMS)
    assert (row, len(own), lost) == ("req_new", 7, ["req_new__total"])
