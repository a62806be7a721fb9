"""Rules over several reports, on series of three years and two levels; blanks and missing years are never zeros."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.checks.all import across
from archive.checks.levels import across_levels
from archive.checks.report_figures import CrossCheck, ReportFigures
from archive.checks.twins import twins
from archive.checks.years import across_years
from parsers._rulefile import load
from parsers.checks import rules

Cells = Mapping[str, int | str | None]


def report(
    year: int,
    cells: Cells,
    *,
    agency: str = "410825-gov",
    kind: str = "people_government",
    division: str | None = "410825",
    template: str = "fmt2021",
    scope: str = "jurisdiction",
    text: str = "",
) -> ReportFigures:
    """A report; None is a blank, ``?`` a cell that could not be read for certain."""
    figures = {code: None if value is None else Decimal(value) for code, value in cells.items() if value != "?"}
    unreadable = frozenset(code for code, value in cells.items() if value == "?")
    name = f"{agency}-{year}-main"
    return ReportFigures(name, agency, kind, division, year, template, scope, figures, text, unreadable)


def told(checks: list[CrossCheck] | tuple[CrossCheck, ...], rule: str) -> dict[tuple[str, str], str]:
    return {(check.report_id, check.target): check.outcome for check in checks if check.rule == rule}


# -- three years


def carry(year: int, carried_in: int | None, carried_out: int | None, **more: int | str | None) -> ReportFigures:
    return report(year, {"req_carried_in__total": carried_in, "req_carried_out__total": carried_out, **more})


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
    ],
)
def test_jumps(before: int | None, after: int, expected: str) -> None:
    found = across_years([report(2020, {"req_new__total": before}), report(2021, {"req_new__total": after})])
    assert told(list(found), "X_JUMP") == {("410825-gov-2021-main", "req_new__total"): expected}


def test_suits_may_follow_the_reconsiderations_of_the_year_before() -> None:
    before = report(2020, {"review__total": 3})
    after = report(2021, {"review__total": 1, "suit_after_review__total": 4})
    rule = "T4_SUIT_AFTER_REVIEW"
    assert told(list(across_years([before, after])), rule) == {("410825-gov-2021-main", "suit_after_review"): "pass"}
    more = report(2021, {"review__total": 1, "suit_after_review__total": 5})
    assert told(list(across_years([before, more])), rule) == {("410825-gov-2021-main", "suit_after_review"): "fail"}
    fewer = report(2021, {"review__total": 6, "suit_after_review__total": 5})
    assert told(list(across_years([before, fewer])), rule) == {}


# -- two levels


def county(cells: Cells, scope: str = "jurisdiction") -> ReportFigures:
    return report(2021, cells, scope=scope)


def bureau(cells: Cells, name: str = "bureau", kind: str = "department", division: str = "410825") -> ReportFigures:
    return report(2021, cells, agency=f"{division}-{name}", kind=kind, division=division, scope="own_agency")


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


def test_an_office_is_part_of_its_government_where_the_scope_is_not_said() -> None:
    office = bureau({"req_new__total": 12}, "office", "government_office")
    unclear = told(list(across_levels([county({"req_new__total": 10}, "unclear"), office])), "L_OFFICE")
    assert unclear == {("410825-gov-2021-main", "410825-office"): "fail"}
    own = told(list(across_levels([county({"req_new__total": 10}, "own_agency"), office])), "L_OFFICE")
    assert own == {}


# -- cells that could not be read for certain are no blanks


def test_nothing_is_said_of_an_unreadable_cell() -> None:
    before = report(2020, {"req_carried_out__total": "?", "req_new__total": "?"})
    after = report(2021, {"req_carried_in__total": 3, "req_new__total": 900})
    assert {check.outcome for check in across_years([before, after])} == {"not_assessable"}
    zero = report(2021, {"req_carried_in__total": 0})
    assert told(list(across_years([before, zero])), "X_CARRY") == {("410825-gov-2021-main", "total"): "not_assessable"}


def test_unreadable_cells_are_left_out_between_levels_and_twins() -> None:
    whole = county({"req_new__total": "?", "review__total": 1})
    found = told(list(across_levels([whole, bureau({"req_new__total": 3, "review__total": 1})])), "L_GOV_GE_PART")
    assert found == {("410825-gov-2021-main", "410825-bureau"): "pass"}
    assert not [check for check in across_levels([whole, bureau({"req_new__total": 3})]) if check.rule == "L_SUM"]
    (check,) = twins(report(2021, {"a": 1, "b": "?"}), report(2021, {"a": 1, "b": 3}))
    assert check.outcome == "pass"


# -- rules that are YAML alone

ACROSS = """
sets: {}
rules:
  - {id: N_ROLL, kind: roll_forward, scope: cross_year, severity: warn, polarity: must_hold, en: x, exceptions: none,
     target: t, left: [stock], right: ["stock@prev", made]}
  - {id: N_BACK, kind: compare, scope: within, severity: warn, polarity: must_hold, en: x, exceptions: none,
     target: t, left: [later], op: "<=", right: [made], right_previous: ["made@prev"]}
  - {id: N_JUMP, kind: jump, scope: cross_year, severity: info, polarity: finding, en: x, exceptions: none,
     target: t, left: [made], right: ["made@prev"], factor: 2, least: 1}
  - {id: N_COPY, kind: copy, scope: cross_agency, severity: info, polarity: finding, en: x, exceptions: none,
     target: t, least_distinct: 2, similarity: "0.9"}
  - {id: N_PART, kind: part, scope: cross_level, severity: warn, polarity: must_hold, en: x, exceptions: none,
     codes: [made], wholes: [people_government]}
  - {id: N_SUM, kind: coverage, scope: cross_level, severity: info, polarity: note, en: x, exceptions: none,
     codes: [made], wholes: [people_government]}
  - {id: N_TWIN, kind: twin, scope: cross_form, severity: warn, polarity: must_hold, en: x, exceptions: none}
"""


def test_rules_over_several_reports_are_yaml_alone(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(ACROSS, encoding="utf-8")
    using = load(path)
    before, after = report(2020, {"stock": 5, "made": 1}), report(2021, {"stock": 9, "made": 4, "later": 5})
    part = bureau({"stock": 9, "made": 4, "later": 5})
    outcomes = {(check.rule, check.report_id[:10]): check.outcome for check in across([before, after, part], using)}
    assert outcomes == {
        ("N_ROLL", "410825-gov"): "pass",
        ("N_BACK", "410825-gov"): "pass",
        ("N_JUMP", "410825-gov"): "fail",
        ("N_COPY", "410825-gov"): "fail",
        ("N_PART", "410825-gov"): "pass",
        ("N_SUM", "410825-gov"): "pass",
    }
    (check,) = twins(before, after, using)
    assert (check.rule, check.outcome) == ("N_TWIN", "fail")
    path.with_name("two.yaml").write_text(
        ACROSS + ACROSS[ACROSS.index("  - {id: N_TWIN") :].replace("N_TWIN", "N_TWINS")
    )
    both = twins(before, after, load(path.with_name("two.yaml")))
    assert [check.rule for check in both] == ["N_TWIN", "N_TWINS"]
    assert {rule.kind for rule in using.rules} == {"compare"} | {
        rule.kind for rule in rules().rules if rule.scope.startswith("cross")
    }


# -- twins


@pytest.mark.parametrize(
    ("page", "file", "expected", "codes"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, "pass", ()),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "fail", ("b",)),
        ({"a": 1, "b": None}, {"a": 1, "b": 3}, "fail_if_blank_as_zero", ("b",)),
        ({"a": 1, "b": None}, {"a": 1, "b": 0}, "pass_blank_as_zero", ()),
        ({"a": 1}, {"a": 1, "b": 0}, "pass_blank_as_zero", ()),
    ],
)
def test_twins(page: Cells, file: Cells, expected: str, codes: tuple[str, ...]) -> None:
    (check,) = twins(report(2021, page), report(2021, file, agency="pdf"))
    assert (check.rule, check.outcome, check.codes, check.others) == ("X_TWIN", expected, codes, ("pdf-2021-main",))


def test_twins_without_anything_in_common() -> None:
    assert not list(twins(report(2021, {}), report(2021, {"a": 1})))
    assert not list(twins(report(2021, {"a": None}), report(2021, {"a": 1})))


# -- verdicts hang on evidence


def test_evidence_changes_with_what_a_finding_rests_on_and_with_nothing_else() -> None:
    (first,) = across([carry(2020, 0, 2), carry(2021, 4, 3)])
    (again,) = across([carry(2021, 4, 3, review__total=1), carry(2020, 7, 2)])
    (other,) = across([carry(2020, 0, 1), carry(2021, 4, 3)])
    assert first.finding == again.finding == other.finding
    assert first.evidence == again.evidence
    assert first.evidence != other.evidence


def test_a_blank_and_a_zero_are_other_evidence() -> None:
    (blank,) = across([carry(2020, 0, None), carry(2021, 0, 3)])
    (zero,) = across([carry(2020, 0, 0), carry(2021, 0, 3)])
    assert (blank.outcome, zero.outcome) == ("pass_blank_as_zero", "pass")
    assert blank.evidence != zero.evidence


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


@given(st.permutations(range(4)))
def test_the_order_of_reports_changes_nothing(order: list[int]) -> None:
    cells = {"req_new__total": 7, "req_granted__total": 5, "req_partial__total": 2}
    reports = [
        carry(2020, 0, 2),
        carry(2021, 1, 2, **cells),
        bureau(cells),
        report(2022, cells, agency="c", text="各项工作取得了新的进展。" * 40),
    ]
    assert across([reports[index] for index in order]) == across(reports)


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
