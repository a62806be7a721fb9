"""Rules between a government and the bodies and places in it: a blank above is no zero."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.checks.all import across
from archive.checks.levels import across_levels
from archive.checks.twins import twins
from tests.archive.checks.reports import Cells, bureau, county, report, told


def test_a_part_is_not_above_its_whole() -> None:
    whole = county({"req_new__total": 10, "review__total": 1})
    good = bureau({"req_new__total": 10, "review__total": 0}, "good")
    bad = bureau({"req_new__total": 11, "review__total": 0}, "bad")
    town = bureau({"req_new__total": 2}, "town", "township_government", "410825101")
    customs = bureau({"req_new__total": 99}, "customs", "vertical_agency")
    elsewhere = bureau({"req_new__total": 99}, "bureau", "department", "410822")
    found = told(list(across_levels([whole, good, bad, town, customs, elsewhere])), "L_GOV_GE_PART")
    assert found == {
        ("410825-gov-2021-main", "410825-good"): "pass",
        ("410825-gov-2021-main", "410825-bad"): "fail",
        ("410825-gov-2021-main", "410825101-town"): "pass",
    }


@pytest.mark.parametrize(
    ("whole", "part", "expected"),
    [
        ({"req_new__total": None, "review__total": 1}, {"req_new__total": 3}, "not_assessable"),
        (
            {"req_new__total": None, "review__total": 1},
            {"req_new__total": 3, "review__total": 1},
            "fail_if_blank_as_zero",
        ),
        ({"req_new__total": None, "review__total": 1}, {"req_new__total": 0, "review__total": 1}, "pass_blank_as_zero"),
        ({"req_new__total": 5}, {"req_new__total": None}, None),
    ],
)
def test_blanks_between_levels(whole: Cells, part: Cells, expected: str | None) -> None:
    found = told(list(across_levels([county(whole), bureau(part)])), "L_GOV_GE_PART")
    assert found.get(("410825-gov-2021-main", "410825-bureau")) == expected


@pytest.mark.parametrize(
    ("form", "whole", "part", "expected"),
    [
        # The form of 2021 has no row of its own for all other outcomes, that of 2019 no rows below it.
        ("fmt2021", {"req_new__total": 5}, {"req_new__total": 2, "req_other__total": 3}, "pass"),
        ("fmt2019", {"req_new__total": 5}, {"req_new__total": 2, "req_other_misc__total": 3}, "pass"),
        # Subtotals are printed by whom they please.
        ("fmt2021", {"req_new__total": 5}, {"req_new__total": 2, "req_denied__total": 3}, "pass"),
        ("fmt2021", {"req_new__total": 5, "req_denied__total": 2}, {"req_denied__total": 3}, "fail"),
        # What the form has is a blank where it is left out, as where it is printed and empty.
        ("fmt2021", {"req_new__total": 5}, {"req_new__total": 2, "req_granted__total": 3}, "fail_if_blank_as_zero"),
        ("fmt2019", {"req_new__total": 5}, {"req_new__total": 2, "req_other__total": 3}, "fail_if_blank_as_zero"),
        (
            "fmt2021",
            {"req_new__total": 5, "req_granted__total": None},
            {"req_new__total": 2, "req_granted__total": 0},
            "pass_blank_as_zero",
        ),
        (
            "fmt2021",
            {"req_new__total": 5, "req_granted__total": "?"},
            {"req_new__total": 2, "req_granted__total": 3},
            "pass",
        ),
    ],
)
def test_what_the_form_of_the_whole_has_not_is_not_compared(
    form: str, whole: Cells, part: Cells, expected: str
) -> None:
    above = report(2021, whole, template=form)
    found = told(list(across_levels([above, bureau(part)])), "L_GOV_GE_PART")
    assert found == {("410825-gov-2021-main", "410825-bureau"): expected}


def test_a_table_of_the_whole_that_was_not_found_is_not_compared() -> None:
    whole = dataclasses.replace(county({"req_new__total": 5}), missing=frozenset({"review__total"}))
    part = {"req_new__total": 2, "review__total": 3}
    name = ("410825-gov-2021-main", "410825-bureau")
    assert told(list(across_levels([whole, bureau(part)])), "L_GOV_GE_PART") == {name: "pass"}
    alone = {"review__total": 3}
    assert told(list(across_levels([whole, bureau(alone)])), "L_GOV_GE_PART") == {}


def test_only_reports_of_a_whole_place_are_compared() -> None:
    part = bureau({"req_new__total": 99})
    assert list(across_levels([county({"req_new__total": 1}, "unclear"), part])) == []


def test_coverage_counts_nothing_twice() -> None:
    cells = {"req_new__total": 100}
    city = report(2021, cells, agency="410800-gov", division="410800")
    own = bureau({"req_new__total": 20}, "bureau", "department", "410800")
    below = county({"req_new__total": 30})
    inside_the_county = bureau({"req_new__total": 7})
    found = [check for check in across_levels([city, own, below, inside_the_county]) if check.rule == "L_SUM"]
    of_city = next(check for check in found if check.report_id == "410800-gov-2021-main")
    assert (of_city.lhs, of_city.rhs, of_city.outcome) == (Decimal(50), Decimal(100), "pass")
    assert of_city.others == ("410800-bureau-2021-main", "410825-gov-2021-main")
    of_county = next(check for check in found if check.report_id == "410825-gov-2021-main")
    assert (of_county.lhs, of_county.rhs) == (Decimal(7), Decimal(30))


def test_coverage_of_a_blank_is_not_assessable() -> None:
    found = list(across_levels([county({"req_new__total": None}), bureau({"req_new__total": 7})]))
    assert told(found, "L_SUM") == {("410825-gov-2021-main", "req_new__total"): "not_assessable"}


def test_the_office_and_its_government() -> None:
    whole = county({"req_new__total": 10})
    office = bureau({"req_new__total": 12}, "office", "government_office")
    assert told(list(across_levels([whole, office])), "L_OFFICE") == {("410825-gov-2021-main", "410825-office"): "fail"}
    lower = bureau({"req_new__total": 12}, "office", "government_office", "410822")
    assert told(list(across_levels([whole, lower])), "L_OFFICE") == {}


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("permit_decisions", "fail"), ("review__total", "fail"), ("req_new__total", "fail"), ("req_new__natural", "pass")],
)
def test_an_office_is_held_by_totals(code: str, outcome: str) -> None:
    same = {"req_granted__total": 1}
    office = bureau({code: 6, **same}, "office", "government_office")
    found = told(list(across_levels([county({code: 5, **same}), office])), "L_OFFICE")
    assert found == {("410825-gov-2021-main", "410825-office"): outcome}


def test_an_office_is_part_of_its_government_where_the_scope_is_not_said() -> None:
    office = bureau({"req_new__total": 12}, "office", "government_office")
    unclear = told(list(across_levels([county({"req_new__total": 10}, "unclear"), office])), "L_OFFICE")
    assert unclear == {("410825-gov-2021-main", "410825-office"): "fail"}
    own = told(list(across_levels([county({"req_new__total": 10}, "own_agency"), office])), "L_OFFICE")
    assert own == {}


def test_unreadable_cells_are_left_out_between_levels_and_twins() -> None:
    whole = county({"req_new__total": "?", "review__total": 1})
    found = told(list(across_levels([whole, bureau({"req_new__total": 3, "review__total": 1})])), "L_GOV_GE_PART")
    assert found == {("410825-gov-2021-main", "410825-bureau"): "pass"}
    assert not [check for check in across_levels([whole, bureau({"req_new__total": 3})]) if check.rule == "L_SUM"]
    (check,) = twins(report(2021, {"a": 1, "b": "?"}), report(2021, {"a": 1, "b": 3}))
    assert check.outcome == "pass"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(-3, 3))
def test_a_whole_that_is_the_sum_of_its_parts_is_covered(parts: list[int], more: int) -> None:
    whole = max(0, sum(parts) + more)
    members = [bureau({"req_new__total": value}, f"bureau{index}") for index, value in enumerate(parts)]
    found = across([county({"req_new__total": whole}), *members])
    failed = [target for (_, target), outcome in told(found, "L_GOV_GE_PART").items() if outcome == "fail"]
    assert sorted(failed) == sorted(f"410825-bureau{index}" for index, value in enumerate(parts) if value > whole)
    sums = [check for check in found if check.rule == "L_SUM"]
    assert [check.lhs for check in sums] == [Decimal(sum(parts))]
