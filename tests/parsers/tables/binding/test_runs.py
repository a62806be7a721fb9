"""Digits that were run together."""

from __future__ import annotations

import pytest

from parsers.tables.binding.runs import cuttings, only_cutting


def test_numbers_have_no_leading_zeros() -> None:
    assert list(cuttings("100", 2)) == [("10", "0")]
    assert list(cuttings("007", 3)) == [("0", "0", "7")]
    assert list(cuttings("12", 3)) == []


def adds_up(values: object) -> bool:
    *parts, total = values  # type: ignore[misc]
    return bool(sum(parts) == total)


@pytest.mark.parametrize(
    ("run", "columns", "cut"),
    [
        ("000", 3, ("0", "0", "0")),
        ("00", 3, None),
        ("1126", 3, None),
        ("273", 1, ("273",)),
        ("0273", 1, None),
        ("10", 2, None),
    ],
)
def test_without_an_identity_only_zeros_and_single_numbers_are_certain(
    run: str, columns: int, cut: tuple[str, ...] | None
) -> None:
    assert only_cutting(run, columns, None)[0] == cut


@pytest.mark.parametrize(
    ("run", "cut"),
    [
        ("4000004", ("4", "0", "0", "0", "0", "0", "4")),
        ("170000017", ("17", "0", "0", "0", "0", "0", "17")),
        ("3101005", ("3", "1", "0", "1", "0", "0", "5")),
        ("121010014", None),
        ("4000005", None),
        ("22", None),
        ("1a", None),
    ],
)
def test_an_identity_decides_when_it_leaves_one_cutting(run: str, cut: tuple[str, ...] | None) -> None:
    assert only_cutting(run, 7, adds_up)[0] == cut


def test_several_cuttings_are_told() -> None:
    assert len(only_cutting("121010014", 7, adds_up)[1]) == 3
