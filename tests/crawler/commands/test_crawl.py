"""``gongkai crawl`` as somebody at a terminal meets it: what it says, what it leaves, its exit status."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Home
from archive.warc import scan
from crawler import UsageError
from crawler.cli import run
from crawler.commands.crawl import as_json, print_outcomes, push_home, sites_of
from crawler.commands.crawl import exit_status as status_of
from crawler.run import Outcome
from crawler.samples import SampleServer, sample_portals
from crawler.spiders.bookkeeping.summary import ColumnResult, Summary
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
    for sample, missing in (("1", 0), ("2", 1)):  # the second report was not asked for when there was a network
        status, out, err = gongkai("crawl", "shanxi", "--site", DAIXIAN, "--sample", sample, "--as-of", "2099-12-31")
        assert (status, sorted(path.name for path in (tmp_path / "home" / "warc").iterdir())) == (missing, files)
        assert f"As of 2099-12-31: {missing} addresses were not held. Nothing was written." in err
        assert DAIXIAN in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("crawl", "henann"), "there is no portal 'henann'. Did you mean henan"),
        (("crawl", "shanxi", "--site", "www.daixan.gov.cn"), "has no site www.daixan.gov.cn"),
        (
            ("crawl", "shanxi", "henan", "--site", "www.nowhere.gov.cn"),
            "none of the portals shanxi, henan has a site",
        ),
        (("crawl", "shanxi", "henan", "--site", DAIXIAN), "no --site is one of henan's"),
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
        assert DAIXIAN in away(1, "crawl", "shanxi", "--site", DAIXIAN, *mapped)  # not copied: said, and a failure
    assert kinds()["response"] == first["response"]


@pytest.mark.parametrize(
    ("keys", "hosts", "found"),
    [
        (("henan", "shanxi"), (), {"henan": (), "shanxi": ()}),
        (("shanxi",), (DAIXIAN,), {"shanxi": (DAIXIAN,)}),
        (
            ("henan", "shanxi"),
            (DAIXIAN, "www.henan.gov.cn"),
            {"henan": ("www.henan.gov.cn",), "shanxi": (DAIXIAN,)},
        ),
        (
            ("shanxi", "henan"),
            ("WWW.henan.gov.cn", "www.wenxian.gov.cn", DAIXIAN),
            {"henan": ("WWW.henan.gov.cn", "www.wenxian.gov.cn"), "shanxi": (DAIXIAN,)},
        ),
    ],
)
def test_each_site_goes_to_its_portal(
    keys: tuple[str, ...], hosts: tuple[str, ...], found: dict[str, tuple[str, ...]]
) -> None:
    assert sites_of(keys, hosts) == found


def test_a_scheduler_hears_of_problems_alone_and_a_program_gets_one_object(
    gongkai: Gongkai,
):
    sites = ("--site", DAIXIAN, "--site", "www.wenxian.gov.cn")
    with SampleServer(sample_portals()) as server:
        mapped = [part for entry in server.connect_to for part in ("--connect-to", entry)]
        arguments = ("crawl", "shanxi", "henan", *sites, "--sample", "1", "--pace", "0", *mapped)
        status, out, err = gongkai(*arguments, "--json", "--quiet")
        again = gongkai(*arguments, "--quiet", "--new")
    crawls = json.loads(out)
    assert [(one["portal"], one["end"]) for one in crawls] == [("shanxi", "finished"), ("henan", "finished")]
    assert {column["site"] for column in crawls[0]["columns"]} == {DAIXIAN}
    assert {column["site"] for column in crawls[1]["columns"]} == {"www.wenxian.gov.cn"}
    assert all(Path(one["log"]).is_file() for one in crawls)
    problems = [problem for one in crawls for problem in one["problems"]]
    assert status == (1 if problems else 0)
    said = err.strip().splitlines()
    assert all(any(part in line for part in (*problems, "log in", "more there")) for line in said)
    assert (again[1], "Archived" in again[2], "requests" in again[2]) == ("", False, False)


@pytest.mark.parametrize("quiet", [True, False])
def test_every_problem_is_said_once_and_makes_the_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], quiet: bool
) -> None:
    home = Home.at(tmp_path, create=True)
    closed = ColumnResult("a", "http://a/", {}, None, None, None, ["http://a/: no answer"], "unanswered")
    outcomes = [
        Outcome("one", "c1", "finished", summary=Summary([closed], ["a: 0 reports found, at least 3 expected"])),
        Outcome("two", "c2", "shutdown"),
        Outcome("three", None, error=UsageError("cannot be used", subject="x")),
    ]
    print_outcomes(outcomes, home, quiet=quiet)
    said = capsys.readouterr().err
    for words in ("one: http://a/: no answer", "one: a: 0 reports found", "two: did not come to its end", "three: x: "):
        assert said.count(words) == 1
    assert status_of(outcomes) == 2
    assert [status_of([outcome]) for outcome in outcomes[:2]] == [1, 1]
    assert status_of([Outcome("fine", "c", "finished")]) == 0
    assert as_json(outcomes[2], home)["problems"] == ["x: cannot be used."]


def test_a_login_written_into_the_stores_address_is_not_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("GONGKAI_STORAGE_URL", "memory://me:geheim@bucket/archive")
    push_home(Home.at(tmp_path, create=True))
    written = capsys.readouterr()
    assert "0 files copied to memory://***@bucket/archive" in written.err
    assert "geheim" not in written.err + written.out


def test_going_on_with_an_earlier_crawl_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    begun = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    went_on = Outcome("shanxi", crawl="c", reason="finished", stats={"capture/replayed": 7}, resumed=begun)
    for outcome, said in ((went_on, True), (Outcome("shanxi", crawl="c", reason="finished"), False)):
        print_outcomes([outcome], Home.at(tmp_path, create=True))
        told = " ".join(capsys.readouterr().err.split())
        assert ("went on with the crawl begun at 2026-03-02 09:30 UTC; 7 answers are those that it had" in told) is said
