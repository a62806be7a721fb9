"""The command's manners: exit statuses, one sentence per problem, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from archive import Refused
from crawler import UsageError, cli
from parsers import ParserError
from tests.conftest import ROOT
from tests.terminal import command_of


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """A command that raises whatever is put into the returned list."""
    box: list[BaseException] = []
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.callback()
    def _root() -> None: ...

    @app.command()
    def work() -> None:
        raise box[0]

    monkeypatch.setattr(cli, "app", app)
    return box


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (
            UsageError("there is no such portal", subject="henann", advice="Did you mean henan"),
            2,
            "henann: there is no",
        ),
        (Refused("is locked by another crawl", subject="henan"), 3, "henan: is locked"),
        (ParserError("cannot be read", subject="a.pdf"), 1, "a.pdf: cannot be read"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(28, "No space left on device", "/x/y.warc"), 3, "No space left on device"),
        (UnicodeEncodeError("utf-8", "a\udcff", 1, 2, "surrogates not allowed"), 2, "holds bytes that are no text"),
        (RuntimeError("surprise"), 1, "internal error: RuntimeError: surprise"),
    ],
)
def test_errors_become_one_sentence_and_a_status(
    failing: list[BaseException],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    words: str,
) -> None:
    failing.append(error)
    assert cli.run(["work"]) == status
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("gongkai: ")
    assert words in output.err
    assert "Traceback" not in output.err
    assert len(output.err.strip().splitlines()) == 1


def test_an_internal_error_keeps_its_traceback_in_a_file(
    failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(RuntimeError("surprise"))
    cli.run(["work"])
    kept = Path(capsys.readouterr().err.rsplit(" ", 1)[1].strip())
    assert "RuntimeError: surprise" in kept.read_text()
    kept.unlink()


def test_a_locked_database_is_said_without_jargon(
    failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    from sqlite3 import OperationalError as Cause

    from sqlalchemy.exc import OperationalError

    failing.append(OperationalError("SELECT 1", {}, Cause("database is locked")))
    assert cli.run(["work"]) == 3
    assert "database is locked" in capsys.readouterr().err


def test_words_are_utf8_whatever_the_locale_says() -> None:
    assert cli._readable("温县".encode().decode("ascii", "surrogateescape")) == "温县"
    assert cli._readable("温县") == "温县"
    assert cli._readable("a\udcff.html") == "a\udcff.html"  # a file may be called so


def test_a_terminal_without_chinese_letters_is_no_failure(tmp_path: Path) -> None:
    code = "import sys; sys.argv = ['gongkai', 'portals', 'show', 'henan']; from crawler.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert b"www.henan.gov.cn" in done.stdout
    assert b"?" in done.stdout


@pytest.mark.parametrize("arguments", [[], ["portals"]])
def test_without_a_command_the_help_is_shown(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"Usage: {' '.join(['gongkai', *arguments])} [OPTIONS] COMMAND")


@pytest.mark.parametrize("arguments", [["no-such-command"], ["--no-such-option"]])
def test_bad_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 2
    assert "gongkai --help" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("gongkai ")


@pytest.mark.parametrize("words", [["crawl"], ["portals", "check"], ["portals"], []], ids=" ".join)
def test_help_is_asked_for_in_three_ways(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    pages = []
    for line in (["help", *words], [*words, "-h"], [*words, "--help"]):
        assert cli.run(line) == 0
        pages.append(capsys.readouterr().out)
    assert pages[0] == pages[1] == pages[2]
    assert pages[0].startswith(f"Usage: {' '.join(['gongkai', *words])} ")


def test_help_of_what_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["help", "portals", "nothing"]) == 2
    assert "gongkai portals has no command nothing" in capsys.readouterr().err
    assert cli.run(["help", "crawl", "henan"]) == 2


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("gongkai cov", "coverage"), ("gongkai portals ch", "check"), ("gongkai crawl --qu", "--quiet")],
)
def test_shells_complete_what_is_typed(typed: str, offered: str) -> None:
    done = subprocess.run(
        command_of(),
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "_GONGKAI_COMPLETE": "complete_bash",
            "COMP_WORDS": typed,
            "COMP_CWORD": str(len(typed.split()) - 1),
        },
    )
    assert (done.returncode, offered in done.stdout.decode().split()) == (0, True), done.stderr
