"""Options and plans: one plan however a crawl is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Home
from crawler.errors import UsageError
from crawler.plan import Options, make_plan, plan_for
from crawler.portals.load import Portal, parse_profile

TEXT = """\
name: 甲
code: null
sites:
  - host: www.a.gov.cn
    reaches: ["*.a.gov.cn", www.b.gov.cn, www.c.gov.cn]
    pace: 4
    expectations: {reports: 3}
    columns:
      - url: http://www.a.gov.cn/nb/
  - host: www.c.gov.cn
"""
PORTAL = Portal("test", parse_profile(TEXT, "test"), TEXT)


def test_scrapy_arguments_and_options_make_the_same_plan(tmp_path: Path):
    home = Home.at(tmp_path, create=True)
    given = Options.from_arguments({"site": "www.daixian.gov.cn", "year": "2023", "sample": "2", "home": str(tmp_path)})
    plan = make_plan("shanxi", given)
    other = make_plan("shanxi", Options(home=home, sites=("www.daixian.gov.cn",), year=2023, sample=2))
    assert (plan.scope, plan.arguments, plan.sites, plan.profile) == (
        other.scope, other.arguments, other.sites, other.profile,
    )  # fmt: skip
    assert plan.scope == "shanxi sites=www.daixian.gov.cn year=2023 sample=2"


def test_without_deduplication_everything_is_asked_for_and_kept_whole(tmp_path: Path):
    plan = make_plan("shanxi", Options.from_arguments({"dedupe": "no", "home": str(tmp_path)}))
    assert (plan.dedupe, plan.full, plan.arguments["dedupe"]) == (False, True, False)
    assert make_plan("shanxi", Options(home=Home.at(tmp_path, create=True))).dedupe


@pytest.mark.parametrize(("value", "durable"), [(None, True), ("1", True), ("0", False)])
def test_the_environment_says_whether_to_wait_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None, durable: bool
):
    monkeypatch.delenv("GONGKAI_DURABLE", raising=False)
    if value is not None:
        monkeypatch.setenv("GONGKAI_DURABLE", value)
    assert make_plan("shanxi", Options(home=Home.at(tmp_path, create=True))).durable is durable


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"yeer": "2023"}, "no argument 'yeer'"),
        ({"year": "last"}, "cannot be read"),
        ({"pace": "fast"}, "cannot be read"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, str], said: str):
    with pytest.raises(UsageError, match=said):
        Options.from_arguments(arguments)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"year": 1999}, "no report year"),
        ({"sample": 0}, "at least one"),
        ({"pace": -1.0}, "is no pace"),
        ({"pace": float("nan")}, "is no pace"),
        ({"pace": float("inf")}, "is no pace"),
        ({"connect_to": ("nonsense",)}, "HOST:PORT"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_fetched(
    options: dict[str, object], said: str, tmp_path: Path
):
    home = Home.at(tmp_path, create=True)
    with pytest.raises(UsageError, match=said):
        plan_for(PORTAL, Options(home=home, **options))  # type: ignore[arg-type]


def test_bodies_that_hubs_reach_are_groups_of_their_own_behind_the_sites(tmp_path: Path):
    plan = plan_for(PORTAL, Options(home=Home.at(tmp_path, create=True)))
    assert [(site.host, site.hosts) for site in plan.sites] == [
        ("www.a.gov.cn", ("www.a.gov.cn",)),
        ("www.c.gov.cn", ("www.c.gov.cn",)),
        ("reached.a.gov.cn", ("*.a.gov.cn",)),
        ("www.b.gov.cn", ("www.b.gov.cn",)),
    ]
    assert {site.pace for site in plan.sites if site.host != "www.c.gov.cn"} == {4}
