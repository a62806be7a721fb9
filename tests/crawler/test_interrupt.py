"""The status of an interrupted command is the one that shells know."""

from __future__ import annotations

import signal

from crawler import interrupt


def test_the_status_is_that_of_the_signal() -> None:
    assert interrupt.STATUS == 128 + signal.SIGINT
