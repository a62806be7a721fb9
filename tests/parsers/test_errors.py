"""Errors of the parsers say what they are about and what to do, and end a command as their kind does."""

from __future__ import annotations

import pickle

import pytest

from parsers import errors

ALL = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.GongkaiError)),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_an_error_is_one_paragraph(kind: type[errors.GongkaiError]) -> None:
    error = kind("cannot be read.", subject="a.html", advice="Look for a twin")
    assert str(error) == "a.html: cannot be read. Look for a twin."
    assert str(kind("cannot be read")) == "cannot be read."
    assert error.exit_status == (2 if kind is errors.ConfigurationError else 1)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_errors_come_back_from_other_processes(kind: type[errors.GongkaiError]) -> None:
    error = kind("cannot be read", subject="a.html", advice="Look for a twin")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.subject, again.advice) == (kind, str(error), error.subject, error.advice)
