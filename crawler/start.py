"""Where the ``gongkai`` command begins: hears Ctrl-C from its first line on, then loads the rest.

Loading takes most of a second, and Python answers an interrupt in it with a traceback. Nothing has been begun by
then, so the process says its sentence and leaves.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

INTERRUPTED = "interrupted; the same command goes on where it stopped."


def main() -> NoReturn:
    """Load the command line and run it.

    Raises:
        SystemExit: always, with the exit status.
    """
    heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a job in the background ignores it
    if heard:
        signal.signal(signal.SIGINT, _leave)
    from crawler.cli import main as command

    try:
        if heard:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        status = command()
    except KeyboardInterrupt:
        _leave()
    if heard:
        signal.signal(signal.SIGINT, _leave)  # while Python ends, too
    sys.exit(status)


def _leave(_signal: int = signal.SIGINT, _frame: FrameType | None = None) -> NoReturn:
    os.write(sys.stderr.fileno(), f"gongkai: {INTERRUPTED}\n".encode())
    os._exit(130)
