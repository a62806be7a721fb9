"""Ctrl-C from the first line of the command to its last: one sentence and 130, never a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.interrupt import INTERRUPTED, STATUS
from tests.conftest import ROOT, unmeasured

INTERRUPTS = """
import os, signal, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
sys.argv = ["gongkai", *{words!r}]
from crawler.__main__ import main
main()
"""


def python(code: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=unmeasured(), capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "module", ["crawler.cli", "typer", "crawler.commands.demo", "parsers.errors", "parsers.report"]
)
def test_an_interrupt_while_it_loads_is_one_sentence(module: str) -> None:
    words = ["parse", "--json", "README.md"]  # one that is there: its reader is loaded when it is to be read
    assert python(INTERRUPTS.format(module=module, words=words)) == (STATUS, f"gongkai: {INTERRUPTED}\n")


def test_an_interrupt_while_python_ends_is_one_sentence() -> None:
    code = "import atexit, os, signal, sys; atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n"
    code += "sys.argv = ['gongkai', '--version']\nfrom crawler.__main__ import main\nmain()"
    assert python(code) == (STATUS, f"gongkai: {INTERRUPTED}\n")


def test_an_interrupt_that_is_ignored_stays_so() -> None:
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    code += INTERRUPTS.format(module="typer", words=["--version"])
    assert python(code) == (0, "")


def test_without_an_interrupt_the_status_is_the_commands() -> None:
    code = "import sys; sys.argv = ['gongkai', 'no-such-command']\nfrom crawler.__main__ import main\nmain()"
    status, said = python(code)
    assert status == 2
    assert "no-such-command" in said


def test_the_package_is_run_like_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "portals"],
        cwd=ROOT,
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "gongkai portals" in done.stdout + done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_takes_no_output_and_no_number(closed: str) -> None:
    code = (
        "import sys; sys.argv = ['gongkai', 'portals', 'list']\n"
        "import os, crawler.__main__ as start\n"
        "start._open_closed_streams()\n"
        "assert os.dup(0) > 2\n"
        "start.main()"
    )
    line = f'"$0" -c "$1" {closed}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, code],
        cwd=ROOT,
        env=unmeasured(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("henan" in done.stdout) == (">&-" not in closed.split())
