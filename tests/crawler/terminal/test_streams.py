"""What a person sees on a terminal of 80 columns, and what happens when nobody reads us any more."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import parsers
from archive import Home
from archive.index.indexer import index
from crawler.terminal import streams
from tests.archive import factory
from tests.archive.factory import START, crawl, document
from tests.conftest import ROOT
from tests.terminal import STYLE, command_of, on_terminal, pieces, too_wide

LONG = "http://www.wenxian.gov.cn/zwgk/fdzdgknr/zfxxgknb/" + "x" * 60 + "/t20210401_1.html"
NAMES = ("温县人民政府", "新疆维吾尔自治区巴音郭楞蒙古自治州和硕县人力资源和社会保障局", "甲县教育局")
HOSTILE = "\x1b[2J\x1b]0;title\x07"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Reports of long and short names at long addresses, changed, failed and refused; a title that would command."""
    place = Home.at(tmp_path_factory.mktemp("terminal") / "home", create=True)
    cells = {"req_new__total": "41", "req_new__natural": "3", "req_granted__natural": "2", "permit_decisions": "7"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsers, "parse", factory.fake_parse)
        patch.setattr(parsers, "PARSER_VERSION", "fake-1")
        patch.setattr(parsers, "configuration_digest", lambda: "sha256:c")
        for day, total in enumerate(("41", "123456789")):
            with crawl(place, f"20261101020000-c{day}", at=START + timedelta(days=day), made_up=True) as made:
                for at, name in enumerate(NAMES):
                    page = document(name, 2020 + at, {**cells, "req_new__total": total}, division=f"41082{at}")
                    made.page(f"{LONG}?{at}", page, hints={"list_title": f"{name}{HOSTILE}年报"})
                made.page(LONG + "blocked", "", status=403)
        index(place, processes=1)
        yield place


def test_every_table_fits_a_terminal_and_nothing_that_is_copied_is_folded(home: Home, tmp_path: Path) -> None:
    from archive.database import open_database
    from archive.decisions import findings
    from archive.records.history import history
    from archive.records.reports import report_lines

    with open_database(home) as database, database.session() as session:
        reports = [line.report.id for line in report_lines(session)]
        found = [line["finding"] for line in findings(session) if line["outcome"] == "fail"]
        versions = [line.as_json()["version"] for line in history(session, f"{LONG}?1")]
    report, at = reports[1], ["--home", str(home.root)]
    lines = {
        "reports": ["reports", "--include", "blocked"],
        "show": ["show", report],
        "show --all": ["show", report, "--all"],
        "captures": ["captures", "www.wenxian.gov.cn", "--match", "host"],
        "history": ["history", f"{LONG}?1"],
        "diff": ["diff", *versions],
        "changes": ["changes"],
        "checks": ["checks"],
        "checks --all": ["checks", "--all"],
        "prove": ["prove", report],
        "coverage": ["coverage"],
        "status": ["status"],
        "verify": ["verify"],
        "export": ["export", str(tmp_path / "a-folder-of-a-rather-long-name")],
        "index": ["index"],
        "recover": ["recover"],
    }
    shown = dict(zip(lines, on_terminal([[*line, *at] for line in lines.values()]), strict=True))
    assert {name: status for name, (status, _) in shown.items() if status} == {"prove": 1}  # cells of a made-up parser
    texts = {name: text for name, (_, text) in shown.items()}
    assert {name: wide for name, text in texts.items() if (wide := too_wide(text))} == {}
    assert not [name for name, text in texts.items() if r"\x1b[1m" in text or r"\x1b[0m" in text]
    assert {*reports, LONG + "blocked"} <= pieces(texts["reports"])
    assert {*reports, *found} <= pieces(texts["checks"]) & pieces(texts["checks --all"])
    assert {*reports, f"{LONG}?2"} <= pieces(texts["changes"])
    assert {f"{LONG}?0", LONG + "blocked"} <= pieces(texts["captures"])
    assert {*versions, f"{LONG}?1"} <= pieces(texts["history"])
    assert {report, "req_granted__natural"} <= pieces(texts["show --all"]) & pieces(texts["show"])
    findings_alone = STYLE.sub("", texts["checks"]).partition("The rules")[0]
    assert len(findings_alone.splitlines()) <= 4 + 3 * len(found)  # no finding takes seven lines
    assert HOSTILE not in texts["show"]
    assert r"\x1b[2J\x1b]0;title\x07" in texts["show"].replace("\n", "").replace(" ", "")


def test_tables_without_an_archive_fit_too(tmp_path: Path) -> None:
    document = tmp_path / "report.html"
    document.write_text(
        "<h1>甲县人民政府2020年政府信息公开工作年度报告</h1><p>本年度新收政府信息公开申请4件。", encoding="utf-8"
    )
    lines = [["portals", "list"], ["portals", "show", "henan"], ["parse", str(document)], ["checks", "--rules"]]
    for line, (status, text) in zip(lines, on_terminal(lines), strict=True):
        assert (line, status, too_wide(text)) == (line, 0, [])


@pytest.mark.parametrize(
    ("environment", "bold"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
    ids=str,
)
def test_heads_stand_out_where_they_may(environment: dict[str, str], bold: bool) -> None:
    ((status, text),) = on_terminal([["portals", "list"]], environment=environment)
    assert status == 0
    assert text.startswith("\x1b[1mportal") is bold
    assert ("\x1b" in text) is bold


@pytest.mark.parametrize("columns", [40, 132])
def test_other_widths(home: Home, columns: int) -> None:
    lines = [[command, "--home", str(home.root)] for command in ("reports", "checks", "changes", "status")]
    for status, text in on_terminal(lines, columns=columns):
        assert (status, too_wide(text, columns)) == (0, [])


def test_in_a_pipe_heads_are_plain_and_a_row_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    from crawler import cli

    assert cli.run(["portals", "list"]) == 0
    lines = capsys.readouterr().out.rstrip("\n").splitlines()
    assert "\x1b" not in "".join(lines)
    assert len(lines) == 2 + len(list((ROOT / "config" / "portals").glob("*.yaml")))


@pytest.mark.parametrize(
    "words",
    [
        ["reports"],
        ["reports", "--jsonl", "--cells"],
        ["reports", "--json"],
        ["checks", "--all"],
        ["captures", f"{LONG}?0"],
        ["portals", "list"],
        ["--help"],
        ["help", "crawl"],
    ],
    ids=" ".join,
)
def test_a_reader_who_has_seen_enough_is_no_failure(home: Home, words: list[str]) -> None:
    at = ["--home", str(home.root)] if words[0] in {"reports", "checks", "captures"} else []
    with subprocess.Popen(command_of(*words, *at), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # before a line was written
        said = process.stderr.read().decode()
    assert (process.returncode, "Traceback" in said, "Broken" in said, "Exception" in said) == (0, False, False, False)


def test_a_failure_is_one_also_when_nobody_reads(tmp_path: Path) -> None:
    bad = tmp_path / "bad.warc.gz"
    bad.write_bytes(b"\x1f\x8b no gzip")
    with subprocess.Popen(
        command_of("verify", str(bad)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.communicate()
    assert process.returncode == 1


def test_what_goes_nowhere_stays_silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

        def fileno(self) -> int:
            return file.fileno()

    with (tmp_path / "x").open("w") as file:
        monkeypatch.setattr(sys, "stderr", Gone())
        streams.note("nobody hears")
        streams.rewrite("nobody sees")
        file.write("later")
    assert (tmp_path / "x").read_text() == ""
