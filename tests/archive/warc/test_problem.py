"""What is wrong with a file says where it is wrong, and weighs as much as its level."""

from __future__ import annotations

import pytest

from archive.verify.verdict import FileVerdict
from archive.warc.problem import Problem


@pytest.mark.parametrize(("level", "verdict"), [("note", "note"), ("nonconformant",) * 2, ("damaged",) * 2])
def test_the_heaviest_problem_is_the_verdict(level: str, verdict: str) -> None:
    judged = FileVerdict("a.warc")
    judged.add(Problem("first", "note", "nothing much"))
    judged.add(Problem("second", level, "something", 12, "urn:uuid:1"))  # type: ignore[arg-type]  # one of the three
    assert judged.verdict == verdict


def test_a_problem_is_told_with_its_place() -> None:
    judged = FileVerdict("a.warc")
    judged.add(Problem("bad-date", "damaged", "no date", 12, "urn:uuid:1"))
    (told,) = judged.as_dict()["problems"]
    assert (told["code"], told["level"], told["offset"], told["record_id"]) == ("bad-date", "damaged", 12, "urn:uuid:1")
