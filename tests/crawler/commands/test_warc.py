"""gongkai verify, recover, import, cat: exit statuses, plain sentences, nothing but results on stdout."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from archive.home import Home
from archive.verify.files import verify_files
from archive.warc import WarcWriter, build, new_record_id, scan
from archive.warc.seal import seal_path
from crawler.cli import run

VERDICTS = Path(__file__).resolve().parents[2] / "archive" / "verdicts"
DATE = "2026-11-20T08:00:00.000000Z"
BLOCK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home", create=True)


@pytest.fixture
def capture(home: Home) -> str:
    """The id of an archived page."""
    body = gzip.compress("年度报告".encode())
    record_id = new_record_id()
    writer = WarcWriter(home.warc, "henan", {"software": "x"}, durable=False)
    block = BLOCK + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    writer.append([build.response("http://www.example.gov.cn/", block, date=DATE, record_id=record_id)])
    writer.close()
    return record_id


def test_verify_prints_the_contract(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    names = [str(VERDICTS / name) for name in ("ok/plain.warc", "note/loose-uri.warc")]
    assert run(["verify", *names, "--json"]) == 0
    printed = json.loads(capsysbinary.readouterr().out)
    assert [(one["file"], one["verdict"], one["records"]) for one in printed] == [
        (names[0], "ok", 2),
        (names[1], "note", 1),
    ]
    assert set(printed[1]["problems"][0]) == {"offset", "record_id", "code", "level", "message"}


@pytest.mark.parametrize("name", ["nonconformant/bad-date.warc", "damaged/cut-member.warc.gz"])
def test_verify_says_what_is_wrong_and_leaves_with_1(name: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["verify", str(VERDICTS / name)]) == 1
    out, err = capsysbinary.readouterr()
    verdict, code = name.split("/", maxsplit=1)[0], name.split("/")[1].split(".", maxsplit=1)[0]
    assert verdict.encode() in out
    assert code.encode() in err


def test_verify_of_the_home(home: Home, capture: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["verify", "--home", str(home.root)]) == 0
    assert run(["index", "--home", str(home.root)]) in {0, 2}  # where that command is there, the index knows the file
    (path,) = home.warc.glob("*.warc.gz")
    path.write_bytes(path.read_bytes()[:-1])
    capsysbinary.readouterr()
    assert run(["verify", "--home", str(home.root), "--json"]) == 1
    (found,) = json.loads(capsysbinary.readouterr().out)
    assert {problem["code"] for problem in found["problems"]} >= {"changed", "missing-trailer"}


def test_verify_without_an_archive(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["verify", "--home", str(tmp_path / "none")]) == 2
    assert b"no archive here yet" in capsysbinary.readouterr().err
    assert run(["verify", str(VERDICTS / "ok" / "plain.warc"), str(tmp_path / "none.warc")]) == 2
    assert b"none.warc: there is no such file" in capsysbinary.readouterr().err
    assert run(["verify", str(tmp_path)]) == 2
    assert b"is a directory" in capsysbinary.readouterr().err


def test_a_signing_key_that_is_not_there_is_bad_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("GONGKAI_SIGNING_KEY", str(tmp_path / "gone.pem"))
    sample = str(VERDICTS / "ok" / "plain.warc")
    assert run(["import", "--home", str(tmp_path / "h"), sample]) == 2
    assert b"the signing key cannot be read" in capsysbinary.readouterr().err


def test_what_an_import_leaves_out_is_said(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    sample = str(VERDICTS / "nonconformant" / "bad-date.year.warc")
    home = str(tmp_path / "h")
    assert run(["import", "--home", home, sample]) == 1
    assert b"left out import-" in capsysbinary.readouterr().err
    assert run(["import", "--home", home, str(VERDICTS / "ok" / "plain.warc")]) == 0
    capsysbinary.readouterr()
    assert run(["index", "--home", home, "--rebuild", "--json"]) == 1
    printed = json.loads(capsysbinary.readouterr().out)
    assert (printed["not_understood"], [set(one) for one in printed["left_out"]]) == (
        1,
        [{"file", "offset", "record_id", "reason"}],
    )
    assert run(["status", "--home", home]) == 0
    assert b"1 record is not in the index:" in capsysbinary.readouterr().err


@pytest.mark.parametrize(("word", "ids"), [("to itself", "1"), ("in a circle", "12"), ("in a circle", "123")])
def test_cat_of_a_revisit_without_content_is_a_sentence(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], word: str, ids: str
) -> None:
    path = tmp_path / "circle.warc"
    path.write_bytes(b"".join(revisit(one, ids[(at + 1) % len(ids)]) for at, one in enumerate(ids)))
    home = str(tmp_path / "h")
    assert run(["verify", str(path), "--json"]) == 1
    (judged,) = json.loads(capsysbinary.readouterr().out)
    codes = [problem["code"] for problem in judged["problems"] if problem["level"] != "note"]
    assert codes == ["revisit-circle"] * len(ids)
    assert run(["import", "--home", home, str(path)]) == 0
    assert run(["cat", "--home", home, "urn:x:record-1"]) == 1
    assert word.encode() in capsysbinary.readouterr().err


def revisit(name: str, original: str) -> bytes:
    """A revisit that refers to a record by its id."""
    head = (
        "WARC/1.1\r\nWARC-Type: revisit\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n"
        f"WARC-Record-ID: <urn:x:record-{name}>\r\nWARC-Refers-To: <urn:x:record-{original}>\r\n"
        "WARC-Target-URI: http://a.cn/\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    )
    return head.encode()


def test_a_package_that_cannot_be_read_is_named(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "broken.wacz"
    path.write_bytes(b"PK\x03\x04" + b"x" * 99)
    assert run(["import", "--home", str(tmp_path / "h"), "--force", str(path)]) != 0
    err = capsysbinary.readouterr().err
    assert b"broken.wacz: the ZIP file cannot be read" in err


def test_recover_seals_and_says_so(home: Home, capture: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (path,) = home.warc.glob("*.warc.gz")
    data = path.read_bytes()
    seal_path(path).unlink()
    path.rename(path.with_name(path.name + ".open"))
    path.with_name(path.name + ".open").write_bytes(data + data[:50])
    assert run(["recover", "--home", str(home.root), "--json"]) == 0
    (done,) = json.loads(capsysbinary.readouterr().out)
    assert done == {
        "file": path.name,
        "state": "sealed",
        "records": 2,
        "torn": 50,
        "torn_file": f"{path.name.removesuffix('.warc.gz')}.gz.torn-1",
    }
    assert path.read_bytes() == data
    assert run(["recover", "--home", str(home.root)]) == 0
    assert b"nothing was left open" in capsysbinary.readouterr().err


def test_import_takes_in_and_refuses(home: Home, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    good, bad = VERDICTS / "ok/version-1.arc", VERDICTS / "damaged/bad-checksum.warc.gz"
    assert run(["import", str(good), str(bad), "--home", str(home.root), "--json"]) == 3
    out, err = capsysbinary.readouterr()
    assert [one["state"] for one in json.loads(out)] == ["imported", "refused"]
    assert b"bad-checksum" in err
    assert b"--force" in err
    assert run(["import", str(good), "--home", str(home.root), "--json"]) == 0
    assert json.loads(capsysbinary.readouterr().out)[0]["state"] == "known"
    assert run(["import", str(bad), "--force", "--home", str(home.root)]) == 0
    capsysbinary.readouterr()
    assert run(["verify", "--home", str(home.root)]) == 0


@pytest.mark.parametrize("indexed", [False, True])
def test_cat_in_every_form(home: Home, capture: str, indexed: bool, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    if indexed:
        from archive.index.indexer import index

        index(home)
    (path,) = home.warc.glob("*.warc.gz")
    record = list(scan(path))[1]

    def cat(*options: str) -> bytes:
        assert run(["cat", capture, "--home", str(home.root), *options]) == 0
        return capsysbinary.readouterr().out

    assert cat() == "年度报告".encode()
    assert cat("--block") == record.block
    assert cat("--payload") == record.http().entity()
    head = cat("--headers")
    assert head.startswith(b"WARC/1.1\r\n")
    assert f"WARC-Record-ID: <{capture}>\r\n".encode() in head
    assert head.endswith(BLOCK)
    assert run(["cat", f"{path}:{record.offset}"]) == 0
    assert capsysbinary.readouterr().out == "年度报告".encode()


def test_cat_of_what_is_not_there(home: Home, capture: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["cat", "urn:uuid:ffffffff-0000-4000-8000-000000000000", "--home", str(home.root)]) == 1
    assert run(["cat", capture, "--block", "--headers", "--home", str(home.root)]) == 2
    (path,) = home.warc.glob("*.warc.gz")
    assert run(["cat", f"{path}:7", "--home", str(home.root)]) == 3
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert b"Traceback" not in err
    assert len(err.splitlines()) == 3


def test_verify_of_many_files_of_the_home_with_an_import(home: Home, capture: str) -> None:
    shutil.copy(VERDICTS / "ok/plain.warc", home.warc / "slipped-in.warc")
    assert run(["verify", "--home", str(home.root)]) == 1


def test_files_taken_in_together_that_share_an_id_are_all_found(
    home: Home, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    paths = []
    for name in ("a", "b"):
        block = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name.encode()
        fields = (
            "WARC-Type: response",
            "WARC-Record-ID: <urn:uuid:6d058047-ede2-4a13-be79-90c17c631dd4>",
            "WARC-Date: 2020-01-01T00:00:00Z",
            f"WARC-Target-URI: http://a.gov.cn/{name}",
            "Content-Type: application/http;msgtype=response",
            f"Content-Length: {len(block)}",
        )
        paths.append(tmp_path / f"{name}.warc")
        paths[-1].write_bytes("\r\n".join(("WARC/1.0", *fields, "", "")).encode() + block + b"\r\n\r\n")
    assert run(["import", *map(str, paths), "--home", str(home.root), "--json"]) == 0
    capsysbinary.readouterr()
    assert run(["captures", "a.gov.cn", "--match", "host", "--home", str(home.root), "--json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert [one["url"] for one in found] == ["http://a.gov.cn/a", "http://a.gov.cn/b"]
    assert len({one["capture"] for one in found}) == 2
    assert run(["verify", "--home", str(home.root)]) == 0


def test_a_file_taken_in_may_say_the_name_that_it_had(home: Home, tmp_path: Path) -> None:
    made = home.warc.parent / "elsewhere"
    writer = WarcWriter(made, "other", {"software": "other"}, durable=False)
    writer.append([build.resource("urn:x:1", b"x", "text/plain", date="2026-01-02T00:00:00Z")])
    (seal,) = writer.close()
    assert run(["import", str(made / seal.file), "--home", str(home.root)]) == 0
    (path,) = home.warc.glob("import-*.warc.gz")
    assert [problem.code for problem in verify_files([path])[0].problems] == []
    other = path.rename(tmp_path / "import-other.warc.gz")
    assert [problem.code for problem in verify_files([other])[0].problems] == ["filename-differs"]
