"""Errors of the crawler: each says how a command ends that meets it."""

from __future__ import annotations

import pytest

from crawler import errors
from parsers import GongkaiError


@pytest.mark.parametrize(
    ("error", "status"),
    [(errors.ProfileError, 2), (errors.UsageError, 2), (errors.OutOfScope, 1), (errors.Busy, 3)],
)
def test_what_is_wrong_with_the_request_is_told_from_what_is_refused(error: type[GongkaiError], status: int) -> None:
    assert error.exit_status == status


def test_scrapys_command_says_a_sentence_and_leaves(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left, errors.leaving_in_a_sentence():
        raise errors.UsageError("there is no portal", subject="henna", advice="Did you mean henan")
    assert left.value.code == 2
    assert "henna: there is no portal. Did you mean henan." in capsys.readouterr().err
