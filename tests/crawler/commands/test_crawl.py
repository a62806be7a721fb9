"""``gongkai crawl`` as somebody at a terminal meets it: what it says, what it leaves, its exit status."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import Home
from archive.warc import scan
from crawler.cli import run
from crawler.commands.crawl import push_home
from crawler.samples import SampleServer, sample_portals
from tests.archive.stores import LOGIN, answering

DAIXIAN = "www.daixian.gov.cn"
Gongkai = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def mapped() -> Iterator[list[str]]:
    with SampleServer(sample_portals(provinces=("shanxi",))) as server:
        yield [part for entry in server.connect_to for part in ("--connect-to", entry)] + ["--pace", "0"]


@pytest.fixture
def gongkai(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Gongkai:
    def call(*arguments: str) -> tuple[int, str, str]:
        status = run([*arguments, "--home", str(tmp_path / "home")])
        said = capfd.readouterr()
        return status, said.out, said.err

    return call


def test_a_crawl_says_what_it_found_where_it_lies_and_what_comes_next(
    gongkai: Gongkai, mapped: list[str], tmp_path: Path
):
    status, out, err = gongkai("crawl", "shanxi", "--site", DAIXIAN, *mapped)
    assert status == 0
    assert "http://www.daixian.gov.cn/dxzw/zwgk/xxgknb/" in out
    assert "skipped" in err
    assert "website_report" in err
    assert f"Archived in {tmp_path / 'home' / 'warc'}. Next: gongkai reports" in err
    assert list((tmp_path / "home" / "crawls").glob("shanxi-*/crawl.log"))


def test_the_past_is_answered_without_a_network(gongkai: Gongkai, mapped: list[str], tmp_path: Path):
    gongkai("crawl", "shanxi", "--site", DAIXIAN, "--sample", "1", *mapped)
    files = sorted(path.name for path in (tmp_path / "home" / "warc").iterdir())
    status, out, err = gongkai("crawl", "shanxi", "--site", DAIXIAN, "--sample", "1", "--as-of", "2099-12-31")
    assert (status, sorted(path.name for path in (tmp_path / "home" / "warc").iterdir())) == (0, files)
    # What was missing then is asked for again: only whole answers stand for the past.
    assert "As of 2099-12-31: 1 addresses were not held. Nothing was written." in err
    assert DAIXIAN in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("crawl", "henann"), "there is no portal 'henann'. Did you mean henan"),
        (("crawl", "shanxi", "--site", "www.daixan.gov.cn"), "has no site www.daixan.gov.cn"),
        (("crawl", "shanxi", "--year", "1900"), "1900 is no report year"),
        (("crawl", "shanxi", "--connect-to", "x"), "HOST:PORT"),
        (("crawl", "shanxi", "--pace", "0"), "faster"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(gongkai: Gongkai, arguments: tuple[str, ...], said: str):
    status, out, err = gongkai(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_a_broken_profile_is_named_by_file_line_and_field(
    gongkai: Gongkai, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "config" / "portals").mkdir(parents=True)
    (tmp_path / "config" / "portals" / "mine.yaml").write_text("name: x\ncode: null\nsites:\n  - hots: www.a.gov.cn\n")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / "config"))
    status, _, err = gongkai("crawl", "mine")
    assert status == 2
    assert "mine.yaml line 4: sites[1]." in err


@pytest.mark.s3
def test_a_home_whose_files_were_pushed_and_deleted_is_as_good_as_before(
    gongkai: Gongkai, mapped: list[str], tmp_path: Path, s3_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GONGKAI_STORAGE_URL", s3_url)
    warc = tmp_path / "home" / "warc"

    def kinds() -> Counter[str]:
        return Counter(record.type for path in warc.glob("*.warc.gz") for record in scan(path))

    def send_away() -> None:
        gongkai("push")
        for path in warc.glob("*.warc.gz"):
            path.unlink()

    gongkai("crawl", "shanxi", "--site", DAIXIAN, *mapped)
    first = kinds()
    send_away()
    gongkai("crawl", "shanxi", "--site", DAIXIAN, *mapped)
    second = kinds()
    assert (second["response"], second["revisit"]) == (0, first["response"])
    assert len(json.loads(gongkai("push", "--json")[1])) == 0  # a crawl pushes by itself
    reports = gongkai("reports", "--jsonl", "--cells")[1]
    gongkai("export", str(tmp_path / "before"))
    send_away()
    assert [found["verdict"] for found in json.loads(gongkai("verify", "--json")[1])] == ["ok"] * 4
    assert json.loads(gongkai("index", "--rebuild", "--json")[1])["files"] == 4
    assert gongkai("reports", "--jsonl", "--cells")[1] == reports
    assert gongkai("export", str(tmp_path / "after"))[0] == 0
    for path in (tmp_path / "before").iterdir():
        assert path.read_bytes() == (tmp_path / "after" / path.name).read_bytes()
    for line in map(json.loads, reports.splitlines()):
        status, out, _ = gongkai("prove", line["id"], "--json")
        assert (status, json.loads(out)["holds"]) == (0, True)
    assert "reports" in gongkai("crawl", "shanxi", "--site", DAIXIAN, "--as-of", "2099-12-31")[1]

    def away(status: int, *command: str) -> str:
        found, out, err = gongkai(*command)
        assert (found, "Traceback" in err) == (status, False), err
        return out + err

    line = json.loads(reports.splitlines()[0])
    with answering(200, LOGIN, media_type="text/html") as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        pytest.importorskip("s3fs").S3FileSystem.clear_instance_cache()
        for command in (
            ("verify",),
            ("prove", line["id"]),
            ("index", "--rebuild"),
            ("push",),
            ("cat", line["capture"]),
        ):
            assert "wants a login" in away(3, *command)
        assert "wants a login" in away(1, "index")
        assert "wants a login" in away(0, "status")
        assert gongkai("reports", "--jsonl", "--cells")[1] == reports
        assert DAIXIAN in away(0, "crawl", "shanxi", "--site", DAIXIAN, *mapped)
    assert kinds()["response"] == first["response"]


def test_a_login_written_into_the_stores_address_is_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("GONGKAI_STORAGE_URL", "memory://me:geheim@bucket/archive")
    push_home(Home.at(tmp_path, create=True))
    written = capsys.readouterr()
    assert "0 files copied to memory://***@bucket/archive" in written.err
    assert "geheim" not in written.err + written.out
