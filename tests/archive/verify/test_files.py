"""archive.verify.files: the verdict of many processes and parts is that of one."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest

from archive.verify import files
from archive.verify.files import _Task, judge_files, verify_files
from tests.archive.judging import verdict_on
from tests.archive.verify.test_file import SAMPLES, mutate


@pytest.fixture
def tiny_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that can be parted is parted, into pieces of a few hundred bytes, without processes."""
    monkeypatch.setattr(files, "_PART", 400)
    monkeypatch.setattr(files, "_PARALLEL_FROM", 0)


class Here:
    """A pool that works in this process."""

    def __init__(self, *_: object, **__: object) -> None:
        self.tasks: list[_Task] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def map(self, function, tasks):
        return map(function, tasks)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tiny_parts: None) -> None:
    monkeypatch.setattr(files, "pool", Here)


def test_a_sealed_file_in_parts(sealed: Path, here: None) -> None:
    plan = files._plan(sealed, sealed.stat().st_size, 8, digest=True)
    assert len(plan) > 10
    done = [files._judge(task) for task in plan]
    assert all(one.stopped == two.first for one, two in pairwise(done))
    assert sum(one.judged.verdict.records for one in done) == 61
    (found,) = verify_files([sealed], processes=8)
    assert (found.verdict, found.records, found.problems) == ("ok", 61, [])


def test_every_sample_gets_the_same_verdict(here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    in_parts = [found.as_dict() for found in verify_files(SAMPLES, processes=4)]
    monkeypatch.setattr(files, "_PARALLEL_FROM", 1 << 40)
    assert in_parts == [found.as_dict() for found in verify_files(SAMPLES, processes=4)]


def test_damage_anywhere_gets_the_same_verdict(sealed: Path, tmp_path: Path, here: None) -> None:
    chance, data = random.Random(3), sealed.read_bytes()
    path = tmp_path / sealed.name
    for _ in range(60):
        path.write_bytes(mutate(mutate(data, chance), chance))
        (in_parts,) = verify_files([path], processes=4)
        (as_one,) = verify_files([path], processes=1)
        assert in_parts.as_dict() == as_one.as_dict()


def test_parts_that_do_not_meet_are_judged_as_one(sealed: Path, here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = files.verify_part, 0

    def lost(*args, **kwargs):
        nonlocal calls
        calls += 1
        first, stopped = real(*args, **kwargs)
        return first, stopped + 1

    monkeypatch.setattr(files, "verify_part", lost)
    (judged,) = judge_files([sealed], 4, digest=True)
    assert calls > 1
    assert judged.verdict.records == 61
    assert judged.sha256


def test_with_real_processes(sealed: Path, tiny_parts: None) -> None:
    (found,) = verify_files([sealed], processes=2)
    assert found.as_dict() == verdict_on(sealed).as_dict()


@pytest.mark.shared
def test_a_file_of_heritrix_in_parts(shared: Path, here: None) -> None:
    path = shared / "warcs/webarchive/IAH-20080430204825-00000-blackbook.warc.gz"
    (in_parts,) = verify_files([path], processes=16)
    (as_one,) = verify_files([path], processes=1)
    assert in_parts.as_dict() == as_one.as_dict()
    assert in_parts.records == 822
