"""Where an address stands to the sites of a portal."""

from __future__ import annotations

import pytest

from crawler.discovery.decision import Context

CONTEXT = Context(
    page="http://www.a.gov.cn/nb/",
    column="http://www.a.gov.cn/nb/",
    hosts=("www.a.gov.cn", "*.b.gov.cn"),
    reaches=("jyj.c.gov.cn",),
    exceptions=("a.example.com",),
)


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://WWW.a.gov.cn/x", "site"),
        ("http://x.b.gov.cn/", "site"),
        ("http://a.example.com/", "site"),  # reviewed
        ("http://jyj.c.gov.cn/", "reached"),
        ("http://www.d.gov.cn/", "outside"),
        ("http://www.a-gov.cn/", "clone"),
        ("http://www.a.gov.cn.example.com/", "clone"),
    ],
)
def test_an_address_is_ours_one_step_away_outside_or_on_a_host_that_poses_as_one(url: str, reach: str) -> None:
    assert CONTEXT.reach(url) == reach
