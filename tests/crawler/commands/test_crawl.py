"""``gongkai crawl`` as somebody at a terminal meets it: what it says, what it leaves, its exit status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.cli import run
from crawler.commands.crawl import shortened
from crawler.samples import SampleServer, sample_portals

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


def test_a_host_that_does_not_answer_is_said_once():
    down = "robots.txt could not be had (refused), which forbids it."
    assert shortened(
        [f"http://a.gov.cn/1: {down}", f"https://a.gov.cn/2: {down}", f"http://b.gov.cn/: {down}", "x is missing"]
    ) == [
        "http://a.gov.cn/1: robots.txt could not be had (refused), which forbids it (and 1 more there).",
        f"http://b.gov.cn/: {down}",
        "x is missing",
    ]
