"""Errors of the archive say what they are about and what to do, and end a command as their kind does."""

from __future__ import annotations

import pickle

import pytest

from archive import errors
from parsers import GongkaiError

ALL = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ArchiveError)),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_subject_and_advice_come_with_the_error(kind: type[GongkaiError]) -> None:
    error = kind("cannot be read", subject="a.warc.gz", advice="Run `gongkai verify`")
    assert isinstance(error, GongkaiError)
    assert (error.subject, error.advice) == ("a.warc.gz", "Run `gongkai verify`")
    assert "cannot be read" in str(error)
    assert "a.warc.gz" in str(error)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_errors_come_back_from_other_processes(kind: type[GongkaiError]) -> None:
    error = kind("cannot be read", subject="a.warc.gz", advice="Run `gongkai verify`")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.subject, again.advice) == (kind, str(error), error.subject, error.advice)
