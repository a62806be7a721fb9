"""``gongkai portals``: list, show, check, new, docs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.cli import run
from crawler.commands.portals import _finding, draft_profile, starting_profile
from crawler.portals.load import parse_profile, portal_names
from crawler.portals.profile import Column, Expectations, Profile, Site
from crawler.run import Outcome
from crawler.samples import Answer, Pages, SampleServer
from crawler.spiders.bookkeeping.summary import ColumnResult, Summary

HOST = "www.a.gov.cn"
TITLE = "甲县人民政府2023年政府信息公开工作年度报告"
BODY = (
    "<p>一、总体情况</p><p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p>"
    "<p>四、政府信息公开行政复议、行政诉讼情况</p>"
)
META = '<meta name="SiteName" content="甲县人民政府"><meta name="SiteIDCode" content="4108250001">'
PAGES = {
    "/": Answer(f'<head>{META}</head><body><a href="/gk/">政府信息公开</a></body>'.encode()),
    "/gk/": Answer(f'<head>{META}</head><a href="/gk/zfxxgknb/">政府信息公开年报</a>'.encode()),
    "/gk/zfxxgknb/": Answer(
        "".join(f'<li><a href="./202403/t2024032{n}_{n}.html">{TITLE}</a>2024-03-2{n}</li>' for n in (1, 2, 3)).encode()
    ),
    **{f"/gk/zfxxgknb/202403/t2024032{n}_{n}.html": Answer(f"<h1>{TITLE}</h1>{BODY}".encode()) for n in (1, 2, 3)},
}
Gongkai = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def mapped() -> Iterator[list[str]]:
    with SampleServer({HOST: Pages(PAGES)}) as server:
        yield [part for entry in server.connect_to for part in ("--connect-to", entry)] + ["--pace", "0"]


@pytest.fixture
def gongkai(capfd: pytest.CaptureFixture[str]) -> Gongkai:
    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(["portals", *arguments])
        said = capfd.readouterr()
        return status, said.out, said.err

    return call


def test_all_portals_are_listed(gongkai: Gongkai):
    status, out, _ = gongkai("list", "--json")
    assert status == 0
    assert [entry["portal"] for entry in json.loads(out)] == list(portal_names())
    assert "内蒙古自治区" in gongkai("list")[1]


def test_one_portal_is_shown_with_how_sure_we_are(gongkai: Gongkai):
    _, out, _ = gongkai("show", "henan")
    assert "http://www.wenxian.gov.cn/zwgk/zfxxgk/zfxxgknb/" in out
    assert "inferred" in out
    shown = json.loads(gongkai("show", "henan", "--json")[1])
    assert shown["code"] == "410000"
    assert shown["digest"].startswith("sha256:")


def test_a_profile_is_drafted_for_a_site_nobody_described(gongkai: Gongkai, mapped: list[str]):
    status, out, _ = gongkai("new", f"http://{HOST}/", *mapped)
    assert status == 0
    profile = parse_profile("name: x\ncode: null\nsites:\n" + out, "draft")
    (site,) = profile.sites
    assert (site.host, site.division, site.cms) == (HOST, "410825", "trs")
    assert site.place == "焦作市温县"
    assert [column.url for column in site.columns] == [f"http://{HOST}/gk/zfxxgknb/"]


def test_what_a_site_does_not_say_is_left_to_write():
    column = {"kind": "column_found", "patch": {"url": f"http://{HOST}/nb/"}}
    lines = draft_profile(f"http://{HOST}/", Outcome("x", learned=[column]))
    assert [line.strip() for line in lines if "place" in line] == [
        "place: ''  # write whose site it is, as the division is called"
    ]


def test_a_draft_of_nothing_says_what_to_try(gongkai: Gongkai, mapped: list[str]):
    status, _, err = gongkai("new", f"http://{HOST}/nothing/here.html", *[part for part in mapped if part])
    assert status in {0, 1}
    for address in ("nowhere", "http://[", "ftp://a.gov.cn/", "http://a b.gov.cn/"):
        status, _, err = gongkai("new", address)
        assert status == 2
        assert "http://" in err


def test_an_address_of_any_letters_makes_a_profile():
    address = 'https://a.gov.cn:8443/x"y: [#'
    site = parse_profile(starting_profile(address), "x").sites[0]
    assert (site.host, site.home) == ("a.gov.cn", "https://a.gov.cn:8443/")
    assert [column.url for column in site.columns] == [address]


@pytest.mark.parametrize(
    ("column", "verdict", "status"),
    [
        ("/gk/zfxxgknb/", "fits", 0),
        ("/old/zfxxgknb/", "moved", 1),
        ("/gk/zfxxgknb/202403/t20240321_1.html", "is a report itself", 1),
    ],
)
def test_a_check_says_what_fits_and_what_moved(
    column: str,
    verdict: str,
    status: int,
    gongkai: Gongkai,
    mapped: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    folder = tmp_path / "config" / "portals"
    folder.mkdir(parents=True)
    real = Path(__file__).resolve().parents[3] / "config"
    for entry in real.iterdir():
        if entry.name != "portals":
            (tmp_path / "config" / entry.name).symlink_to(entry)
    text = f"name: x\ncode: null\nsites:\n  - host: {HOST}\n    columns:\n      - url: http://{HOST}{column}\n"
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / "config"))
    said, out, _ = gongkai("check", "mine", "--json", *mapped)
    (finding,) = json.loads(out)
    assert (finding["verdict"], said) == (verdict, status)
    if verdict == "moved":
        assert finding["patch"] == {"url": f"http://{HOST}/gk/zfxxgknb/"}
        assert "mine.yaml" in gongkai("check", "mine", *mapped)[1]


def test_a_check_asks_little(gongkai: Gongkai, mapped: list[str], tmp_path: Path):
    gongkai("new", f"http://{HOST}/gk/zfxxgknb/", "--home", str(tmp_path / "h"), *mapped)
    logs = list((tmp_path / "h" / "crawls").glob("*/crawl.log"))
    assert "'downloader/request_count': 2" in logs[0].read_text(encoding="utf-8")


def test_pages_of_documentation_are_written(gongkai: Gongkai, tmp_path: Path):
    assert gongkai("docs", str(tmp_path / "docs"))[0] == 0
    assert (tmp_path / "docs" / "index.md").is_file()


def test_a_first_profile_knows_the_address_and_nothing_else():
    home = parse_profile(starting_profile(f"http://{HOST}/"), "x").sites[0]
    assert (home.home, home.columns) == (f"http://{HOST}/", ())
    column = parse_profile(starting_profile(f"https://{HOST}/gk/nb/"), "x").sites[0]
    assert [entry.url for entry in column.columns] == [f"https://{HOST}/gk/nb/"]


@pytest.mark.parametrize(
    ("outcome", "counts", "verdict"),
    [
        ("empty", {}, "empty"),
        ("empty", {"lists/missing": 3}, "empty"),  # guesses at further pages of an empty list
        ("short", {"reports/missing": 1}, "empty"),
        ("missing", {"lists/missing": 1}, "missing"),
        ("unanswered", {"lists/failed": 1}, "no answer"),
        ("refused", {}, "no answer"),
        ("short", {"lists/failed": 1}, "no answer"),
        ("read", {"links/follow/list": 2, "lists/missing": 1}, "fits"),
        ("blocked", {"blocked/ruishu": 1}, "blocked by ruishu"),
    ],
)
def test_a_verdict_names_the_state(outcome: str, counts: dict[str, int], verdict: str) -> None:
    column = ColumnResult(HOST, f"http://{HOST}/nb/", counts, None, None, None, [], outcome)
    assert _finding(column, Outcome("x", summary=Summary([column])))["verdict"] == verdict


def test_every_field_of_a_profile_is_explained_by_the_program(gongkai: Gongkai):
    status, out, _ = gongkai("fields", "--json")
    assert status == 0
    rows = {(row["of"], row["field"]): row["meaning"] for row in json.loads(out)}
    for part, model in (("portal", Profile), ("site", Site), ("column", Column), ("expectations", Expectations)):
        assert {field for of, field in rows if of == part} == set(model.model_fields)
    assert rows["site", "budget"].startswith("most requests per run")
    assert rows["site", "pace"].startswith("seconds between two requests")
    assert "{year}" in rows["column", "url"]
    assert "parents" in gongkai("fields")[1]
