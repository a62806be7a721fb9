"""Counts that do not depend on the machine, held so that no later change undoes what was gained.

``benchmarks/floors.json`` holds them, each under what it is about. A count that grows past its floor fails here; one
that falls far below it fails too, so that the floor is renewed: ``python benchmarks/reading.py --floors``.
"""

import json

import pytest

from benchmarks.reading import COUNTED, FLOORS, KINDS, counted

ROOM = 1.15  # what hashes of texts and versions of Python change
STALE = 0.6

Floors = dict[str, dict[str, dict[str, float]]]


def floors() -> Floors:
    held: Floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    return held


def test_floors_are_held_for_all_that_is_counted_while_reading() -> None:
    assert {kind: set(counts) for kind, counts in floors()["reading"].items()} == {kind: set(COUNTED) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_read_with_no_more_calls_than_before(kind: str) -> None:
    held = floors()["reading"][kind]
    now = counted(kind)
    grown = {what: (count, held[what]) for what, count in now.items() if count > ROOM * held[what]}
    assert not grown, "called more often for a document than the floor allows (now, floor)"
    fallen = {what: (count, held[what]) for what, count in now.items() if count < STALE * held[what]}
    assert not fallen, "renew the floors: python benchmarks/reading.py --floors"
