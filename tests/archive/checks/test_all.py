"""All rules over all reports: they are YAML alone, and the order of the reports changes nothing."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from archive.checks.all import across
from archive.checks.twins import twins
from parsers.checks.load import load
from tests.archive.checks.reports import bureau, carry, report
from tests.parsers.checks.kinds import ACROSS_KINDS

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
    # A kind of rule that nothing applies gives no check, and is found here.
    told = {rule for rule, _ in outcomes} | {check.rule}
    assert {rule.kind for rule in using.rules if rule.id in told} == ACROSS_KINDS | {"compare"}


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
