"""The commands on records: what they print for programs and people, their exit statuses, their sentences."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import parsers
from archive import Home
from archive.database import open_database
from archive.index.indexer import index
from crawler import cli, commands
from crawler.terminal.progress import StageLine
from tests.archive import factory
from tests.archive.factory import START, crawl, document
from tests.conftest import ROOT, unmeasured

URL = "http://www.wenxian.gov.cn/1"
Run = Callable[..., tuple[int, str, str]]


def _with_a_parser_of_made_up_documents(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(parsers, "parse", factory.fake_parse)
    patch.setattr(parsers, "PARSER_VERSION", "fake-1")
    patch.setattr(parsers, "configuration_digest", lambda: "sha256:c")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a corrected report with a failed check, and an address that is refused: made once, to be copied."""
    place = Home.at(tmp_path_factory.mktemp("made") / "home", create=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GONGKAI_DATABASE_URL", raising=False)
        patch.delenv("GONGKAI_CONFIG", raising=False)
        _with_a_parser_of_made_up_documents(patch)
        with crawl(place, "c1", made_up=True) as begun:
            begun.page(URL, document("温县人民政府", 2021, {"req_new__total": "41", "b": "/"}))
            begun.page(URL + "x", "", status=403)
        with crawl(place, "c2", at=START + timedelta(days=1), made_up=True) as begun:
            begun.page(URL, document("温县人民政府", 2021, {"req_new__total": "40", "b": "/"}))
        index(place, processes=1)
    return place.root


@pytest.fixture
def home(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """That home, as a test's own."""
    _with_a_parser_of_made_up_documents(monkeypatch)
    return Home.at(Path(shutil.copytree(made, tmp_path / "home")))


@pytest.fixture
def run(home: Home, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run one command line on that home: status, stdout, stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = cli.run([*arguments, "--home", str(home.root)])
        return status, *capfd.readouterr()

    return call


def test_reports_for_programs(run: Run) -> None:
    status, out, _ = run("reports", "--jsonl", "--cells", "--include", "blocked")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [(line["url"], line["status"]) for line in lines] == [(URL, "ok"), (URL + "x", "blocked")]
    assert (lines[0]["changed"], lines[0]["cells"]) == (True, {"b": None, "req_new__total": "40"})
    assert lines[1] == {"portal": "henan", "url": URL + "x", "status": "blocked", "blocked_by": "http_403"}
    status, out, _ = run("reports", "--json", "--year", "1999")
    assert (status, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("reports",), ["温县人民政府", "2021", "ok changed (made up)", "not obtained from the named host"]),
        (("reports", "--include", "blocked"), ["http_403"]),
        (("reports", "--find", "nothing"), ["none of the 1 reports", "is left by --find nothing"]),
        (
            ("show", "温县", "2021"),
            ["req_new__total", "40", "T3_ROW_SUM", "unit_assumed", "not obtained from the named host"],
        ),
        (("captures", URL), ["response", "200", "made up"]),
        (("captures", "www.wenxian.gov.cn", "--match", "host"), ["blocked (http_403)", URL]),
        (("history", URL), ["v-", "gongkai diff"]),
        (("changes",), ["appeared", "changed"]),
        (("checks",), ["T3_ROW_SUM", "error", "--dismiss"]),
        (("coverage", "--date", "2026-11-20"), ["henan", "2021"]),
        (("status",), ["captures", "finished", "yes"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_people_see(run: Run, command: tuple[str, ...], words: list[str]) -> None:
    status, out, err = run(*command)
    assert status == 0
    for word in words:
        assert word in out + err


@pytest.mark.parametrize(
    "command", ["show 温县", f"captures {URL}", f"history {URL}", "changes", "checks", "coverage", "status"]
)
def test_every_table_has_its_json(run: Run, command: str) -> None:
    status, out, _ = run(*command.split(), "--json")
    assert status == 0
    assert json.loads(out)


def test_what_differs(run: Run) -> None:
    versions = [line["version"] for line in json.loads(run("history", URL, "--json")[1])]
    status, out, _ = run("diff", *versions)
    assert status == 0
    assert "req_new__total" in out
    assert json.loads(run("diff", *versions, "--json")[1])["cells"][0]["after"]["value"] == "40"
    assert "nothing differs" in run("diff", versions[0], versions[0])[2]


def test_several_words_mean_one_report_everywhere(run: Run) -> None:
    for words in (("温县", "2021"), ("温县人民政府", "2021"), ("温县 2021",)):
        report = json.loads(run("show", *words, "--json")[1])["id"]
        assert {line["report"] for line in json.loads(run("history", *words, "--json")[1])} == {report}
        assert {line["report"] for line in json.loads(run("checks", *words, "--json")[1])} == {report}
        assert json.loads(run("prove", *words, "--json")[1])["report"] == report
        assert len(json.loads(run("prove", *words, "req_new__total", "--json")[1])["figures"]) == 1
        assert "nothing differs" in run("diff", *words, *words)[2]
    assert run("history", "温县", "1999")[0] == run("diff", "温县", "1999", "温县", "2021")[0] == 1
    assert run("diff", "温县")[0] == 2
    assert "nothing differs" in run("diff", "温县", "2021", "2021")[2]  # however parted, both are the one report


def test_lists_are_narrowed_and_say_what_they_leave_out(run: Run) -> None:
    every = json.loads(run("changes", "--json")[1])
    assert every == json.loads(run("changes", "--portal", "henan", "--year", "2021", "--json")[1])
    assert json.loads(run("changes", "--year", "2020", "--json")[1]) == []
    assert json.loads(run("changes", "--portal", "shanxi", "--json")[1]) == []
    assert run("changes", "--portal", "nope")[0] == 2
    found = json.loads(run("checks", "--all", "--json")[1])
    status, out, err = run("checks", "--all", "--limit", "1", "--json")
    assert (status, json.loads(out)) == (0, found[:1])
    assert ("1 of" in err) is (len(found) > 1)
    assert run("checks", "--limit", "0")[0] == 2


def test_a_list_goes_on_where_it_was_left(home: Home, run: Run) -> None:
    with crawl(home, "c3", at=START + timedelta(days=2)) as made:
        made.page(URL + "b", document("温县教育局", 2021, {"req_new__total": "40"}, kind="department"))
        made.page(URL + "c", document("温县教育局", 2022, {"req_new__total": "40"}, kind="department"))
    index(home, processes=1)
    for command, name in (("reports", "id"), ("checks", "finding"), ("captures", "capture")):
        words = (command, "--match", "host", "www.wenxian.gov.cn") if command == "captures" else (command,)
        every = json.loads(run(*words, "--json")[1])
        status, out, err = run(*words, "--limit", "2", "--json")
        assert (status, json.loads(out)) == (0, every[:2])
        assert f"--after {every[1][name]}" in err
        status, out, err = run(*words, "--after", every[1][name], "--json")
        assert (status, json.loads(out), err) == (0, every[2:], "")
    reports = run("reports", "--limit", "2")
    assert "2 of 3 reports" in reports[2]
    assert "--after" not in run("reports", "--limit", "3")[2]
    # by rule first, then the page; where all is shown it is the list alone
    status, out, _ = run("checks", "--limit", "2")
    counts = re.findall(r"^(error|warn|info) +([A-Z0-9_]+) +(\d+) *$", out, re.MULTILINE)
    assert sum(int(count) for _, _, count in counts) == len(json.loads(run("checks", "--json")[1])) == 3
    assert run("checks", "--limit", "3")[1] == run("checks")[1]


def test_the_rules_are_listed_by_the_program_itself(run: Run) -> None:
    from parsers.checks.load import load_rules

    known = [rule.id for rule in load_rules().rules]
    assert [line["rule"] for line in json.loads(run("checks", "--rules", "--json")[1])] == known
    assert all(name in run("checks", "--rules")[1] for name in known)
    assert [line["rule"] for line in json.loads(run("checks", "--rules", "--rule", "T3_BALANCE", "--json")[1])] == [
        "T3_BALANCE"
    ]
    status, _, err = run("checks", "--rule", "nothing-like-it")
    assert (status, "`gongkai checks --rules` lists them" in err) == (2, True)


def test_no_message_leads_to_a_page_that_a_wheel_does_not_have() -> None:
    """Texts of the code that are shown: everything but documentation strings."""
    for path in [each for package in ("crawler", "archive", "parsers") for each in (ROOT / package).rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        shown = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
        ]
        pages = [text for text in shown if re.search(r"docs/[\w-]+\.md", text)]
        assert not pages or path.name == "reference.py", f"{path}: {pages}"


def test_a_verdict_is_given_and_shown(run: Run, home: Home) -> None:
    finding = json.loads(run("checks", "--json")[1])[0]["finding"]
    status, _, err = run("checks", "--dismiss", finding, "--who", "王", "--note", "并表")
    assert (status, "archived in acts-" in err) == (0, True)
    said = json.loads(run("checks", "--json")[1])[0]["verdict"]
    assert (said["decision"], said["who"], said["note"]) == ("dismiss", "王", "并表")
    assert "dismiss (王): 并表" in run("checks")[1]
    assert "applicants add up" in run("checks")[1]  # what the rule says, and what is a good reason
    assert finding not in run("checks", "--open")[1]
    assert list(home.warc.glob("acts-*.warc.gz"))
    assert run("checks", "--confirm", finding, "--dismiss", finding)[0] == 2
    assert json.loads(run("checks", "--withdraw", finding, "--json")[1])["verdict"] == "withdraw"


def test_what_was_read_wrongly_is_corrected_and_can_be_undone(run: Run) -> None:
    versions = json.loads(run("history", URL, "--json")[1])
    capture, report = versions[-1]["first_capture"], versions[-1]["report"]
    assert run("correct", capture, "--year", "2020", "--who", "王")[0] == 0
    assert [json.loads(line)["year"] for line in run("reports", "--jsonl")[1].splitlines()] == [2020, 2021]
    agency = report.removesuffix("-2021-main")
    assert "correct" in run("correct", capture, "--no-report")[2]
    assert [json.loads(line)["year"] for line in run("reports", "--jsonl")[1].splitlines()] == [2021]
    assert json.loads(run("correct", capture, "--undo", "--json")[1])["act"].startswith("urn:uuid:")
    assert json.loads(run("history", URL, "--json")[1]) == versions
    assert run("correct", capture)[0] == run("merge", agency)[0] == 2
    assert run("merge", agency, "000000-none")[0] == 1
    for line in (("correct", capture, "--undo"), ("merge", agency, "--undo"), ("merge", agency, agency)):
        status, _, err = run(*line)
        assert (status, any(words in err for words in ("to take back", "no other", "one agency already"))) == (1, True)
    assert run("correct", capture, "--no-report", "--year", "2020")[0] == 2
    assert run("correct", "urn:uuid:none", "--year", "2020")[0] == 1


def test_tables(run: Run, tmp_path: Path) -> None:
    status, out, err = run("export", str(tmp_path / "out"), "--format", "csv")
    assert (status, "cells_long.csv" in out, "not obtained from the named hosts" in err) == (0, True, True)
    with (tmp_path / "out" / "cells_long.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["value"] for row in csv.DictReader(file)] == ["", "40"]
    assert json.loads(run("export", str(tmp_path / "out"), "--json")[1])["rows"]["reports"] == 2


def test_proof_exits_by_whether_it_holds(run: Run) -> None:
    status, out, _ = run("prove", "温县", "--json")
    proof = json.loads(out)
    assert status == 1  # the parser of these tests names cells that are none
    assert not proof["holds"]
    assert all(step["holds"] for step in proof["steps"])
    assert "DOES NOT HOLD" in run("prove", "温县")[1]
    assert "NO" in run("prove", "温县", "req_new__total")[1]


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        (("show", "北京"), 1, "there is no such report"),
        (("captures", "http://nowhere.gov.cn/"), 1, "was never captured"),
        (("changes", "--since", "gestern"), 2, "is not a date"),
        (("reports", "--include", "all"), 2, "blocked"),
        (("prove", "温县", "nothing"), 1, "has no figure nothing"),
        (("reports", "--portal", "nope"), 2, "there is no portal 'nope'"),
        (("coverage", "--portal", "nope"), 2, "there is no portal 'nope'"),
        (("checks", "--portal", "nope"), 2, "there is no portal 'nope'"),
        (("export", "out", "--division", "x"), 2, "is no division"),
        (("checks", "--rule", "x_cary"), 2, "there is no such rule. Did you mean X_CARRY"),
        (("checks", "--confirm", ""), 2, "the finding has no name"),
        (("captures", URL, "--until", "1999-01-01"), 1, "was not captured in that time"),
        (("checks", "--confirm", "a", "--dismiss", "b"), 2, "choose one of --confirm, --dismiss and --withdraw"),
        (("changes", "--since", "2099-01-01"), 0, "nothing appeared"),
        (("cat", "a", "--block", "--headers"), 2, "choose one of --block"),
        (("import", "nofile"), 2, "there is no such file"),
        (("verify", "--key", "nokey"), 2, "the key cannot be read"),
        (("export", __file__), 2, "is not a directory"),
        (("export", "out", "--format", "xls"), 2, "There is csv"),
        (("push",), 2, "GONGKAI_STORAGE_URL names no storage"),
        (("captures", "x", "--match", "all"), 2, "Try 'gongkai captures --help'"),
        (("reports", "--year", "x"), 2, "--year: 'x' is no whole number"),
        (("reports", "--year", "9" * 30), 2, f"--year: {'9' * 30} is too large"),
        (("cat", "file:" + "9" * 30), 1, "no file is that long"),
    ],
)
def test_sentences(run: Run, command: tuple[str, ...], status: int, words: str) -> None:
    found, _, err = run(*command)
    assert (found, words in err, "Traceback" in err) == (status, True, False)


def test_index_says_what_it_did_and_what_it_left_out(run: Run, home: Home) -> None:
    status, out, _ = run("index", "--rebuild", "--processes", "1", "--json")
    assert (status, json.loads(out)["captures"]) == (0, 3)
    assert "new captures: 0" in run("index")[1]
    (home.warc / "bad.warc.gz").write_bytes(b"\x1f\x8b no gzip")
    status, out, err = run("index", "--json")
    assert (status, list(json.loads(out)["damaged"])) == (1, ["bad.warc.gz"])
    assert "left out bad.warc.gz" in err


@pytest.mark.parametrize("command", ["reports", "status", "checks"])
def test_without_an_index(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    home = Home.at(tmp_path / "empty", create=True)
    assert cli.run([command, "--home", str(home.root)]) == 3
    assert "gongkai index" in capsys.readouterr().err
    assert cli.run([command, "--home", str(tmp_path / "nowhere")]) == 2


def test_a_folder_without_an_archive_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("reports", "status", "verify", "recover", "index"):
        assert cli.run([command, "--home", str(tmp_path)]) == 2
        assert "holds no archive. Run a crawl or an import first" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_used_is_named_and_nothing_is_lost(
    run: Run, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("reports", "--jsonl")[1]
    monkeypatch.setattr("archive.database.session.BUSY_SECONDS", 0.2)
    monkeypatch.setattr("archive.database.session.open_database.__kwdefaults__", {"create": True, "busy_seconds": 0.2})
    other = sqlite3.connect(home.root / "gongkai.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    status, _, err = run("index", "--rebuild", "--processes", "1")
    other.close()
    assert (status, "is locked by another program" in err) == (3, True)
    with open_database(home) as database, database.engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    status, _, err = run("reports")
    assert (status, "newer version" in err) == (3, True)
    for path in home.root.glob("gongkai.db*"):
        path.unlink()
    assert run("index", "--processes", "1")[0] == 0
    assert run("reports", "--jsonl")[1] == before


def test_ctrl_c_ends_a_rebuild_in_order_and_the_next_one_goes_on(tmp_path: Path) -> None:
    """A real process, a real signal, real parsers."""
    home = Home.at(tmp_path / "home", create=True)
    page = "<html><h1>甲县人民政府{year}年政府信息公开工作年度报告</h1><p>" + "公开工作。" * 50
    for number in range(6):
        with crawl(home, f"c{number}", at=START + timedelta(days=number)) as made:
            for year in range(2008, 2024):
                made.page(f"http://www.a.gov.cn/{number}/{year}", page.format(year=year))
    code = "import sys; from crawler.__main__ import main; sys.argv = ['gongkai'] + sys.argv[1:]; main()"
    command = [sys.executable, "-c", code, "index", "--rebuild", "--home", str(home.root)]
    interrupted = subprocess.Popen(
        command, cwd=ROOT, env=unmeasured(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _captures(home, ".rebuild") == 0 and interrupted.poll() is None:
        time.sleep(0.02)
    interrupted.send_signal(signal.SIGINT)
    _, err = interrupted.communicate(timeout=60)
    assert (interrupted.returncode, "Traceback" in err) in {(130, False), (0, False)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert _captures(home) == 96
    assert not list(home.root.glob("*.rebuild*"))
    first = _dump(home)
    subprocess.run([*command, "--processes", "1"], cwd=ROOT, capture_output=True, check=True)
    assert _dump(home) == first


def _captures(home: Home, end: str = "") -> int:
    path = home.root / f"gongkai.db{end}"
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(*) FROM captures").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def _dump(home: Home) -> dict[str, list[Any]]:
    connection = sqlite3.connect(home.root / "gongkai.db")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
    connection.close()
    return found


def test_off_a_terminal_a_stage_that_was_told_is_told_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    line = StageLine(every=0)
    for done in (1, 2, 3):
        line("documents", done, 3)
    line._every = 3600.0
    line("files", 2, 2)  # a short stage says nothing
    for done in range(1, 4):
        line._every = 0 if done == 2 else 3600.0
        line("checks", done, 3)
    assert capsys.readouterr().err.splitlines() == [
        "documents 1/3", "documents 2/3", "documents 3/3", "checks 2/3", "checks 3/3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--find", "鹿邑县"], "none of the 1 reports in this archive is left by --find 鹿邑县"),
        (["--year", "2019"], "is left by --year 2019"),
        (["--division", "32", "--year", "2021"], "is left by --year 2021 --division 32"),
    ],
)
def test_where_options_left_nothing_that_is_said(run: Run, options: list[str], words: str):
    status, out, said = run("reports", *options)
    assert (status, words in said) == (0, True)
    assert "温县" not in out


def test_where_nothing_changed_under_a_year_the_year_is_named(run: Run):
    assert "changes of that time in this archive is left by --year 2019" in run("changes", "--year", "2019")[2]
    assert "nothing appeared" in run("changes", "--since", "2027-01-01")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["reports", "--year", "abc"], "--year: 'abc' is no whole number; write it in digits"),
        (["changes", "--year", "20.5"], "--year: '20.5' is no whole number"),
        (["reports", "--year", "12"], "--year: 12 is too small; write 1990 or more"),
        (["checks", "--limit", "0"], "--limit: 0 is too small; write 1 or more"),
        (["crawl", "henan", "--pace", "fast"], "--pace: 'fast' is no number"),
    ],
)
def test_a_value_that_an_option_does_not_take_is_refused_in_our_words(run: Run, words: list[str], said: str):
    status, _, told = run(*words)
    assert (status, told.startswith(f"gongkai: {said}")) == (2, True)


def test_every_module_of_commands_is_registered() -> None:
    folder = Path(commands.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert modules == set(commands.MODULES)
