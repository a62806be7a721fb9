"""Asks and plans: keys, hosts, and what is recorded of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Home
from archive.metadata import Hint
from crawler import UsageError
from crawler.capture import Ask, CrawlPlan, Render, SitePolicy
from crawler.capture.ask import policy_facts


def test_a_key_knows_the_purpose_and_the_steps_and_nothing_else() -> None:
    url = "http://a.gov.cn/list#2"
    keys = {
        Ask(purpose="list").key("GET", url),
        Ask(purpose="report").key("GET", url),
        Ask(purpose="list").key("POST", url, b"page=2"),
        Ask(purpose="list", render=Render()).key("GET", url),
        Ask(purpose="list", render=Render(clicks=("a.next",))).key("GET", url),
    }
    assert len(keys) == 5
    assert Ask(purpose="list", hints=Hint(year=2024), conditional=False).key("get", url) in keys


def test_time_and_picture_do_not_make_another_page() -> None:
    assert Render(timeout=1.0, screenshot=False).digest() == Render().digest()
    assert Render(wait_for="li").digest() != Render().digest()


def test_a_site_names_its_hosts_once() -> None:
    site = SitePolicy("www.a.gov.cn", hosts=("a.gov.cn", "www.a.gov.cn"))
    assert site.all_hosts() == ("www.a.gov.cn", "a.gov.cn")


def test_facts_of_a_policy_hold_no_secret() -> None:
    facts = policy_facts(SitePolicy("a.gov.cn", proxy="socks5://me:word@proxy:1080"))
    assert facts["proxy"] == "socks5://proxy:1080"
    assert facts["pace"] == 3.0
    assert policy_facts(SitePolicy("a.gov.cn"))["proxy"] is None


def test_a_plan_is_recorded_as_plain_values() -> None:
    plan = CrawlPlan(
        Home(Path("x")),
        "a",
        "all",
        (SitePolicy("a.gov.cn"),),
        arguments={"home": Path("x"), "since": datetime(2026, 1, 1, tzinfo=UTC), "year": 2024},
        connect_to=("*:80:127.0.0.1:8080",),
    )
    assert plan.recorded_arguments() == {"home": "x", "since": "2026-01-01 00:00:00+00:00", "year": 2024}
    assert plan.routes().target("a.gov.cn", 80) == ("127.0.0.1", 8080)


def test_mappings_that_are_none_are_refused() -> None:
    plan = CrawlPlan(Home(Path("x")), "a", "all", (), connect_to=("nonsense",))
    with pytest.raises(UsageError):
        plan.routes()
