"""Which report a document is, and how people's decisions win over readings."""

from __future__ import annotations

import pytest

from archive.database.models import Act, Reading
from archive.index.identity import Body, Identity, Overrides, identity_of
from parsers import AnnualReport, Division

COUNTY = ("410825", "温县", "county")
BODY = Body("温县人民政府", "people_government", COUNTY)


def act(number: int, kind_of_act: str, target: str, decision: str, /, **facts: object) -> Act:
    """An act, later ones with higher numbers."""
    return Act(
        id=f"u{number}",
        kind=kind_of_act,
        who="w",
        when=f"2026-11-0{number}",
        target=target,
        decision=decision,
        facts=facts,
    )


def facts_of(body: Body) -> dict[str, object]:
    """A body as an act names it."""
    code, name, level = body.division or ("", "", "")
    return {"name": body.name, "kind": body.kind, "division": {"code": code, "name": name, "level": level}}


def test_a_reading_says_the_same_fresh_and_stored() -> None:
    fresh = AnnualReport(
        "report", "text/html", "p", "c", agency_name=BODY.name, agency_kind=BODY.kind, year=2020,
        division=Division("410825", "温县", "county"),
    )  # fmt: skip
    stored = Reading(
        outcome="report", agency_name=BODY.name, agency_kind=BODY.kind, year=2020, division_code="410825",
        division_name="温县", division_level="county",
    )  # fmt: skip
    assert identity_of(fresh) == identity_of(stored) == Identity("report", BODY, 2020)


@pytest.mark.parametrize(
    "identity",
    [
        Identity("not_a_report", BODY, 2020),
        Identity("unreadable", BODY, 2020),
        Identity("partial", None, 2020),
        Identity("report", BODY, None),
    ],
)
def test_what_does_not_say_whose_and_of_which_year_is_nobodys(identity: Identity) -> None:
    assert identity.report_id is None


def test_a_partial_report_is_one() -> None:
    assert Identity("partial", BODY, 2020).report_id == f"{BODY.id}-2020-main"


def test_the_last_classification_counts_and_can_be_taken_back() -> None:
    read = Identity("report", BODY, 2021)
    said = [act(2, "classification", "u", "correct", year=2019), act(1, "classification", "u", "correct", year=2020)]
    assert Overrides.of(said).apply("u", read).year == 2019
    assert Overrides.of(said).apply("other", read) == read
    assert Overrides.of([*said, act(3, "classification", "u", "withdraw")]).apply("u", read) == read


def test_a_classification_may_say_everything() -> None:
    facts = {**facts_of(BODY), "year": 2020, "outcome": "report", "series": "b"}
    found = Overrides.of([act(1, "classification", "u", "correct", **facts)]).apply(
        "u", Identity("unreadable", None, None)
    )
    assert found.report_id == f"{BODY.id}-2020-b"
    nothing = Overrides.of([act(1, "classification", "u", "correct", outcome="not_a_report")])
    assert nothing.apply("u", Identity("report", BODY, 2020)).report_id is None


def test_merges_follow_one_another_and_a_circle_ends() -> None:
    bodies = [Body(name, None, COUNTY) for name in "abc"]
    chain = [
        act(1, "merge", bodies[0].id, "merge", **facts_of(bodies[1])),
        act(2, "merge", bodies[1].id, "merge", **facts_of(bodies[2])),
    ]
    assert Overrides.of(chain).apply("u", Identity("report", bodies[0], 2020)).body == bodies[2]
    circle = [*chain, act(3, "merge", bodies[2].id, "merge", **facts_of(bodies[0]))]
    assert Overrides.of(circle).apply("u", Identity("report", bodies[0], 2020)).body in bodies
