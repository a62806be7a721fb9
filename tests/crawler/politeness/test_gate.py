"""The gate: scope, pace, budget, back-off."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Home
from crawler import HeldBack, OutOfScope, UsageError
from crawler.crawl_plan import CrawlPlan, SitePolicy
from crawler.politeness import gate as gates
from crawler.politeness.gate import MAX_WAIT, Gate, read_retry_after
from crawler.politeness.locks import SharedTurns
from crawler.scope import origin_of

A = SitePolicy("www.a.gov.cn", hosts=("a.gov.cn", "*.a.gov.cn"), requisites=("cdn.example.com",), pace=3.0)
B = SitePolicy("b.gov.cn", pace=5.0, budget=2)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def time() -> Time:
    return Time()


def gate(time: Time, **changes: Any) -> Gate:
    known = {"home": Home(Path("x")), "portal": "a", "scope": "a", "sites": (A, B)}
    return Gate(CrawlPlan(**{**known, **changes}), clock=time, sleep=time.sleep)


async def pass_through(gate: Gate, time: Time, *urls: str, takes: float = 0.0) -> list[float]:
    """When each of these requests, made at the same time, left."""
    left: list[float] = []

    async def one(url: str) -> None:
        async with gate.turn(url, gate.site(url)) as turn:
            left.append(time.now)
            turn.left(time.now)
            if takes:
                await time.sleep(takes)

    await asyncio.gather(*(one(url) for url in urls))
    return left


def test_hosts_of_the_profile_and_nothing_else(time: Time) -> None:
    opened = gate(time)
    for host in ("www.a.gov.cn", "a.gov.cn", "x.a.gov.cn"):
        assert opened.site(f"http://{host}/1").host == "www.a.gov.cn"
    for host in ("c.gov.cn", "a.gov.cn.evil.com", "nota.gov.cn", "cdn.example.com"):
        with pytest.raises(OutOfScope):
            opened.site(f"http://{host}/1")


def test_requisites_only_for_a_page_of_the_site_that_names_them(time: Time) -> None:
    opened = gate(time)
    found = opened.site("https://cdn.example.com/x.js", page="http://a.gov.cn/page")
    assert (found.host, found.pace) == ("cdn.example.com", 3.0)
    with pytest.raises(OutOfScope):
        opened.site("https://cdn.example.com/x.js", page="http://b.gov.cn/page")
    with pytest.raises(OutOfScope):
        opened.site("https://other.example.com/x.js", page="http://a.gov.cn/page")


async def test_requests_of_a_site_keep_its_pace_whichever_host_they_name(time: Time) -> None:
    left = await pass_through(gate(time), time, "http://a.gov.cn/1", "http://www.a.gov.cn/2", "https://x.a.gov.cn/3")
    assert [later - earlier for earlier, later in itertools.pairwise(left)] == [3.0, 3.0]


async def test_one_at_a_time_when_an_answer_takes_longer_than_the_pace(time: Time) -> None:
    left = await pass_through(gate(time), time, "http://a.gov.cn/1", "http://a.gov.cn/2", takes=10.0)
    assert left[1] - left[0] >= 10.0


async def test_the_pace_counts_from_when_the_request_left(time: Time) -> None:
    opened = gate(time)
    async with opened.turn("http://a.gov.cn/1", A) as turn:
        time.now += 2.0  # connecting took so long
        turn.left(time.now)
        first = time.now
    [second] = await pass_through(opened, time, "http://a.gov.cn/2")
    assert second - first == pytest.approx(3.0)


async def test_of_several_at_once_each_waits_until_the_one_before_has_left(time: Time) -> None:
    """A connection that is slow to come would else let two requests leave together."""
    opened = gate(time, sites=(replace(A, concurrency=4),))
    left: list[float] = []
    all_out = asyncio.Event()

    async def one(connecting: float) -> None:
        async with opened.turn("http://a.gov.cn/1", opened.site("http://a.gov.cn/1")) as turn:
            await time.sleep(connecting)
            turn.left(time.now)
            left.append(time.now)
            if len(left) == 3:
                all_out.set()
            await all_out.wait()

    await asyncio.gather(*(one(connecting) for connecting in (7.0, 0.5, 0.1)))
    assert all(later - earlier >= 3.0 for earlier, later in itertools.pairwise(left))


async def test_sites_do_not_wait_for_each_other(time: Time) -> None:
    left = await pass_through(gate(time), time, "http://a.gov.cn/1", "http://b.gov.cn/1")
    assert left == [100.0, 100.0]


async def test_crawl_delay_slows_down_up_to_its_cap(time: Time) -> None:
    opened = gate(time)
    origin = origin_of("http://a.gov.cn/")
    assert opened.delay(origin, A) == 3.0
    opened.crawl_delay(origin, 12.0)
    assert opened.delay(origin, A) == 12.0
    opened.crawl_delay(origin, 3600.0)
    assert opened.delay(origin, A) == A.crawl_delay_cap
    opened.crawl_delay(origin_of("http://b.gov.cn/"), 1.0)
    assert opened.delay(origin_of("http://b.gov.cn/"), B) == 5.0


async def test_a_budget_is_not_exceeded(time: Time) -> None:
    opened = gate(time)
    await pass_through(opened, time, "http://b.gov.cn/1", "http://b.gov.cn/2")
    with pytest.raises(HeldBack, match="budget of 2 requests"):
        await pass_through(opened, time, "http://b.gov.cn/3")


async def test_retry_after_makes_the_whole_site_wait(time: Time) -> None:
    opened = gate(time)
    await pass_through(opened, time, "http://a.gov.cn/1")
    assert opened.heard(A, 429, "120", NOW) == 120
    [left] = await pass_through(opened, time, "http://www.a.gov.cn/2")
    assert left == pytest.approx(220.0)


async def test_without_retry_after_the_wait_doubles_and_an_answer_ends_that(time: Time) -> None:
    opened = gate(time)
    assert [opened.heard(A, 503, None) for _ in range(3)] == [15.0, 30.0, 60.0]
    assert opened.heard(A, 200, None) == 0.0
    assert opened.heard(A, 503, "nonsense") == 15.0
    assert opened.heard(A, 500, "100") == 0.0


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "١٢٠",
        "-5",
        "1e400",
        "",
        "\0",
        ",",
    ],
)
async def test_a_retry_after_that_cannot_be_read_is_ignored_and_said(
    time: Time, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    opened = gate(time)
    assert read_retry_after(value, NOW) is None
    assert opened.heard(A, 503, value, NOW) == 15.0
    assert "cannot be read and is ignored" in caplog.text


async def test_too_long_a_wait_ends_the_site_for_this_run(time: Time) -> None:
    opened = gate(time)
    opened.heard(A, 429, str(int(MAX_WAIT) + 1))
    with pytest.raises(HeldBack, match="asked to wait"):
        await pass_through(opened, time, "http://a.gov.cn/1")
    await pass_through(opened, time, "http://b.gov.cn/1")


async def test_an_interrupted_run_does_not_wait_for_its_turn(time: Time) -> None:
    opened = gate(time)
    await pass_through(opened, time, "http://a.gov.cn/1")
    opened.stopping = lambda: time.now > 101.0
    with pytest.raises(HeldBack, match="being ended"):
        await pass_through(opened, time, "http://a.gov.cn/2")
    assert time.now < 102.0


def test_a_faster_pace_needs_every_host_on_loopback(time: Time) -> None:
    mapped = ("*:80:127.0.0.1:1", "*:443:127.0.0.1:2")
    fast = gate(time, pace=0.0, connect_to=mapped)
    assert fast.delay(origin_of("http://a.gov.cn/"), A) == 0.0
    # A port that no mapping covers leads to the real host: its pace holds.
    assert fast.delay(origin_of("http://a.gov.cn:8080/"), A) == 3.0
    for connect_to in ((), ("a.gov.cn:80:127.0.0.1:1",), ("*:80:192.0.2.1:80",)):
        with pytest.raises(UsageError, match="faster than the profile allows"):
            gate(time, pace=0.0, connect_to=connect_to)
    slow = gate(time, pace=60.0)
    assert slow.delay(origin_of("http://a.gov.cn/"), A) == 60.0
    with pytest.raises(UsageError, match="negative"):
        gate(time, pace=-1.0, connect_to=mapped)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after_forms(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


def test_two_crawls_of_a_home_together_are_no_faster_than_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Both reach the same body: neither is refused, one waits for the other, the pace between them is the body's."""
    monkeypatch.setattr(gates, "LOOK_UP", 0.01)
    home, pace = Home.at(tmp_path, create=True), 0.1
    body = SitePolicy("www.body.gov.cn", pace=pace, reached=True)
    left: list[tuple[float, str]] = []

    async def crawl(portal: str, url: str) -> None:
        plan = CrawlPlan(home=home, portal=portal, scope=portal, sites=(body, B))
        passing = Gate(plan, shared=SharedTurns(home))
        for _ in range(3):
            async with passing.turn(url, passing.site(url)) as turn:
                moment = asyncio.get_running_loop().time()
                turn.left(moment)
                left.append((moment, portal))

    async def both() -> None:
        await asyncio.gather(crawl("a", "http://www.body.gov.cn/1"), crawl("b", "http://www.body.gov.cn/2"))

    asyncio.run(both())
    assert sorted(portal for _, portal in left) == ["a", "a", "a", "b", "b", "b"]
    moments = sorted(moment for moment, _ in left)
    assert min(after - before for before, after in itertools.pairwise(moments)) >= pace * 0.95


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 81, 65535])
@pytest.mark.parametrize("host", ["www.a.gov.cn", "deep.a.gov.cn", "b.gov.cn"])
def test_ports_that_the_profile_does_not_name_are_not_asked(time: Time, host: str, port: int) -> None:
    opened = gate(time)
    with pytest.raises(OutOfScope, match=f"is at port {port}"):
        opened.site(f"http://{host}:{port}/x")
    with pytest.raises(OutOfScope, match=f"is at port {port}"):
        opened.site(f"http://cdn.example.com:{port}/x", page="http://www.a.gov.cn/")
    assert opened.site(f"https://{host}:443/").host in {A.host, B.host}
    assert opened.site(f"https://{host}:80/").host in {A.host, B.host}


def test_ports_of_the_profile_and_of_the_mappings_are_asked(tmp_path: Path) -> None:
    named = CrawlPlan(
        Home(tmp_path), "a", "all", (replace(A, ports=(9311,)), B), connect_to=("b.gov.cn:81:127.0.0.1:9",)
    )
    opened = Gate(named)
    assert opened.site("http://a.gov.cn:9311/x").host == A.host
    assert opened.site("http://b.gov.cn:81/").host == B.host
    for url in ("http://b.gov.cn:9311/", "http://a.gov.cn:81/"):
        with pytest.raises(OutOfScope, match="is at port"):
            opened.site(url)
