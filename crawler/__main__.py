"""Where the ``gongkai`` command begins: hears Ctrl-C from its first line on, then loads the rest.

``python -m crawler`` is the same command. Loading takes most of a second, and Python answers an interrupt in it with a
traceback. Nothing has been begun by then, so the process says its sentence and leaves.
"""

from __future__ import annotations

import os
import signal
import sys

from crawler.interrupt import INTERRUPTED, STATUS

TYPE_CHECKING = False  # typing takes longer to load than all of this
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def main() -> NoReturn:
    """Load the command line and run it.

    Raises:
        SystemExit: always, with the exit status.
    """
    _open_closed_streams()
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


def _open_closed_streams() -> None:
    """Where the caller closed a stream (``>&-``), what is meant for it goes nowhere.

    A closed one would be None in Python, and its number would go to the next file that is opened: the database, say.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number that is free
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115


def _leave(_signal: int = signal.SIGINT, _frame: FrameType | None = None) -> NoReturn:
    os.write(sys.stderr.fileno(), f"gongkai: {INTERRUPTED}\n".encode())
    os._exit(STATUS)


if __name__ == "__main__":
    main()
