"""What the commands share: tables that lose nothing, locators in one line, reports that are meant, our own name."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from archive import Home
from archive.database import open_database
from archive.index.indexer import index
from crawler import UsageError
from crawler.cli import _say
from crawler.commands._output import (
    called_as,
    cell_of,
    chosen,
    note,
    print_json,
    print_json_list,
    print_jsonl,
    print_lines,
    print_table,
    said_of,
    where,
)
from tests.archive.factory import crawl

LONG = "http://www.a.gov.cn/" + "x" * 400


def test_a_row_is_one_line_and_nothing_is_cut_off(capfd: pytest.CaptureFixture[str]) -> None:
    print_table(("address", "n"), [(LONG, 1), ("温县", None)], title="two rows")
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "two rows"
    assert [line.split() for line in lines if "x" in line or "温" in line] == [[LONG, "1"], ["温县"]]
    assert all(line == line.rstrip() for line in lines)


HOSTILE = "年报\x1b]0;title\x07\x9b31m\u202egpj\r\x7f"


def test_text_of_strangers_does_not_command_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    print_table(("a",), [(HOSTILE,)], title=HOSTILE)
    print_lines(HOSTILE)
    note(HOSTILE)
    _say(HOSTILE, 1)
    written = capfd.readouterr()
    for text in (written.out, written.err):
        assert not set(text) & set(HOSTILE[2:]) - set("]0;title31mgpj")
        assert text.count(r"\x1b]0;title\x07\x9b31m\u202egpj\r\x7f") == (3 if text is written.out else 2)


def test_json_holds_every_character_and_no_terminal_obeys_it(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    print_json({"a": HOSTILE, "b": ["\n"]})
    document = capfdbinary.readouterr().out.decode()
    print_jsonl([HOSTILE])
    line = capfdbinary.readouterr().out.decode()
    assert json.loads(document) == {"a": HOSTILE, "b": ["\n"]}
    assert json.loads(line) == HOSTILE
    assert not set(document + line) & set("\x1b\x07\x9b\u202e\r\x7f")


@pytest.mark.parametrize("values", [[], [1], [{"a": HOSTILE, "b": ["\n", {}]}, [], {"温": None}, "\u2028\n"]])
def test_a_list_that_is_printed_as_it_comes_is_the_list(
    capfdbinary: pytest.CaptureFixture[bytes], values: list[object]
) -> None:
    print_json(values)
    whole = capfdbinary.readouterr().out
    print_json_list(iter(values))
    assert capfdbinary.readouterr().out == whole


def test_on_a_terminal_a_long_cell_goes_on_below(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    print_table(("address",), [(LONG,)])
    out = capfd.readouterr().out
    assert "…" not in out
    assert LONG in "".join(out.split())


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ({"kind": "sheet", "sheet": "表1", "cell": "B7"}, "sheet: sheet 表1, cell B7"),
        ({"kind": "prose", "in": {"kind": "text", "line": 3}, "start": 1}, "prose: start 1, in (text: line 3)"),
        ({"kind": "pdf", "page": 2, "box": [1.5, 2, 3, 4]}, "pdf: page 2, box [1.5, 2, 3, 4]"),
    ],
)
def test_where(locator: dict[str, object], words: str) -> None:
    assert where(locator) == words


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ({"kind": "html", "path": "td:nth-child(2)", "table": 1, "row": 0, "column": 4}, "table 1, row 0, column 4"),
        ({"kind": "prose", "in": {"kind": "text", "line": 3}, "start": 1}, "line 3"),
        ({"kind": "pdf", "page": 2, "box": [1, 2, 3, 4]}, "page 2"),
    ],
)
def test_cell_of(locator: dict[str, object], words: str) -> None:
    assert cell_of(locator) == words


@pytest.mark.parametrize(
    ("portal", "division", "words"),
    [
        ("nope", None, "there is no portal 'nope'"),
        ("henann", None, "Did you mean henan"),
        (None, "温县", "is no division"),
        (None, "4", "is no division"),
    ],
)
def test_an_empty_answer_is_no_answer_to_a_mistake(
    tmp_path: Path, portal: str | None, division: str | None, words: str
) -> None:
    with (
        open_database(Home.at(tmp_path, create=True)) as database,
        database.session() as session,
        pytest.raises(UsageError, match=words),
    ):
        chosen(session, portal, None, division)


def test_a_portal_may_be_known_to_the_archive_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home = Home.at(tmp_path, create=True)
    with crawl(home, "c1", "oldportal"):
        pass
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        assert chosen(session, "oldportal", 2020, "41").portal == "oldportal"
        assert capfd.readouterr().err == ""
        assert chosen(session, "henan").portal == "henan"
    assert "no crawl of henan" in capfd.readouterr().err


def test_the_command_is_named_as_it_can_be_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / ".venv" / "bin" / "gongkai"), "demo"])
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert called_as() == ".venv/bin/gongkai"
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/gongkai")
    assert called_as() == "gongkai"


def test_a_verdict_in_a_few_words() -> None:
    verdict = {"decision": "dismiss", "who": "王", "note": "并表"}
    assert said_of({"verdict": verdict, "before": None}) == "dismiss (王): 并表"
    assert said_of({"verdict": None, "before": {**verdict, "note": None}}) == "ask again; was dismiss (王)"
    assert said_of({"verdict": None, "before": None}) is None
