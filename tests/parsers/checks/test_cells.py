"""Rules on one report: the five outcomes, every kind of rule, and rules that are YAML alone."""

from __future__ import annotations

import json
import shutil
import typing
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from parsers import ConfigurationError, Division, Figure, Hints, Locator, Section, configuration_directories, sections
from parsers.checks.cells import run
from parsers.checks.load import load, load_rules
from parsers.checks.rules import CELLS, NAMES, PATTERNS, Rule
from parsers.checks.text import Context
from parsers.document import Document, Text
from parsers.formats import read_document
from parsers.forms import templates
from parsers.identity.identity import identify
from parsers.prose import facts
from parsers.prose.part_sums import Part, PartsSum
from parsers.record import Check
from parsers.tables import read_tables
from tests.parsers.checks.kinds import ACROSS_KINDS, ALL_KINDS

WHERE = Locator.of("text", line=1)
COLUMNS = load_rules().members("columns")
PARTS = load_rules().members("applicants")
BLOCKS = load_rules().members("blocks")
PLAIN = Context()
COUNTY = Division("410825", "温县", "county")


def figures(cells: Mapping[str, str | int | None]) -> list[Figure]:
    """Cells: a number, None for a blank, ``?`` for one that could not be read."""
    return [
        Figure(
            code,
            None if value is None or value == "?" else Decimal(value),
            "blank" if value is None else "ambiguous" if value == "?" else "number",
            str(value),
            WHERE,
        )
        for code, value in cells.items()
    ]


def outcomes(cells: Mapping[str, str | int | None], context: Context = PLAIN) -> dict[str, str]:
    return {f"{check.rule}|{check.target}": check.outcome for check in run(figures(cells), context)}


def one(rule: str, cells: Mapping[str, str | int | None], context: Context = PLAIN) -> Check:
    (check,) = [check for check in run(figures(cells), context) if check.rule == rule]
    return check


def row(code: str, parts: list[str | int | None], total: str | int | None) -> dict[str, str | int | None]:
    return {f"{code}__{column}": value for column, value in zip(COLUMNS, [*parts, total], strict=True)}


OURS = {"X_TWIN"}
"""Rules that are not of the reference."""


def test_all_rules_of_the_reference_are_there(shared: Path) -> None:
    reference = yaml.safe_load((shared / "templates.yaml").read_text(encoding="utf-8"))["rules"]
    found = {rule.id for rule in load_rules().rules} - OURS
    assert found == {rule["id"] for rule in reference}
    assert len(found) == 36
    severities = {rule["id"]: rule["severity"] for rule in reference}
    for rule in load_rules().rules:
        if rule.id not in {"X_CARRY", *OURS}:  # X_CARRY: an error on the total, a warning in the columns
            assert rule.severity == severities[rule.id], rule.id


@pytest.mark.parametrize(
    ("parts", "total", "expected"),
    [
        ([1, 2, 0, 0, 0, 3], 6, "pass"),
        ([1, 2, 0, 0, 0, 3], 7, "fail"),
        ([6, None, None, None, None, None], 6, "pass_blank_as_zero"),
        ([5, None, None, None, None, None], 6, "fail_if_blank_as_zero"),
        ([None] * 6, 6, "not_assessable"),
        ([None] * 6, 0, "pass_blank_as_zero"),
        ([7, None, None, None, None, None], None, "not_assessable"),
        ([0, None, None, None, None, None], None, "pass_blank_as_zero"),
        ([None] * 6, None, "not_assessable"),
        ([1, "?", 0, 0, 0, 0], 1, "not_assessable"),
        ([1, 0, 0, 0, 0, 0], "?", "not_assessable"),
    ],
)
def test_the_five_outcomes(parts: list[str | int | None], total: str | int | None, expected: str) -> None:
    assert outcomes(row("req_granted", parts, total))["T3_ROW_SUM|req_granted"] == expected


def test_both_sides_and_the_cells_are_told() -> None:
    check = one("T3_ROW_SUM", row("req_granted", [1, 2, 0, 0, 0, 3], 7))
    assert (check.lhs, check.rhs, check.severity) == (Decimal(6), Decimal(7), "error")
    assert check.codes == (*(f"req_granted__{part}" for part in PARTS), "req_granted__total")


def test_what_is_not_printed_is_not_checked() -> None:
    assert run([], Context()) == run([], Context())
    names = {check.rule for check in run(figures({"req_new__total": 3}), Context())}
    assert "T4_BLOCK_SUM" not in names
    assert "T2_FEE_UNIT" not in names


def outcome_cells(**more: str | int | None) -> dict[str, str | int | None]:
    codes = [code for name in ("denied", "unable", "not_processed") for code in load_rules().members(name)]
    return {f"{code}__total": 0 for code in codes} | {"req_granted__total": 4, "req_partial__total": 1} | more


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"req_other__total": 2, "req_outcome_total__total": 7}, "pass"),
        ({"req_other__total": 2, "req_outcome_total__total": 8}, "fail"),
        (
            {
                "req_other_no_correction__total": 1,
                "req_other_fee_unpaid__total": 0,
                "req_other_misc__total": 2,
                "req_outcome_total__total": 8,
            },
            "pass",
        ),
        # a 2019-style row in a 2021 table, the three of 2021 blank
        (
            {
                "req_other__total": 3,
                "req_other_no_correction__total": None,
                "req_other_fee_unpaid__total": None,
                "req_other_misc__total": None,
                "req_outcome_total__total": 8,
            },
            "pass",
        ),
        ({"req_outcome_total__total": 5}, "pass_blank_as_zero"),
    ],
)
def test_outcomes_with_either_division_of_the_others(more: dict[str, int | None], expected: str) -> None:
    assert outcomes(outcome_cells(**more))["T3_OUTCOME_SUM|total"] == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("unknown", {"T3_BALANCE|total": "not_assessable", "T4_VS_T3|cases": "not_assessable"}),
        ("missing", {"T3_BALANCE|total": "not_assessable", "T4_VS_T3|cases": "not_assessable"}),
        (None, {"T3_BALANCE|total": "pass_blank_as_zero", "T4_VS_T3|cases": "pass_blank_as_zero"}),
    ],
)
def test_what_could_not_be_read_is_no_blank(how: Any, expected: dict[str, str]) -> None:
    cells = {"req_new__total": 5, "req_outcome_total__total": 5}
    lacking = [*("req_carried_in__total", "req_carried_out__total"), *(f"{b}__total" for b in BLOCKS)]
    found = outcomes(cells, Context(unread=dict.fromkeys(lacking, how) if how else {}))
    assert {name: found[name] for name in expected} == expected
    # Of a table that was not found nothing is asked by itself; of one that stands there and was not read, it is.
    assert ("T4_BLOCK_SUM|review" in found) == (how == "unknown")


def test_balance() -> None:
    cells = {
        "req_new__total": 7,
        "req_carried_in__total": 1,
        "req_outcome_total__total": 6,
        "req_carried_out__total": 2,
    }
    assert outcomes(cells)["T3_BALANCE|total"] == "pass"
    assert outcomes(cells | {"req_carried_out__total": 1})["T3_BALANCE|total"] == "fail"
    assert outcomes(cells | {"req_carried_out__total": None})["T3_BALANCE|total"] == "fail_if_blank_as_zero"


def test_a_printed_subtotal() -> None:
    cells: dict[str, str | int | None] = {f"{code}__total": 1 for code in load_rules().members("unable")}
    assert not [name for name in outcomes(cells) if name.startswith("T3_SUBTOTAL")]
    assert outcomes(cells | {"req_unable__total": 3})["T3_SUBTOTAL|req_unable__total"] == "pass"
    assert outcomes(cells | {"req_unable__total": 4})["T3_SUBTOTAL|req_unable__total"] == "fail"


def test_cases() -> None:
    block: dict[str, str | int | None] = {
        "review__upheld": 1,
        "review__corrected": 0,
        "review__other": 0,
        "review__pending": 1,
        "review__total": 2,
    }
    assert outcomes(block)["T4_BLOCK_SUM|review"] == "pass"
    assert outcomes(block | {"review__total": 3})["T4_BLOCK_SUM|review"] == "fail"
    suits = {"suit_direct__total": 1, "suit_after_review__total": 2}
    found = outcomes(block | suits | {"req_outcome_total__total": 4})
    assert found["T4_SUIT_AFTER_REVIEW|suit_after_review"] == "pass"
    assert found["T4_VS_T3|cases"] == "fail"
    more = outcomes(block | suits | {"suit_after_review__total": 3, "req_outcome_total__total": 9})
    assert more["T4_SUIT_AFTER_REVIEW|suit_after_review"] == "not_assessable"
    assert more["T4_VS_T3|cases"] == "pass"


OLD = Context(template="fmt2019", division=COUNTY, agency_kind="people_government")
NEW = Context(template="fmt2021", division=COUNTY, agency_kind="people_government")


@pytest.mark.parametrize(
    ("cells", "context", "name", "expected"),
    [
        ({"normdocs_issued": 7, "normdocs_in_force": 303}, NEW, "T2_ISSUED_LE_IN_FORCE|normdocs", "pass"),
        ({"normdocs_issued": 7, "normdocs_in_force": 3}, NEW, "T2_ISSUED_LE_IN_FORCE|normdocs", "fail"),
        ({"normdocs_issued": 7, "normdocs_in_force": None}, NEW, "T2_ISSUED_LE_IN_FORCE|normdocs", "not_assessable"),
        (
            {"normdocs_issued": None, "normdocs_in_force": 3},
            NEW,
            "T2_ISSUED_LE_IN_FORCE|normdocs",
            "pass_blank_as_zero",
        ),
        ({"normdocs_newly_public": 18, "normdocs_public_total": 12}, OLD, "T2_NEW_LE_PUBLIC_TOTAL|normdocs", "fail"),
        ({"normdocs_newly_public": 4, "normdocs_made": 2}, OLD, "T2_MADE_VS_PUBLIC|normdocs", "pass"),
        ({"rules_made": 0, "rules_public_total": 0}, OLD, "T2_RULES_COMPETENCE|rules", "pass"),
        ({"rules_made": 0, "rules_public_total": 2}, OLD, "T2_RULES_COMPETENCE|rules", "fail"),
        ({"rules_made": 0, "rules_public_total": None}, OLD, "T2_RULES_COMPETENCE|rules", "pass_blank_as_zero"),
        ({"rules_made": None, "rules_public_total": 2}, OLD, "T2_RULES_COMPETENCE|rules", "fail"),
        (
            {"penalty_items_prev": 41019, "penalty_items_change": 6582, "penalty_decisions": 34437},
            OLD,
            "T2_MISFILLED_DECISIONS|penalty",
            "fail",
        ),
        (
            {"permit_items_prev": 2149, "permit_items_change": 8066, "permit_decisions": 10125},
            OLD,
            "T2_MISFILLED_DECISIONS|permit",
            "pass",
        ),
        (
            {"permit_items_prev": 9, "permit_items_change": 0, "permit_decisions": 9},
            OLD,
            "T2_MISFILLED_DECISIONS|permit",
            "not_assessable",
        ),
        (
            {"permit_items_prev": 9, "permit_items_change": None, "permit_decisions": 9},
            OLD,
            "T2_MISFILLED_DECISIONS|permit",
            "not_assessable",
        ),
        ({"adminfee_items_prev": 21, "adminfee_items_change": 21}, OLD, "T2_CHANGE_EQUALS_PREV|adminfee", "fail"),
        ({"adminfee_items_prev": 0, "adminfee_items_change": 0}, OLD, "T2_CHANGE_EQUALS_PREV|adminfee", "pass"),
        ({"penalty_items_prev": 41019}, OLD, "T2_ITEM_COUNT_PLAUSIBLE|penalty", "fail"),
        ({"penalty_items_prev": 684}, OLD, "T2_ITEM_COUNT_PLAUSIBLE|penalty", "pass"),
        (
            {"procurement_projects": 1, "procurement_amount_wan": "2.7"},
            OLD,
            "T2_PROCUREMENT_BOTH_OR_NONE|procurement",
            "pass",
        ),
        (
            {"procurement_projects": 0, "procurement_amount_wan": "2.7"},
            OLD,
            "T2_PROCUREMENT_BOTH_OR_NONE|procurement",
            "fail",
        ),
        (
            {"procurement_projects": 0, "procurement_amount_wan": None},
            OLD,
            "T2_PROCUREMENT_BOTH_OR_NONE|procurement",
            "pass_blank_as_zero",
        ),
        (
            {"procurement_projects": 258, "procurement_amount_wan": "180000.17"},
            OLD,
            "T2_PROCUREMENT_UNIT|procurement",
            "fail",
        ),
        (
            {"procurement_projects": 189, "procurement_amount_wan": "43101"},
            OLD,
            "T2_PROCUREMENT_UNIT|procurement",
            "pass",
        ),
        (
            {"procurement_projects": 0, "procurement_amount_wan": "0"},
            OLD,
            "T2_PROCUREMENT_UNIT|procurement",
            "not_assessable",
        ),
        ({"adminfee_amount_wan": "600000"}, NEW, "T2_FEE_UNIT|adminfee", "fail"),
        ({"adminfee_amount_wan": "4000"}, NEW, "T2_FEE_UNIT|adminfee", "pass"),
    ],
)
def test_proactive_disclosure(cells: dict[str, str | int | None], context: Context, name: str, expected: str) -> None:
    assert outcomes(cells, context)[name] == expected


def test_cells_decide_which_rules_of_the_forms_apply() -> None:
    """A report of 2021 with one table of the older form: each row is judged as what it is."""
    mixed = outcomes({"normdocs_newly_public": 18, "normdocs_public_total": 12, "adminfee_amount_wan": "600000"}, NEW)
    assert mixed["T2_NEW_LE_PUBLIC_TOTAL|normdocs"] == "fail"
    assert mixed["T2_FEE_UNIT|adminfee"] == "fail"
    assert not [name for name in outcomes({"permit_decisions": 3}, NEW) if name.startswith("T2_MISFILLED")]


@pytest.mark.parametrize(
    ("kind", "division", "expected"),
    [
        ("people_government", Division("320800", "淮安市", "prefecture"), "pass"),
        ("people_government", Division("152200", "兴安盟", "prefecture"), "fail"),
        ("people_government", Division("320000", "江苏省", "province"), "pass"),
        ("department", Division("320000", "江苏省", "province"), "fail"),
        ("state_council_organ", Division("000000", "中国", "central"), "pass"),
        ("township_government", COUNTY, "fail"),
        (None, None, "not_assessable"),
    ],
)
def test_who_may_make_rules(kind: str | None, division: Division | None, expected: str) -> None:
    context = Context(template="fmt2021", agency_kind=kind, division=division)
    assert outcomes({"rules_issued": 1}, context)["T2_RULES_COMPETENCE|rules"] == expected


def test_a_townships_fee() -> None:
    town = Context(template="fmt2021", division=COUNTY, agency_kind="township_government")
    assert outcomes({"adminfee_amount_wan": "20000"}, town)["T2_FEE_UNIT|adminfee"] == "fail"
    assert outcomes({"adminfee_amount_wan": "0"}, town)["T2_FEE_UNIT|adminfee"] == "pass"
    city = Context(template="fmt2021", division=Division("320800", "淮安市", "prefecture"))
    assert "T2_FEE_UNIT|adminfee" not in outcomes({"adminfee_amount_wan": "900000"}, city)


@pytest.mark.parametrize(
    ("code", "value", "bad"),
    [
        ("req_new__total", "3", False),
        ("req_new__total", "0", False),
        ("req_new__total", "3.5", True),
        ("req_new__total", "-3", True),
        ("permit_items_change", "-3", False),
        ("permit_items_change", "-3.5", True),
        ("procurement_amount_wan", "3.5", False),
        ("procurement_amount_wan", "-3.5", True),
        ("s14_disclosed_total", "-1", True),
    ],
)
def test_the_domain_of_counts(code: str, value: str, bad: bool) -> None:
    found = outcomes({code: value})
    assert found.get(f"COUNT_DOMAIN|{code}") == ("fail" if bad else None)
    assert found.get("COUNT_DOMAIN|counts") == (None if bad else "pass")


def section(number: int, text: str) -> Section:
    return Section(number, str(number), text, WHERE)


@pytest.mark.parametrize(
    ("context", "name", "expected"),
    [
        (Context(year=2021, sections=(section(6, "本年度未收取信息处理费。"),)), "P_FEE_STATEMENT|section_6", "pass"),
        (Context(year=2021, sections=(section(6, "无"),)), "P_FEE_STATEMENT|section_6", "fail"),
        (Context(year=2021, sections=(section(1, "无"),)), "P_FEE_STATEMENT|section_6", "not_assessable"),
        (Context(year=2020, sections=(section(6, "无"),)), "P_FEE_STATEMENT|section_6", None),
        (Context(year=None, sections=(section(6, "无"),)), "P_FEE_STATEMENT|section_6", "not_assessable"),
        (Context(sections=(section(5, "无"),)), "P_PROBLEMS_NOT_EMPTY|section_5", "fail"),
        (Context(sections=(section(5, "问题和改进" * 5),)), "P_PROBLEMS_NOT_EMPTY|section_5", "pass"),
        (Context(year=2019, text="国务院令492号"), "P_LEGAL_BASIS|text", "fail"),
        (Context(year=2019, text="国办发〔2014〕32号"), "P_LEGAL_BASIS|text", "fail"),
        (Context(year=2018, text="国务院令492号"), "P_LEGAL_BASIS|text", None),
        (Context(year=2019, text="依据国务院令711号。"), "P_LEGAL_BASIS|text", "pass"),
        (Context(year=2019, text="国发711号;国令492号"), "P_LEGAL_BASIS|text", "fail"),
        (Context(year=2019, text="2019年度报告二、主动公开政府信息情况单位:万元"), "P_LEGAL_BASIS|text", None),
        (Context(year=2022, text="附件1(一)本年新收"), "P_LEGAL_BASIS|text", None),
        (
            Context(template="fmt2021", sections=tuple(section(n, "") for n in range(1, 7))),
            "P_SIX_SECTIONS|sections",
            "pass",
        ),
        (Context(template="fmt2021", sections=(section(1, ""),)), "P_SIX_SECTIONS|sections", "fail"),
        (Context(template="stat2014", sections=(section(1, ""),)), "P_SIX_SECTIONS|sections", None),
        (Context(template="fmt2019", year=2020), "F_TEMPLATE_MATCHES_YEAR|template", "pass"),
        (Context(template="fmt2019", year=2021), "F_TEMPLATE_MATCHES_YEAR|template", "fail"),
        (Context(template="fmt2019"), "F_TEMPLATE_MATCHES_YEAR|template", "not_assessable"),
        (Context(template="fmt2021", issues=frozenset({"cell_count"})), "F_CELL_COUNT|tables", "fail"),
        (Context(template="fmt2021"), "F_CELL_COUNT|tables", "pass"),
        (Context(template="fmt2021", issues=frozenset({"cell_not_read"})), "F_CELL_COUNT|tables", "not_assessable"),
        (Context(template="fmt2019", issues=frozenset({"row_without_label"})), "F_CELL_COUNT|tables", "not_assessable"),
        (Context(template="fmt2021", issues=frozenset({"cell_not_read", "cell_count"})), "F_CELL_COUNT|tables", "fail"),
        (Context(year=2020, period=(2020, 2020)), "D_STAT_PERIOD|period", "pass"),
        (Context(year=2020, period=(2019, 2019)), "D_STAT_PERIOD|period", "fail"),
        (Context(year=2020), "D_STAT_PERIOD|period", None),
        (Context(period=(2020, 2020)), "D_STAT_PERIOD|period", "not_assessable"),
    ],
)
def test_text_form_and_period(context: Context, name: str, expected: str | None) -> None:
    assert outcomes({}, context).get(name) == expected


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("people_government", "2021-03-31", "pass"),
        ("people_government", "2021-04-01", "fail"),
        ("department", "2021-01-31", "pass"),
        ("department", "2021-02-03", "fail"),
        ("township_government", "2021-02-03", "fail"),
        (None, "2021-02-03", "not_assessable"),
        ("department", None, "not_assessable"),
    ],
)
def test_the_deadline(kind: str | None, day: str | None, expected: str) -> None:
    context = Context(year=2020, agency_kind=kind, published_on=day)
    assert outcomes({}, context)["D_PUBLISHED_IN_TIME|published_on"] == expected


@pytest.mark.parametrize(
    ("year", "kind", "day", "expected"),
    [
        (2018, "department", "2019-03-31", "pass"),
        (2018, "department", "2019-04-01", "fail"),
        (2010, None, "2011-03-12", "pass"),
        (2019, "department", "2020-03-12", "fail"),
    ],
)
def test_the_deadline_of_the_earlier_regulations(year: int, kind: str | None, day: str, expected: str) -> None:
    context = Context(year=year, agency_kind=kind, published_on=day)
    assert outcomes({}, context)["D_PUBLISHED_IN_TIME|published_on"] == expected


def test_text_and_annex_of_2014_to_2018() -> None:
    facts = (fact("prose_req_received", 63), fact("prose_review_total", 2), fact("prose_suit_total", 1))
    cells: dict[str, str | int | None] = {"s14_req_received": 63, "s14_review_total": 3, "s14_suit_total": None}
    found = outcomes(cells, Context(template="stat2014", year=2016, prose=facts))
    assert found["P_PROSE_EQ_TABLE|prose_req_received"] == "pass"
    assert found["P_PROSE_EQ_TABLE|prose_review_total"] == "fail"
    assert found["P_PROSE_EQ_TABLE|prose_suit_total"] == "not_assessable"


def test_the_six_headings_are_not_asked_of_earlier_reports() -> None:
    context = Context(template="no_tables", year=2016, sections=(section(1, ""),))
    assert "P_SIX_SECTIONS|sections" not in outcomes({}, context)


HEADINGS = ("一、总体情况", "二、主动公开", "三、依申请公开", "四、复议诉讼", "五、存在的问题", "六、其他事项")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (HEADINGS, "pass"),
        ((HEADINGS[0], *HEADINGS), "fail"),
        ((HEADINGS[0], "本年度……", *HEADINGS), "fail"),
        ((*HEADINGS, "附", "五、 存在的问题 "), "fail"),
        ((*HEADINGS, "如五、存在的问题所述，……"), "pass"),
        ((*HEADINGS, "七、其他事项"), "fail"),
        ((*HEADINGS[:5], "六、存在的问题", "七、其他事项"), "fail"),
        ((HEADINGS[0], "二、总体情况", *HEADINGS[1:]), "fail"),
        ((*HEADINGS, "7.其他事项"), "fail"),
        ((*HEADINGS, "(一)其他事项", "（七）其他事项"), "pass"),
        # An older report, pasted into the first section, has headings of its own.
        ((HEADINGS[0], "一、概述", "二、依申请公开", "三、存在的问题", *HEADINGS[1:]), "pass"),
        ((HEADINGS[0], "1、总体情况", "2、存在的问题", "3、其他事项", *HEADINGS[1:]), "pass"),
    ],
)
@pytest.mark.parametrize("contents", [True, False], ids=["with contents", "without"])
def test_a_heading_stands_once(lines: tuple[str, ...], expected: str, contents: bool) -> None:
    """A table of contents, in which all six stand right below each other, is no second heading."""
    printed = [*(HEADINGS if contents else ()), *(part for line in lines for part in (line, "正文。"))]
    blocks = tuple(Text(line, WHERE) for line in printed)
    document = Document("text/html", blocks)
    found = tuple(Section(number, heading, "正文。", WHERE) for number, heading in enumerate(HEADINGS, 1))
    context = Context.of(document, identify(document, found), "fmt2021", found)
    assert outcomes({}, context)["P_SIX_SECTIONS|sections"] == expected


def fact(code: str, value: int, sentence: str = "s") -> Figure:
    return Figure(code, Decimal(value), "number", str(value), Locator.of("prose", sentence=sentence), method="prose")


def test_numbers_in_the_text() -> None:
    cells: dict[str, str | int | None] = {
        "req_new__total": 7,
        "req_carried_in__total": 1,
        "req_outcome_total__total": 8,
        "review__total": None,
    }
    facts = (
        fact("prose_req_received", 8),
        fact("prose_req_received", 7),
        fact("prose_req_received", 6),
        fact("prose_req_closed", 8),
        fact("prose_review_total", 2),
    )
    found = outcomes(cells, Context(prose=facts))
    assert found["P_PROSE_EQ_TABLE|prose_req_received#1"] == "pass"
    assert found["P_PROSE_EQ_TABLE|prose_req_received#2"] == "pass"
    assert found["P_PROSE_EQ_TABLE|prose_req_received#3"] == "fail"
    assert found["P_PROSE_EQ_TABLE|prose_req_closed"] == "pass"
    assert found["P_PROSE_EQ_TABLE|prose_review_total"] == "not_assessable"


@pytest.mark.parametrize(
    ("direct", "after", "stated", "expected"),
    [
        (3, 2, 5, "pass"),
        (3, 2, 3, "fail"),  # of all suits, those without a reconsideration before them are a part
        (3, 2, 2, "fail"),
        (3, 0, 3, "pass"),
        (3, None, 3, "pass_blank_as_zero"),
        (3, "?", 3, "not_assessable"),
    ],
)
def test_all_suits_of_the_text_are_those_of_both_blocks(
    direct: int, after: str | int | None, stated: int, expected: str
) -> None:
    cells = {"suit_direct__total": direct, "suit_after_review__total": after}
    found = outcomes(cells, Context(prose=(fact("prose_suit_total", stated),)))
    assert found["P_PROSE_EQ_TABLE|prose_suit_total"] == expected


@pytest.mark.parametrize(
    ("whole", "parts", "approximate", "expected"),
    [
        (31, [2, 23, 6], False, "pass"),
        (36, [2, 23, 6], False, "fail"),
        (3600, [1668, 58, 1891], True, "pass"),
        (3600, [1668, 58, 3000], True, "fail"),
        (100, [95], True, "pass"),  # just as far off as the rule allows
        (100, [94], True, "fail"),
        (100, [105], False, "fail"),
    ],
)
def test_parts_in_the_text(whole: int, parts: list[int], approximate: bool, expected: str) -> None:
    entry = PartsSum("channels", Decimal(whole), tuple(Part("x", Decimal(part)) for part in parts), approximate, WHERE)
    assert outcomes({}, Context(parts=(entry,)))["P_PROSE_SUM|channels"] == expected
    twice = outcomes({}, Context(parts=(entry, entry)))
    assert {twice["P_PROSE_SUM|channels#1"], twice["P_PROSE_SUM|channels#2"]} == {expected}


def test_the_text_of_a_real_report(shared: Path) -> None:
    """A report whose prose and tables disagree: reconsiderations 7 and 8, requests by channel 31 of 36."""
    data = (shared / "reports" / "documents" / "002_669e7d6ccc88cd65.txt").read_bytes()
    document = read_document(data, Hints(url="002.txt"))
    reading = read_tables(document, templates.load())
    parts = sections.split(document, templates.load(), reading)
    who = identify(document, parts)
    told = facts.read_facts(document, parts, who.year)
    context = Context.of(document, who, reading.template, parts, prose=told, issues=reading.issues)
    found = {f"{check.rule}|{check.target}": check for check in run(reading.figures, context)}
    assert found["P_LEGAL_BASIS|text"].outcome == "fail"
    assert found["P_SIX_SECTIONS|sections"].outcome == "pass"
    assert found["D_STAT_PERIOD|period"].outcome == "pass"
    assert found["T2_ITEM_COUNT_PLAUSIBLE|permit"].outcome == "fail"
    disagreeing = [
        name for name, check in found.items() if check.rule == "P_PROSE_EQ_TABLE" and check.outcome == "fail"
    ]
    assert any(name.startswith("P_PROSE_EQ_TABLE|prose_review_total") for name in disagreeing)
    assert any(check.rule == "P_PROSE_SUM" and check.outcome == "fail" for check in found.values())


def test_a_check_changes_nothing() -> None:
    cells = figures(row("req_granted", [1, None, 0, 0, 0, 3], 7))
    before = list(cells)
    run(cells, Context())
    assert cells == before


@given(
    parts=st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=6, max_size=6),
    total=st.one_of(st.none(), st.integers(0, 3000)),
)
def test_a_blank_never_passes_as_a_zero_in_silence(parts: list[int | None], total: int | None) -> None:
    outcome = outcomes(row("req_new", list(parts), total))["T3_ROW_SUM|req_new"]
    whole = None not in [*parts, total]
    assert (outcome in {"pass", "fail"}) == whole
    if outcome in {"pass", "pass_blank_as_zero"}:
        assert sum(part or 0 for part in parts) == (total or 0)
    if outcome in {"fail", "fail_if_blank_as_zero"}:
        assert sum(part or 0 for part in parts) != (total or 0)


@given(st.lists(st.integers(0, 500), min_size=6, max_size=6), st.integers(1, 9), st.integers(0, 6))
def test_a_changed_cell_is_found(parts: list[int], more: int, where: int) -> None:
    values: list[str | int | None] = [*parts, sum(parts)]
    assert outcomes(row("req_new", values[:6], values[6]))["T3_ROW_SUM|req_new"] == "pass"
    values[where] = int(values[where] or 0) + more
    assert outcomes(row("req_new", values[:6], values[6]))["T3_ROW_SUM|req_new"] == "fail"


NEW_RULES = """
sets: {teams: [red, blue], columns: [home, away], halves: [first, second]}
rules:
  - {id: N_SUM, kind: sum, scope: within, severity: warn, polarity: must_hold, en: x, exceptions: none,
     each: {team: teams}, left: ["{team}_won", "{team}_lost"], right: ["{team}_played"]}
  - {id: N_EQUAL, kind: equal, scope: within, severity: warn, polarity: finding, en: x, exceptions: none,
     target: t, left: [red_won], right_any: [[blue_won], [blue_lost]]}
  - {id: N_COMPARE, kind: compare, scope: within, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, left: [red_won], op: "<", right: [red_played]}
  - {id: N_DOMAIN, kind: domain, scope: within, severity: error, polarity: must_hold, en: x, exceptions: none,
     target: t, codes: ["red_*"]}
  - {id: N_RATIO, kind: ratio, scope: within, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, left: [red_won], right: [red_played], minimum: 0, maximum: "0.5"}
  - {id: N_PATTERN, kind: pattern, scope: prose, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, section: 1, require: 比赛}
  - {id: N_SUBTOTAL, kind: subtotal, scope: within, severity: warn, polarity: must_hold, en: x, exceptions: none,
     groups: {goals: halves}, columns: columns}
  - {id: N_LIMIT, kind: limit, scope: within, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, left: [blue_played], limits: [{levels: [county], maximum: 3}]}
  - {id: N_BOTH, kind: both_or_none, scope: within, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, left: [red_won], right: [blue_draws]}
  - {id: N_ZERO, kind: zero_unless, scope: within, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, left: [blue_won], allowed: [{kinds: [department]}]}
  - {id: N_PROSE, kind: prose_equal, scope: prose, severity: info, polarity: must_hold, en: x, exceptions: none,
     facts: {prose_matches: [[red_played, blue_played], [red_played]]}}
  - {id: N_PARTS, kind: prose_sum, scope: prose, severity: info, polarity: must_hold, en: x, exceptions: none,
     families: ["m*"], tolerance: "0.1"}
  - {id: N_SECTIONS, kind: sections, scope: format, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, numbers: [1]}
  - {id: N_ISSUES, kind: issues, scope: format, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, issues: [cell_count]}
  - {id: N_YEARS, kind: template_years, scope: format, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t, years: {invented: {from: 2030}}}
  - {id: N_PERIOD, kind: period, scope: timeliness, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t}
  - {id: N_DEADLINE, kind: deadline, scope: timeliness, severity: info, polarity: must_hold, en: x, exceptions: none,
     target: t}
"""
INVENTED = Context(
    template="invented",
    year=2030,
    agency_kind="people_government",
    division=COUNTY,
    sections=(section(1, "本年度举办比赛三场。"),),
    prose=(fact("prose_matches", 7),),
    parts=(PartsSum("matches", Decimal(9), (Part("x", Decimal(4)), Part("y", Decimal(4))), False, WHERE),),
    published_on="2031-04-01",
    period=(2030, 2030),
    issues=frozenset({"cell_count"}),
)
TEAMS: dict[str, str | int | None] = {
    "red_won": 2,
    "red_lost": 1,
    "red_played": 3,
    "blue_won": 1,
    "blue_lost": 2,
    "blue_played": 4,
    "blue_draws": 0,
    "first__home": 1,
    "second__home": 2,
    "goals__home": 3,
}


def invented(path: Path, polarity: str | None = None) -> dict[str, str]:
    """Outcomes of the invented rules, all of them turned to one polarity where it is given."""
    loaded = yaml.safe_load(NEW_RULES)
    for rule in loaded["rules"]:
        rule["polarity"] = polarity or rule["polarity"]
    if polarity == "finding":
        loaded["rules"] = [rule for rule in loaded["rules"] if rule["kind"] != "domain"]
    path.write_text(yaml.safe_dump(loaded, allow_unicode=True), encoding="utf-8")
    checks = run(figures(TEAMS), INVENTED, load(path))
    return {f"{check.rule}|{check.target}": check.outcome for check in checks}


def test_a_new_rule_of_a_known_kind_is_yaml_alone(tmp_path: Path) -> None:
    assert invented(tmp_path / "rules.yaml") == {
        "N_SUM|red": "pass",
        "N_SUM|blue": "fail",
        "N_EQUAL|t": "fail",
        "N_COMPARE|t": "pass",
        "N_DOMAIN|t": "pass",
        "N_RATIO|t": "fail",
        "N_PATTERN|t": "pass",
        "N_SUBTOTAL|goals__home": "pass",
        "N_LIMIT|t": "fail",
        "N_BOTH|t": "fail",
        "N_ZERO|t": "fail",
        "N_PROSE|prose_matches": "pass",
        "N_PARTS|matches": "fail",
        "N_SECTIONS|t": "pass",
        "N_ISSUES|t": "fail",
        "N_YEARS|t": "pass",
        "N_PERIOD|t": "pass",
        "N_DEADLINE|t": "fail",
    }


def test_every_kind_of_rule_on_one_report_was_invented_once() -> None:
    assert {rule["kind"] for rule in yaml.safe_load(NEW_RULES)["rules"]} == ALL_KINDS - ACROSS_KINDS
    assert {rule.kind for rule in load_rules().rules} == ALL_KINDS


def test_a_finding_fails_where_a_condition_would_hold(tmp_path: Path) -> None:
    holds = invented(tmp_path / "holds.yaml", "must_hold")
    found = invented(tmp_path / "found.yaml", "finding")
    assert len(found) > 15
    assert all({found[name], holds[name]} == {"pass", "fail"} for name in found)
    assert set(invented(tmp_path / "note.yaml", "note").values()) == {"pass"}


@pytest.mark.parametrize(("kind", "polarity"), [("domain", "finding"), ("jump", "must_hold"), ("coverage", "finding")])
def test_a_polarity_that_a_kind_cannot_have_is_refused(tmp_path: Path, kind: str, polarity: str) -> None:
    more = {
        "domain": "codes: [a]",
        "jump": 'left: [a], right: ["a@prev"], factor: 2, least: 1',
        "coverage": "codes: [a], wholes: [people_government]",
    }
    scope = {"jump": "cross_year", "coverage": "cross_level"}.get(kind, "within")
    text = f"sets: {{}}\nrules:\n  - {{id: N, kind: {kind}, scope: {scope}, severity: info, polarity: {polarity}, "
    path = tmp_path / "rules.yaml"
    path.write_text(f"{text}en: x, exceptions: none, {more[kind]}}}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=rf"N: a rule of kind {kind} cannot be {polarity}"):
        load(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("kind: ratio", "kind: rati0"), r"rules\.yaml line \d+: rules\.4"),
        (("{team: teams}", "{team: clubs}"), r"N_SUM.*clubs"),
        (('"{team}_won"', '"{tem}_won"'), r"N_SUM.*tem"),
        (("id: N_EQUAL", "id: N_SUM"), r"twice: N_SUM"),
        (("minimum: 0", "minimal: 0"), r"rules\.4\.ratio\.minim"),
    ],
)
def test_a_wrong_rule_is_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(NEW_RULES.replace(*change), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        load(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("left: [suit_after_review__total]", "left: [suit_after_reveiw__total]"),
         r"rules\.yaml line \d+: T4_SUIT_AFTER_REVIEW: no form has a cell suit_after_reveiw__total"),
        (("[req_carried_in__total]]", "[req_carried_im__total]]"), r"P_PROSE_EQ_TABLE: no form has a cell req_carr"),
        (("    columns: columns\n", "    columns: colums\n"), r"line \d+: T3_SUBTOTAL: there is no set .* 'colums'"),
        (("req_unable: unable", "req_unabel: unable"), r"T3_SUBTOTAL: no form has a cell req_unabel__natural"),
        (('["*_wan"]', '["*_wna"]'), r"line \d+: COUNT_DOMAIN: no form has a cell like \*_wna"),
        (('"suit_*", "permit_decisions"', '"siut_*", "permit_decisions"'), r"L_GOV_GE_PART: .* a cell like siut_\*"),
        (("scope: cross_form", "scope: within"), r"twin\.scope.*cross_form"),
    ],
)  # fmt: skip
def test_a_rule_that_could_never_be_applied_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, str], message: str
) -> None:
    shutil.copytree(configuration_directories()[-1], tmp_path / "config")
    path = tmp_path / "config" / "templates" / "rules.yaml"
    text = path.read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / "config"))
    with pytest.raises(ConfigurationError, match=message):
        load_rules()


def test_every_word_of_a_rule_is_said_to_be_a_cell_or_none() -> None:
    """Without its mark a field of a new kind would be loaded with a misspelt cell in it."""
    unmarked = [
        f"{model.__name__}.{name}"
        for model in typing.get_args(typing.get_args(Rule)[0])
        for name, field in model.model_fields.items()
        if "tuple[str, ...]" in str(field.annotation) and name != "each"
        if not {CELLS, PATTERNS, NAMES} & set(field.metadata)
    ]
    assert unmarked == []


def test_every_operand_is_a_cell_of_some_form(shared: Path) -> None:
    import csv

    with (shared / "cells.csv").open(encoding="utf-8-sig") as file:
        codes = {entry["code"] for entry in csv.DictReader(file)}
    known = load_rules()
    unknown = set()
    for rule in known.rules:
        for _, values in known.targets(rule):
            for name in ("left", "right", "not_zero", "positive", "right_previous"):
                for operand in known.operands(getattr(rule, name, ()), values):
                    code = operand.removeprefix("-").removesuffix("@prev")
                    if code not in codes:
                        unknown.add(code)
    assert not unknown


def test_the_rules_file_is_that_of_the_configuration() -> None:
    assert load(configuration_directories()[-1] / "templates" / "rules.yaml") == load_rules()


def test_the_checks_of_the_documents(shared: Path) -> None:
    judged = 0
    for path in sorted((shared / "reports" / "truth").glob("*.json")):
        truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if "cells" not in truth:
            continue
        context = Context(template=truth["template"], year=truth["year"], agency_kind=truth["agency"]["kind"])
        found = outcomes(truth["cells"], context)
        for name, expected in truth["checks"].items():
            wanted = {expected, None} if expected == "not_assessable" else {expected}
            assert found.get(name) in wanted, (truth["document"], name)
            judged += 1
    assert judged == 355
