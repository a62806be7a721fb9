"""Two forms of one report hold the same figures, or the difference is told."""

from __future__ import annotations

import pytest

from archive.checks.twins import twins
from tests.archive.checks.reports import Cells, report


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
