"""Copies: figures that equal another report's, and texts that nearly do."""

from __future__ import annotations

from decimal import Decimal

from archive.checks.copies import copies
from tests.archive.checks.reports import Cells, report

PROSE = "".join(f"第{i}项工作取得了新的进展,公开信息{i * 7}条,答复申请{i * 3}件,群众满意。" for i in range(40))


def test_copied_figures() -> None:
    cells = {
        "req_new__total": 7,
        "req_granted__total": 5,
        "req_partial__total": 2,
        "review__total": 0,
        "suit_direct__total": None,
    }
    one, other = report(2020, cells, agency="a"), report(2021, cells, agency="b")
    (check,) = copies([other, one])
    assert (check.rule, check.report_id, check.target, check.others) == (
        "X_COPY",
        "b-2021-main",
        "figures",
        ("a-2020-main",),
    )
    changed = report(2021, cells | {"review__total": 1}, agency="b")
    assert not list(copies([one, changed]))
    blank = report(2021, cells | {"review__total": None}, agency="b")
    assert not list(copies([one, blank]))


def test_reports_of_little_but_zeros_are_alike_by_nature() -> None:
    cells = {"req_new__total": 7, "req_granted__total": 7, "req_partial__total": 0, "review__total": 1}
    assert not list(copies([report(2020, cells, agency="a"), report(2021, cells, agency="b")]))


def test_copied_text() -> None:
    one = report(2020, {}, text=PROSE)
    other = report(2021, {}, text=PROSE.replace("第3项", "第三项"))
    (check,) = copies([one, other])
    assert (check.rule, check.target, check.outcome) == ("X_COPY", "text", "fail")
    assert check.lhs is not None
    assert Decimal("0.95") < check.lhs < 1
    unlike = report(2021, {}, text="".join(f"另一份报告的第{i}段,说的是别的事情,数字是{i * 11}。" for i in range(60)))
    assert not list(copies([one, unlike]))
    assert not list(copies([report(2020, {}, text="无"), report(2021, {}, text="无")]))


def test_a_report_that_was_not_read_for_certain_is_no_copy() -> None:
    cells: Cells = {"req_new__total": 7, "req_granted__total": 5, "req_partial__total": 2}
    assert not list(copies([report(2020, cells, agency="a"), report(2021, {**cells, "x": "?"}, agency="b")]))


def test_many_reports_are_compared_in_time() -> None:
    """Copies among hundreds of texts are found by their sketches, not by comparing all with all."""
    texts = [
        report(
            2020,
            {},
            agency=f"a{i}",
            text="".join(f"{i}号单位第{j * i}项工作{j**2 + i}条{i * j}件。" for j in range(1, 60)),
        )
        for i in range(1, 200)
    ]
    copied = report(2021, {}, agency="copy", text=texts[77].text)
    found = list(copies([*texts, copied]))
    assert [(check.report_id, check.others) for check in found if check.report_id.startswith("copy")] == [
        ("copy-2021-main", (texts[77].report_id,))
    ]
