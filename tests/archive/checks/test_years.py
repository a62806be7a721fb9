"""Rules over several reports, on series of three years and two levels; blanks and missing years are never zeros."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.checks.all import across
from archive.checks.report_figures import ReportFigures
from archive.checks.years import across_years
from tests.archive.checks.reports import carry, report, told

# -- three years


def test_carry_over_through_three_years() -> None:
    found = list(across_years([carry(2022, 4, 9), carry(2020, 0, 2), carry(2021, 2, 3)]))
    assert told(found, "X_CARRY") == {
        ("410825-gov-2021-main", "total"): "pass",
        ("410825-gov-2022-main", "total"): "fail",
    }
    broken = next(check for check in found if check.outcome == "fail")
    assert (broken.lhs, broken.rhs, broken.severity) == (Decimal(4), Decimal(3), "error")
    assert broken.others == ("410825-gov-2021-main",)
    assert broken.codes == ("req_carried_in__total", "req_carried_out__total@prev")


def test_a_missing_year_is_no_check() -> None:
    assert told(list(across_years([carry(2020, 0, 2), carry(2022, 7, 3)])), "X_CARRY") == {}


def test_the_first_form_has_no_year_before() -> None:
    assert told(list(across_years([carry(2018, 0, 2), carry(2019, 7, 3)])), "X_CARRY") == {}


@pytest.mark.parametrize(
    ("out", "into", "expected"),
    [
        (None, 3, "not_assessable"),
        (3, None, "not_assessable"),
        (None, 0, "pass_blank_as_zero"),
        (0, None, "pass_blank_as_zero"),
        (None, None, None),
    ],
)
def test_blanks_in_the_carry_over(out: int | None, into: int | None, expected: str | None) -> None:
    found = told(list(across_years([carry(2020, 0, out), carry(2021, into, 0)])), "X_CARRY")
    assert found.get(("410825-gov-2021-main", "total")) == expected


def test_single_columns_only_warn() -> None:
    before = report(2020, {"req_carried_out__natural": 2})
    after = report(2021, {"req_carried_in__natural": 1})
    (check,) = across_years([before, after])
    assert (check.rule, check.target, check.outcome, check.severity) == ("X_CARRY", "natural", "fail", "warn")


def test_another_scope_counts_something_else() -> None:
    before = report(2020, {"req_carried_out__total": 2, "req_new__total": 3}, scope="own_agency")
    after = report(2021, {"req_carried_in__total": 9, "req_new__total": 900})
    assert {check.outcome for check in across_years([before, after])} == {"not_assessable"}


def test_documents_in_force_roll_forward() -> None:
    def stock(year: int, issued: int, repealed: int | None, in_force: int, template: str = "fmt2021") -> ReportFigures:
        cells = {"normdocs_issued": issued, "normdocs_repealed": repealed, "normdocs_in_force": in_force}
        return report(year, cells, template=template)

    found = told(
        list(
            across_years(
                [stock(2021, 1, 1, 10), stock(2022, 5, 2, 13), stock(2023, 1, 0, 20), stock(2024, 0, None, 20)]
            )
        ),
        "X_IN_FORCE",
    )
    assert found == {
        ("410825-gov-2022-main", "normdocs"): "pass",
        ("410825-gov-2023-main", "normdocs"): "fail",
        ("410825-gov-2024-main", "normdocs"): "pass_blank_as_zero",
    }
    assert told(list(across_years([stock(2021, 1, 1, 10, "fmt2019"), stock(2022, 5, 2, 13)])), "X_IN_FORCE") == {}


def test_items_roll_forward() -> None:
    before = report(2019, {"permit_items_prev": 100, "permit_items_change": -4}, template="fmt2019")
    after = report(2020, {"permit_items_prev": 96, "permit_items_change": 0}, template="fmt2019")
    assert told(list(across_years([before, after])), "X_ITEMS") == {("410825-gov-2020-main", "permit"): "pass"}
    wrong = report(2020, {"permit_items_prev": 104}, template="fmt2019")
    assert told(list(across_years([before, wrong])), "X_ITEMS") == {("410825-gov-2020-main", "permit"): "fail"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (10, 61, "fail"),
        (10, 59, "pass"),
        (1, 40, "pass"),
        (61, 10, "fail"),
        (0, 60, "fail"),
        (20, 100, "pass"),
        (None, 900, "not_assessable"),
        (33768, -33677, "fail"),  # nearly as far below zero as it was above
        (-40, 30, "fail"),
        (-20, 20, "pass"),
        (-61, -10, "fail"),
        (-100, -60, "pass"),
    ],
)
def test_jumps(before: int | None, after: int, expected: str) -> None:
    found = across_years([report(2020, {"req_new__total": before}), report(2021, {"req_new__total": after})])
    assert told(list(found), "X_JUMP") == {("410825-gov-2021-main", "req_new__total"): expected}


@pytest.mark.parametrize("form", ["stat2014", "no_tables"])
def test_no_jump_is_asked_about_from_another_kind_of_form(form: str) -> None:
    """The form of 2019 counts something else: nothing there could be compared, whatever was printed."""
    before = report(2018, {"s14_req_received": 3}, template=form)
    after = report(2019, {"req_new__total": 900}, template="fmt2019")
    assert told(list(across_years([before, after])), "X_JUMP") == {}
    later = report(2020, {"req_new__total": 900}, template="fmt2021")
    assert told(list(across_years([after, later])), "X_JUMP") == {("410825-gov-2020-main", "req_new__total"): "pass"}


def test_suits_may_follow_the_reconsiderations_of_the_year_before() -> None:
    before = report(2020, {"review__total": 3})
    after = report(2021, {"review__total": 1, "suit_after_review__total": 4})
    rule = "T4_SUIT_AFTER_REVIEW"
    assert told(list(across_years([before, after])), rule) == {("410825-gov-2021-main", "suit_after_review"): "pass"}
    more = report(2021, {"review__total": 1, "suit_after_review__total": 5})
    assert told(list(across_years([before, more])), rule) == {("410825-gov-2021-main", "suit_after_review"): "fail"}
    fewer = report(2021, {"review__total": 6, "suit_after_review__total": 5})
    assert told(list(across_years([before, fewer])), rule) == {}


@pytest.mark.parametrize(
    ("before", "now", "suits", "expected"),
    [
        (3, None, 2, "pass_blank_as_zero"),
        (3, None, 4, "fail_if_blank_as_zero"),
        (None, None, 0, None),  # within the report already: none of nothing
        (None, None, 2, "not_assessable"),
        ("?", None, 2, "not_assessable"),
        (3, "?", 9, None),  # within the report already: it could not be read
    ],
)
def test_the_year_before_is_asked_where_this_years_reviews_are_blank(
    before: str | int | None, now: str | int | None, suits: int, expected: str | None
) -> None:
    pair = [
        report(2020, {"review__total": before, "req_new__total": 1}),
        report(2021, {"review__total": now, "suit_after_review__total": suits}),
    ]
    found = told(list(across_years(pair)), "T4_SUIT_AFTER_REVIEW")
    assert found.get(("410825-gov-2021-main", "suit_after_review")) == expected


@pytest.mark.parametrize(("year", "asked"), [(2018, False), (2019, False), (2020, True), (2022, True)])
def test_suits_of_2019_have_no_year_before(year: int, asked: bool) -> None:
    pair = [
        report(year - 1, {"review__total": 9}),
        report(year, {"review__total": 1, "suit_after_review__total": 4}),
    ]
    assert bool(told(list(across_years(pair)), "T4_SUIT_AFTER_REVIEW")) == asked


@pytest.mark.parametrize("out", [0, 3])
def test_a_table_that_was_not_found_the_year_before_is_no_blank(out: int) -> None:
    before = dataclasses.replace(report(2020, {"review__total": 1}), missing=frozenset({"req_carried_out__total"}))
    after = report(2021, {"req_carried_in__total": out})
    assert told(list(across_years([before, after])), "X_CARRY") == {("410825-gov-2021-main", "total"): "not_assessable"}


# -- cells that could not be read for certain are no blanks


def test_nothing_is_said_of_an_unreadable_cell() -> None:
    before = report(2020, {"req_carried_out__total": "?", "req_new__total": "?"})
    after = report(2021, {"req_carried_in__total": 3, "req_new__total": 900})
    assert {check.outcome for check in across_years([before, after])} == {"not_assessable"}
    zero = report(2021, {"req_carried_in__total": 0})
    assert told(list(across_years([before, zero])), "X_CARRY") == {("410825-gov-2021-main", "total"): "not_assessable"}


# -- rules that are YAML alone


# -- twins


# -- verdicts hang on evidence


# -- whatever the series


@settings(max_examples=80, deadline=None)
@given(
    carried=st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=3, max_size=3),
    shift=st.integers(0, 3),
    missing=st.sampled_from([None, 2020, 2021, 2022]),
)
def test_a_series_that_carries_over_never_fails(carried: list[int | None], shift: int, missing: int | None) -> None:
    """What one year hands on the next takes over; a blank or a missing year is never a failure by itself."""
    years = [2020, 2021, 2022]
    before = [0, *carried[:-1]]
    series = [carry(year, into, out) for year, into, out in zip(years, before, carried, strict=True) if year != missing]
    found = told(across(series), "X_CARRY")
    assert not [outcome for outcome in found.values() if outcome.startswith("fail")]
    assert len(found) <= max(0, len(series) - 1)
    if shift and missing is None and carried[0] is not None:
        broken = [carry(2020, 0, carried[0]), carry(2021, carried[0] + shift, 0)]
        assert told(across(broken), "X_CARRY") == {("410825-gov-2021-main", "total"): "fail"}


def test_the_series_of_an_agency_are_not_mixed() -> None:
    main = [carry(2020, 0, 3), carry(2021, 3, 0)]
    other = [dataclasses.replace(row, report_id=row.report_id.replace("main", "branch")) for row in
             (carry(2020, 0, 9), carry(2021, 9, 0))]  # fmt: skip
    found = [check for check in across_years([*main, *other]) if check.rule == "X_CARRY"]
    assert [(check.report_id[-6:], check.outcome) for check in found] == [("branch", "pass"), ("1-main", "pass")]


def test_pairs_are_made_of_neighbouring_years_only() -> None:
    series = [carry(year, 0, 0) for year in range(2020, 2025)]
    for check in across(series):
        assert int(check.report_id.split("-")[2]) - int(check.others[0].split("-")[2]) == 1
    assert len({check.finding for check in across(series)}) == len(across(series))
