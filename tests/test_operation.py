"""What docs/operation.md says of schedules, backup, moving and loading, done."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import parsers
from archive import Home
from archive.index.indexer import index
from crawler import cli
from tests.archive import factory
from tests.archive.factory import crawl, document
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
Run = Callable[..., str]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> str:
        capfd.readouterr()
        assert cli.run(list(words)) == 0
        return capfd.readouterr().out

    return call


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(parsers, "parse", factory.fake_parse)
    place = Home.at(tmp_path / "home", create=True)
    with crawl(place, "c1", made_up=True) as made:
        cells = {"req_new__total": "41", "req_granted__total": "/"}
        made.page("http://www.jia.gov.cn/1", document("北京市人民政府", 2021, cells, division="110000"))
    index(place, processes=1)
    return place


def test_the_files_alone_make_the_same_home_elsewhere(home: Home, tmp_path: Path, run: Run) -> None:
    before = run("reports", "--jsonl", "--cells", "--home", str(home.root))
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(home.warc, copy / "warc")
    run("index", "--rebuild", "--processes", "1", "--home", str(copy))
    run("verify", "--home", str(copy))
    assert run("reports", "--jsonl", "--cells", "--home", str(copy)) == before


def test_a_home_that_was_moved_whole_is_used_as_it_is(home: Home, tmp_path: Path, run: Run) -> None:
    before = run("reports", "--jsonl", "--cells", "--home", str(home.root))
    moved = home.root.rename(tmp_path / "moved")
    run("verify", "--home", str(moved))
    run("index", "--home", str(moved))
    assert run("reports", "--jsonl", "--cells", "--home", str(moved)) == before
    shutil.copytree(moved, tmp_path / "twice")
    assert run("reports", "--jsonl", "--cells", "--home", str(tmp_path / "twice")) == before


def test_exports_are_read_as_the_page_says(home: Home, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "OUT"
    run("export", str(out), "--format", "csv", "--home", str(home.root))
    assert (out / "reports.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for name in re.findall(r'"OUT/(\w+\.csv)"', PAGE):
        assert (out / name).is_file()
    with (out / "cells_long.csv").open(encoding="utf-8-sig", newline="") as file:
        values = {row["code"]: row["value"] for row in csv.DictReader(file)}
    assert values == {"req_new__total": "41", "req_granted__total": ""}


def test_pandas_reads_them_so(home: Home, tmp_path: Path, run: Run) -> None:
    pandas = pytest.importorskip("pandas")
    out = tmp_path / "OUT"
    run("export", str(out), "--format", "csv", "--home", str(home.root))
    cells = pandas.read_csv(out / "cells_long.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert pandas.to_numeric(cells["value"], errors="coerce").isna().sum() == 1


def test_what_a_schedule_runs_is_a_command_line_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    lines = re.findall(r"/bin/gongkai ([^\n]+)", PAGE)
    assert len(lines) == 2
    for line in lines:
        assert cli.run([*line.split(), "--year", "1900"]) == 2  # read to the end, and only the year is refused
        assert "1900 is no report year" in capsys.readouterr().err
