"""Every thing that is packed comes back as it was, and is not taken for another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.database.packs import (
    AcrossPack,
    CheckPack,
    FigurePack,
    IssuePack,
    Pack,
    ProsePack,
    SectionPack,
    as_json,
    from_json,
    long,
    other_side,
    second_side,
    short,
)
from archive.errors import DamagedPack

KINDS = (FigurePack, ProsePack, SectionPack, IssuePack, CheckPack, AcrossPack)
TEXT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBER = st.none() | st.decimals(allow_nan=False, allow_infinity=False)
quick = settings(max_examples=100, deadline=None, derandomize=True)


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(data=st.data())
def test_rows_come_back(kind: type[Pack], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.tuples(*[TEXT] * len(kind.NAMES)), max_size=20))
    assert kind.read(kind.of(rows).packed()).rows() == rows


def test_none_is_taken_for_another() -> None:
    assert len({kind.KIND for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        data = kind.of([["1"] * len(kind.NAMES)]).packed()
        for other in KINDS:
            if other is not kind:
                with pytest.raises(DamagedPack, match=other.KIND):
                    other.read(data)


@quick
@given(st.text(max_size=12) | st.just("0"), NUMBER)
def test_the_raw_text_of_a_figure(raw: str, value: Decimal | None) -> None:
    assert long(short(raw, value), value) == raw


def test_the_raw_text_is_left_out_where_it_is_the_value() -> None:
    assert short("41.5", Decimal("41.50")) is None
    assert short("", None) is None
    assert short("0", None) == "0", "a text that is no number is kept"


@quick
@given(st.none() | st.just("1") | st.just("0.5"), st.none() | st.just("1") | st.just("-2"))
def test_the_sides_of_a_check(lhs: str | None, rhs: str | None) -> None:
    assert second_side(lhs, other_side(lhs, rhs)) == rhs


def test_what_says_nothing_is_left_out() -> None:
    assert as_json([], []) is None
    assert from_json(None, []) == []
    assert from_json(as_json(["a"], []), []) == ["a"]
    assert from_json(as_json(0.25)) == 0.25
