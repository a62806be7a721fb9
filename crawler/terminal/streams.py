"""The terminal: what it is told, how wide it is, and what happens when nobody reads us any more.

Everything that a command prints goes through here. Text of strangers never commands a terminal; a reader who has seen
enough (``gongkai reports | head``) ends nothing: what comes after goes nowhere, and the command ends as it would have.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import IO

# Control characters of ASCII and Latin-1, and those that turn the direction of writing around (Unicode TR 9).
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BOLD, _END, _CLEAR = "\x1b[1m", "\x1b[0m", "\r\x1b[K"
_NARROWEST = 20


def plain(text: str) -> str:
    """A text whose control characters are shown, not sent: text of strangers must not command a terminal."""
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


def columns(stream: IO[str]) -> int | None:
    """How many cells a line of ``stream`` has; None where it is no terminal and lines have no end."""
    return max(shutil.get_terminal_size().columns, _NARROWEST) if stream.isatty() else None


def heading(text: str) -> str:
    """A line that stands out on a terminal that can and may do that (https://no-color.org); ``text`` is plain."""
    wanted = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
    return f"{_BOLD}{text}{_END}" if wanted and text.strip() else text


def send(text: str | bytes) -> bool:
    """Write to stdout as it is, bytes or UTF-8; False when nobody reads it any more."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _let_go(sys.stdout)
        return False
    return True


def say(text: str, *, stream: IO[str] | None = None) -> None:
    """Write text for people, to stdout or ``stream``, in the letters that it has."""
    to = stream or sys.stdout
    try:
        to.write(text)
        to.flush()
    except BrokenPipeError:
        _let_go(to)


def note(message: str) -> None:
    """A sentence for the person at the terminal, on stderr; a terminal gets it folded between words."""
    say(f"{fitted(message, sys.stderr)}\n", stream=sys.stderr)


def fitted(message: str, stream: IO[str]) -> str:
    """Sentences without control characters, folded between words where ``stream`` is a terminal."""
    text = plain(message)
    width = columns(stream)
    if width is None or len(text) * 2 <= width:
        return text
    from crawler.terminal.folding import folded

    lines = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        lines += [f"{indent}{piece}" for piece in folded(line, width - len(indent))]
    return "\n".join(lines)


def rewrite(line: str) -> None:
    """Put ``line`` where the last such line stood, on stderr; nothing ends it. Only for terminals."""
    say(f"{_CLEAR}{plain(line)}", stream=sys.stderr)


def reader_has_gone() -> bool:
    """Whether stdout or stderr is a pipe that nobody reads."""
    import select

    poll = select.poll()
    for stream in (sys.stdout, sys.stderr):
        try:
            poll.register(stream.fileno(), 0)
        except (OSError, ValueError):
            continue  # no file behind it
    return any(event & select.POLLERR for _, event in poll.poll(0))


def let_go() -> None:
    """Whatever is still to be written goes nowhere."""
    for stream in (sys.stdout, sys.stderr):
        _let_go(stream)


def _let_go(stream: IO[str]) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())  # what Python still holds of it goes there too, when it ends
    os.close(nowhere)
