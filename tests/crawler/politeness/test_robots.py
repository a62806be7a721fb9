"""robots.txt by RFC 9309."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from crawler import HeldBack, OutOfScope, RobotsDenied, WireError
from crawler.politeness.robots import MAX_BYTES, MAX_REDIRECTS, Robots, read_rules
from crawler.scope import Origin

DENY = b"User-agent: *\nDisallow: /\n"


@dataclass
class Told:
    status: int = 200
    content: bytes = b""
    fields: dict[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str | None:
        return self.fields.get(name)


class Site:
    """Answers by URL and remembers what was asked."""

    def __init__(self, answers: dict[str, Told | Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.delays: list[tuple[str, float]] = []
        self.now = 0.0
        self.robots = Robots(self.fetch, self.heard, clock=lambda: self.now)

    async def fetch(self, url: str) -> Told:
        self.asked.append(url)
        await asyncio.sleep(0)
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def heard(self, origin: Origin, seconds: float) -> None:
        self.delays.append((str(origin), seconds))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 412])
def test_without_a_file_everything_is_allowed(status: int) -> None:
    assert read_rules(status, DENY, "text/plain").allows("http://a.gov.cn/x")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 521])
def test_a_host_in_trouble_is_left_alone(status: int) -> None:
    assert not read_rules(status, b"", None).allows("http://a.gov.cn/x")


@pytest.mark.parametrize(
    "page",
    [
        b"<html>404</html>",
        b"\r\n  <!DOCTYPE html>\nUser-agent: *\nDisallow: /",
        b"\xef\xbb\xbf<HTML>Disallow: /</HTML>",
    ],
)
def test_a_web_page_is_no_rules(page: bytes) -> None:
    assert read_rules(200, page, "text/plain").allows("http://a.gov.cn/x")


def test_rules_count_also_when_they_are_called_html_or_begin_with_a_mark() -> None:
    for content in (DENY, b"\xef\xbb\xbf" + DENY, DENY.replace(b"\n", b"\r\n")):
        assert not read_rules(200, content, "text/html").allows("http://a.gov.cn/x")


@pytest.mark.parametrize("path", ["/a/../admin/x", "/./admin/x", "/a/%2e%2E/admin/x", "/../admin/x", "/admin/./x"])
def test_a_way_around_does_not_lead_past_a_rule(path: str) -> None:
    rules = read_rules(200, b"User-agent: *\nDisallow: /admin/\n", None)
    assert not rules.allows(f"http://a.gov.cn{path}")
    assert not rules.allows("http://a.gov.cn/admin/../x")  # what is written counts too
    assert rules.allows("http://a.gov.cn/b/../x")
    assert not read_rules(200, b"User-agent: *\nDisallow: /b/$\n", None).allows("http://a.gov.cn/b/c/..")


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("address", ["/%E5%85%AC%E5%BC%80/x", "/公开/x"])
def test_rules_in_any_charset_hold(charset: str, address: str) -> None:
    rules = read_rules(200, "# 说明\nUser-agent: *\nDisallow: /公开/\n".encode(charset), None)
    assert not rules.allows(f"http://a.gov.cn{address}")
    assert rules.allows("http://a.gov.cn/x")


def test_rules_in_gbk_hold_for_addresses_in_gbk() -> None:
    rules = read_rules(200, "User-agent: *\nDisallow: /公开/\nCrawl-delay: 9\n".encode("gb18030"), None)
    assert not rules.allows("http://a.gov.cn/%B9%AB%BF%AA/x")
    assert rules.delay == 9


def test_half_a_line_at_the_end_of_what_is_read_is_no_rule() -> None:
    head, line = b"User-agent: *\n#", b"\nDisallow: /private/\n"
    for kept in range(len(line)):
        content = head + b"x" * (MAX_BYTES - len(head) - kept) + line
        assert read_rules(200, content, None).allows("http://a.gov.cn/open/"), kept


def test_our_own_name_counts_before_all() -> None:
    rules = read_rules(
        200, b"User-agent: *\nDisallow: /\n\nUser-agent: Gongkai\nDisallow: /private\nCrawl-delay: 7\n", None
    )
    assert rules.allows("http://a.gov.cn/x")
    assert not rules.allows("http://a.gov.cn/private/x")
    assert rules.delay == 7


def test_a_request_rate_is_a_delay() -> None:
    assert read_rules(200, b"User-agent: *\nRequest-rate: 1/20\n", None).delay == 20
    assert read_rules(404, b"", None).delay == 0


def test_only_so_much_is_read() -> None:
    filler = b"# " + b"x" * MAX_BYTES + b"\n"
    assert read_rules(200, filler + DENY, None).allows("http://a.gov.cn/x")
    assert not read_rules(200, DENY + filler, None).allows("http://a.gov.cn/x")


async def test_all_who_wait_are_judged_by_the_one_answer() -> None:
    site = Site({"http://a.gov.cn/robots.txt": Told(200, DENY)})
    results = await asyncio.gather(
        *(site.robots.check(f"http://a.gov.cn/{n}") for n in range(32)), return_exceptions=True
    )
    assert [type(result) for result in results] == [RobotsDenied] * 32
    assert site.asked == ["http://a.gov.cn/robots.txt"]


async def test_one_who_leaves_does_not_take_the_answer_from_the_others() -> None:
    site = Site({"http://a.gov.cn/robots.txt": Told(200, DENY)})
    first = asyncio.ensure_future(site.robots.check("http://a.gov.cn/1"))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(RobotsDenied):
        await site.robots.check("http://a.gov.cn/2")


async def test_each_scheme_and_port_has_its_own_file() -> None:
    site = Site(
        {
            "http://a.gov.cn/robots.txt": Told(200, DENY),
            "https://a.gov.cn/robots.txt": Told(404),
            "http://a.gov.cn:8080/robots.txt": Told(404),
        }
    )
    with pytest.raises(RobotsDenied, match=r"robots\.txt forbids it"):
        await site.robots.check("http://a.gov.cn/x")
    await site.robots.check("https://a.gov.cn/x")
    await site.robots.check("http://a.gov.cn:8080/x")


async def test_no_answer_forbids_everything() -> None:
    for error in (WireError("refused"), HeldBack("the budget is spent")):
        site = Site({"http://a.gov.cn/robots.txt": error})
        with pytest.raises(RobotsDenied):
            await site.robots.check("http://a.gov.cn/x")


async def test_redirects_are_followed_and_may_not_lead_outside() -> None:
    moved = Told(301, b"", {"Location": "https://www.a.gov.cn/robots.txt"})
    site = Site({"http://a.gov.cn/robots.txt": moved, "https://www.a.gov.cn/robots.txt": Told(200, DENY)})
    with pytest.raises(RobotsDenied):
        await site.robots.check("http://a.gov.cn/x")
    site.answers["https://www.a.gov.cn/robots.txt"] = OutOfScope("elsewhere")
    outside = Site(site.answers)
    await outside.robots.check("http://a.gov.cn/x")


@pytest.mark.parametrize("location", ["http://[::1", "javascript:x", "http://a:99999/", "\\\\["])
async def test_a_redirect_that_leads_nowhere_does_not_end_the_site(location: str) -> None:
    site = Site({"http://a.gov.cn/robots.txt": Told(302, b"", {"Location": location})})
    await site.robots.check("http://a.gov.cn/x")


async def test_an_empty_location_is_none_and_backslashes_are_slashes() -> None:
    site = Site({"http://a.gov.cn/robots.txt": Told(302, b"", {"Location": ""})})
    await site.robots.check("http://a.gov.cn/x")
    assert site.asked == ["http://a.gov.cn/robots.txt"]
    moved = Told(302, b"", {"Location": r"\r\x.txt"})
    site = Site({"http://a.gov.cn/robots.txt": moved, "http://a.gov.cn/r/x.txt": Told(200, DENY)})
    with pytest.raises(RobotsDenied):
        await site.robots.check("http://a.gov.cn/x")


async def test_rules_that_cannot_be_read_are_no_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OverflowError("a number without end")

    monkeypatch.setattr("crawler.politeness.robots.read_rules", fail)
    site = Site({"http://a.gov.cn/robots.txt": Told(200, b"User-agent: *")})
    for _ in range(2):
        with pytest.raises(RobotsDenied, match=r"robots\.txt cannot be read .OverflowError"):
            await site.robots.check("http://a.gov.cn/x")


async def test_endless_redirects_are_no_rules() -> None:
    site = Site({"http://a.gov.cn/robots.txt": Told(302, b"", {"Location": "/robots.txt"})})
    await site.robots.check("http://a.gov.cn/x")
    assert len(site.asked) == MAX_REDIRECTS + 1


async def test_rules_are_asked_for_again_after_a_day_and_delays_are_told() -> None:
    site = Site({"http://a.gov.cn/robots.txt": Told(200, b"User-agent: *\nCrawl-delay: 12\n")})
    await site.robots.check("http://a.gov.cn/x")
    await site.robots.check("http://a.gov.cn/y")
    assert len(site.asked) == 1
    assert site.delays == [("http://a.gov.cn", 12.0)]
    site.now += 25 * 3600
    await site.robots.check("http://a.gov.cn/z")
    assert len(site.asked) == 2
