"""A run as data: what is recorded of it, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Home
from crawler import UsageError
from crawler.crawl_plan import CrawlPlan, SitePolicy, policy_facts


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
