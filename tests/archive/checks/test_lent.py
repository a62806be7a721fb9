"""The text of a page against the figures of its annex."""

from __future__ import annotations

from decimal import Decimal

import pytest

from archive.checks.lent import LentText, lent_checks
from archive.checks.report_figures import CrossCheck
from parsers.record import Check, CheckOutcome
from tests.archive.checks.reports import Cells, county


def check(rule: str, target: str, outcome: CheckOutcome) -> Check:
    return Check(rule, target, None, None, "warn", outcome)


def told(cells: Cells, page: LentText, *own: Check) -> dict[str, str]:
    return {f"{one.rule}|{one.target}": one.outcome for one in found(cells, page, *own)}


def found(cells: Cells, page: LentText, *own: Check) -> list[CrossCheck]:
    return list(lent_checks(county(cells), page, own))


SAID = (
    check("P_LEGAL_BASIS", "text", "fail"),
    check("D_PUBLISHED_IN_TIME", "published_on", "pass"),
    check("P_SIX_SECTIONS", "sections", "pass"),
    check("F_CELL_COUNT", "tables", "pass"),  # of tables that the page has not
    check("P_PROSE_EQ_TABLE", "prose_req_received", "not_assessable"),
)


def test_what_is_said_of_the_pages_text_is_the_reports() -> None:
    page = LentText("page-1", SAID, [])
    assert told({}, page) == {
        "P_LEGAL_BASIS|text": "fail",
        "D_PUBLISHED_IN_TIME|published_on": "pass",
        "P_SIX_SECTIONS|sections": "pass",
    }
    assert {one.others for one in found({}, page)} == {("page-1",)}


def test_what_the_body_says_itself_is_not_said_again() -> None:
    own = (check("D_PUBLISHED_IN_TIME", "published_on", "fail"), check("P_SIX_SECTIONS", "sections", "not_assessable"))
    assert set(told({}, LentText("page-1", SAID, []), *own)) == {"P_LEGAL_BASIS|text", "P_SIX_SECTIONS|sections"}


@pytest.mark.parametrize(
    ("total", "expected"), [(5, "pass"), (6, "fail"), (None, "not_assessable"), ("?", "not_assessable")]
)
def test_numbers_of_the_text_are_held_against_the_annex(total: int | str | None, expected: str) -> None:
    page = LentText("page-1", (), [("prose_req_received", Decimal(5))])
    assert told({"req_new__total": total}, page) == {"P_PROSE_EQ_TABLE|prose_req_received": expected}


def test_the_evidence_follows_figures_and_text() -> None:
    facts = [("prose_req_received", Decimal(5))]
    one, other = (found({"req_new__total": total}, LentText("p", (), facts))[0] for total in (5, 6))
    assert one.finding == other.finding
    assert one.evidence != other.evidence
