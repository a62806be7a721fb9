"""A terminal of 80 columns for commands: what a person sees, not what a pipe gets."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence

from rich.cells import cell_len

from tests.conftest import ROOT

STYLE = re.compile("\x1b\\[[01]m|\x1b\\[K")
_RUN = """
import json, sys
from crawler import cli
for line in json.loads(sys.argv[1]):
    print(chr(30), end='', flush=True)
    print(chr(31), cli.run(line), end='', flush=True)
"""


def on_terminal(
    lines: Sequence[Sequence[str]], *, columns: int = 80, environment: dict[str, str] | None = None
) -> list[tuple[int, str]]:
    """Run command lines one after another on a pseudo-terminal: of each its status and all that was shown."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    wanted = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "NO_COLOR"}}
    wanted |= {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **(environment or {})}
    command = [sys.executable, "-c", _RUN, json.dumps([list(line) for line in lines])]
    with subprocess.Popen(command, cwd=ROOT, env=wanted, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        written = bytearray()
        while True:
            try:
                part = os.read(ours, 1 << 16)
            except OSError:  # Linux says so that the other end was closed
                break
            if not part:
                break
            written += part
    os.close(ours)
    assert process.returncode == 0, written.decode(errors="replace")
    found = []
    for shown in written.decode().replace("\r\n", "\n").split("\x1e")[1:]:
        text, _, status = shown.partition("\x1f")
        found.append((int(status), text))
    return found


def too_wide(text: str, columns: int = 80) -> list[str]:
    """Lines that a terminal would have to fold; one word alone (an address) may be longer."""
    lines = [STYLE.sub("", line.rpartition("\r")[2]) for line in text.splitlines()]
    return [line for line in lines if cell_len(line) > columns and len(line.split()) > 1]


def pieces(text: str) -> set[str]:
    """What can be copied with a double click."""
    return set(STYLE.sub("", text).split())


def command_of(*words: str) -> list[str]:
    """The command itself, in a process of its own."""
    code = "import sys; sys.argv[0] = 'gongkai'; from crawler.__main__ import main; main()"
    return [sys.executable, "-c", code, *words]
