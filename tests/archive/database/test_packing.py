"""Columns of texts come back as they were, whatever stands in them; what is damaged is told, never believed."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.database import packing
from archive.database.packing import VERSION, pack, unpack
from archive.errors import DamagedPack

DIGITS = st.text("0123456789.-", max_size=40)
TEXTS = st.none() | st.text(max_size=20) | DIGITS
LIKE = st.builds(
    lambda path, row, column: f'{{"column":{column},"kind":"html","path":"{path} > tr:nth-of-type({row})"}}',
    st.sampled_from(["table", "div > table", "p:nth-of-type(007)"]), st.integers(0, 99), st.integers(0, 10**20),
)  # fmt: skip
quick = settings(max_examples=200, deadline=None, derandomize=True)


def encodable(text: str | None) -> bool:
    return text is None or text == text.encode("utf-8", "replace").decode("utf-8", "replace")


@quick
@given(st.lists(st.lists(TEXTS.filter(encodable) | LIKE, max_size=60), max_size=4))
def test_columns_come_back(columns: list[list[str | None]]) -> None:
    assert unpack(pack(columns)) == columns


@quick
@given(st.lists(LIKE, min_size=1, max_size=200))
def test_the_same_columns_give_the_same_bytes(column: list[str]) -> None:
    assert pack([column]) == pack([list(column)])


def test_locators_of_one_table_take_little_room() -> None:
    places = [
        f'{{"column":{column},"kind":"html","path":"html > body > div:nth-of-type(2) > table:nth-of-type(3) > '
        f'tbody:nth-of-type(1) > tr:nth-of-type({row}) > td:nth-of-type({column + 1})","row":{row},"table":3}}'
        for row in range(25)
        for column in range(8)
    ]
    assert len(pack([places])) < len("".join(places)) / 100


@quick
@given(st.lists(LIKE, min_size=1, max_size=30), st.data())
def test_a_damaged_pack_is_told(column: list[str], data: st.DataObject) -> None:
    whole = pack([column])
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[at] ^= data.draw(st.integers(1, 255))
    for bad in (bytes(damaged), whole[:at]):
        with pytest.raises(DamagedPack):
            unpack(bad)


@quick
@given(st.binary(max_size=80))
def test_what_is_no_pack_is_refused(body: bytes) -> None:
    """Bytes that are sound for the compression, but are no columns."""
    try:
        found = unpack(bytes([VERSION]) + zlib.compress(body))
    except DamagedPack:
        return
    assert unpack(pack(found)) == found


def test_half_a_character_is_not_packed() -> None:
    with pytest.raises(UnicodeEncodeError):
        pack([["\ud800"]])


def test_a_pack_larger_than_any_reading_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pack([["x" * 5000]])
    assert unpack(data) == [["x" * 5000]]
    monkeypatch.setattr(packing, "LARGEST", 4000)
    with pytest.raises(DamagedPack, match="larger than any reading"):
        unpack(data)
    thousands = bytes([VERSION]) + zlib.compress(b"\x01\x01\x00\x01\x00\xff\xff\xff\xff\x7f")
    with pytest.raises(DamagedPack, match="more than any reading"):
        unpack(thousands)


def test_a_later_version_is_refused() -> None:
    with pytest.raises(DamagedPack, match="another version"):
        unpack(bytes([VERSION + 1]) + pack([])[1:])
