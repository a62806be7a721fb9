"""``gongkai parse``: JSON and tables, several files, exit status, plain sentences."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from crawler.cli import run

REPORT = (
    "温县人民政府2022年政府信息公开工作年度报告\n\n二、主动公开政府信息情况\n"
    "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n行政规范性文件\t7\t0\t303\n"
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_one_file_is_one_object(report: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "--json", str(report)]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["schema"] == "gongkai.report/1"
    assert found["source"]["path"] == str(report)
    assert len(found["source"]["sha256"]) == 64
    assert {cell["code"]: cell["value"] for cell in found["cells"]}["normdocs_in_force"] == "303"


def test_several_files_are_a_list(report: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", "--json", str(report), str(report)]) == 0
    assert [found["year"] for found in json.loads(capfd.readouterr().out)] == [2022, 2022]


def test_a_person_sees_tables(report: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", str(report)]) == 0
    out = capfd.readouterr().out
    assert "温县人民政府" in out
    assert "normdocs_in_force" in out


def test_a_missing_file_is_bad_usage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", str(tmp_path / "none.html")]) == 2
    assert "there is no such file" in capfd.readouterr().err


def test_an_unreadable_document_is_named_and_the_others_are_read(
    report: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing follows")
    assert run(["parse", "--json", str(broken), str(report)]) == 1
    captured = capfd.readouterr()
    assert json.loads(captured.out)[0]["outcome"] == "unreadable"
    assert "broken.pdf" in captured.err
    assert "Traceback" not in captured.err


def test_a_page_that_is_no_report_is_an_answer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body><p>今日天气</p></body></html>", encoding="utf-8")
    assert run(["parse", "--json", str(page)]) == 0
    assert json.loads(capfd.readouterr().out)["outcome"] == "not_a_report"


def test_a_directory_is_no_document(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", str(tmp_path)]) == 2
    assert f"{tmp_path}: is a directory" in capfd.readouterr().err


def test_a_pdf_that_is_none_is_said_once_and_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name, data, words in (
        ("a.pdf", b"no such file here", "this claims to be a PDF but holds plain text."),
        ("b.pdf", b"%PDF-1.7\nbroken", "the PDF is cut off or damaged."),
        ("c.html", b"", "the file is empty."),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        assert run(["parse", "--json", str(path)]) == 1
        told = capfd.readouterr()
        assert told.err.startswith(f"gongkai: {path}: {words}")
        assert len(told.err.splitlines()) == 1
        assert json.loads(told.out)["outcome"] in {"not_a_report", "unreadable"}


def test_what_the_caller_knows_fills_in_and_the_record_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "office.txt"
    path.write_text(REPORT.replace("温县人民政府2022年", "人民政府办公室"), encoding="utf-8")
    known = ["--publisher", "温县人民政府办公室", "--division", "410825", "--year", "2022", "--list-date", "2023-01-12"]
    assert run(["parse", "--json", str(path), *known]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["agency"]["name"], found["division"]["code"], found["year"], found["published_on"]) == (
        "温县人民政府办公室", "410825", 2022, "2023-01-12",
    )  # fmt: skip
    assert found["published_on_kind"] == "list"
    assert found["sources"]["year"] == "column"


@pytest.mark.parametrize("known", [["--division", "4108"], ["--list-date", "last week"]])
def test_what_can_never_help_is_refused(report: Path, known: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", str(report), *known]) == 2
    assert known[0] in capfd.readouterr().err


def test_a_document_may_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def feed(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    feed(REPORT)
    assert run(["parse", "--json", "-"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert (found["source"]["path"], found["year"], found["outcome"]) == ("-", 2022, "report")
    feed("")
    assert run(["parse", "-"]) == 1
    assert "-: " in capfd.readouterr().err
