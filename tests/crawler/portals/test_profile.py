"""Profiles: typed, complete, and wrong ones refused with file, line and field."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.errors import ProfileError
from crawler.portals.load import load_portals, parse_profile, portal_names, read_portal
from crawler.scope import host_matches

NAMES = [
    "anhui", "beijing", "chongqing", "fujian", "gansu", "gov-cn", "guangdong", "guangxi", "guizhou", "hainan",
    "hebei", "heilongjiang", "henan", "hubei", "hunan", "jiangsu", "jiangxi", "jilin", "liaoning", "neimenggu",
    "ningxia", "qinghai", "shaanxi", "shandong", "shanghai", "shanxi", "sichuan", "tianjin", "xinjiang", "xizang",
    "xpcc", "yunnan", "zhejiang",
]  # fmt: skip
GOOD = """\
name: 河南省
code: "410000"
sites:
  - host: www.a.gov.cn
    columns:
      - url: https://www.a.gov.cn/zwgk/nb/
        lists: own
        publisher: 甲县人民政府
"""


def test_all_provinces_the_corps_and_the_centre_have_a_profile():
    assert list(portal_names()) == NAMES
    assert all(portal.profile.sites for portal in load_portals())


def test_every_known_annual_report_column_stands_in_its_profile(shared: Path):
    import csv

    with (shared / "portals.csv").open(encoding="utf-8") as file:
        known = [row["column_url"] for row in csv.DictReader(file) if row["column_url"]]
    columns = {
        url.split("?")[0].rstrip("/")
        for portal in load_portals()
        for site in portal.profile.sites
        for column in site.columns
        for url in column.addresses(2025)
    }
    assert [url for url in known if url.split("?")[0].rstrip("/") not in columns] == []


def test_no_host_stands_in_two_portals():
    hosts = Counter(host for portal in load_portals() for site in portal.profile.sites for host in site.own_hosts())
    assert [host for host, count in hosts.items() if count > 1] == []


def test_hubs_do_not_reach_into_other_portals():
    portals = load_portals()
    own = {host: portal.key for portal in portals for site in portal.profile.sites for host in site.own_hosts()}
    for portal in portals:
        reaches = [pattern for site in portal.profile.sites for pattern in site.reaches]
        assert [host for host, key in own.items() if key != portal.key and host_matches(host, reaches)] == []


def test_only_government_hosts_and_reviewed_exceptions():
    outside = {
        host
        for portal in load_portals()
        for site in portal.profile.sites
        for host in site.own_hosts()
        if not host.endswith("gov.cn")
    }
    assert outside == {"1.25.240.11"}


def test_columns_that_are_not_sure_say_why():
    for portal in load_portals():
        for site in portal.profile.sites:
            for column in site.columns:
                if column.confidence != "confirmed":
                    assert column.notes or site.notes or portal.profile.notes, column.url


def test_a_policy_knows_what_capture_needs():
    (site,) = parse_profile(
        GOOD.replace("    columns", "    also_hosts: [a.gov.cn]\n    pace: 5\n    columns"), "x"
    ).sites
    policy = site.policy()
    assert (policy.host, policy.all_hosts(), policy.pace) == ("www.a.gov.cn", ("www.a.gov.cn", "a.gov.cn"), 5)


def test_a_login_of_a_proxy_comes_from_the_environment():
    login = "socks5h://${USER}:${PASSWORD}@p.example:1"
    assert parse_profile(GOOD.replace("    columns", f"    proxy: {login}\n    columns"), "x").sites[0].proxy == login


def test_a_column_of_years_has_an_address_for_each():
    text = GOOD.replace("/zwgk/nb/", "/nb/{year}/").replace("lists: own", "years: [2020, null]")
    (column,) = parse_profile(text, "x").sites[0].columns
    assert column.addresses(2022) == tuple(f"https://www.a.gov.cn/nb/{year}/" for year in (2020, 2021, 2022))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lists: own", "lits: own", "line 7: sites[1].columns[1].lits: there is no such field"),
        ("lists: own", "lists: everything", "line 7: sites[1].columns[1].lists"),
        ('code: "410000"', "code: 410000", "line 2: code"),
        ('code: "410000"', 'code: "41"', "six digits"),
        (
            "host: www.a.gov.cn",
            "host: https://www.a.gov.cn/",
            "line 4: sites[1].host: write https://www.a.gov.cn/ as the host alone",
        ),
        ("host: www.a.gov.cn", "host: a b.gov.cn", "line 4: sites[1].host: a b.gov.cn is not a host name"),
        ("    columns", "    also_hosts: ['https://b.gov.cn']\n    columns", "as the host alone"),
        ("    columns", "    reaches: ['*.b!.gov.cn']\n    columns", "is not a host name"),
        ("    columns", "    proxy: http://me:geheim@p.example:1\n    columns", "write user name and password as"),
        ("    columns", "    proxy: http://${A}:x${B}@p.example:1\n    columns", "write user name and password as"),
        ("https://www.a.gov.cn/zwgk", "https://www.b.gov.cn/zwgk", "name that host in also_hosts"),
        ("https://www.a.gov.cn/zwgk", "www.a.gov.cn/zwgk", "http:// or https://"),
        ("lists: own", "years: [2020, null]", "years are for an address with {year} in it"),
        ("host: www.a.gov.cn", "host: www.a.com", "not below gov.cn"),
        (
            "lists: own",
            "lists: own\n        years: [2024, 1990]",
            "line 8: sites[1].columns[1].years: the first year comes",
        ),
        ("lists: own", "lists: own\n        years: [2024, 2023]", "write [2023, 2024]"),
        ("lists: own", "lists: own\n        years: [20, null]", "write report years from 1990 to 2200, not 20"),
        ("lists: own", "lists: own\n        years: [2010, 20240]", "write report years from 1990 to 2200, not 20240"),
        ("    columns", "    cms: wordpress\n    columns", "no such CMS family"),
        ("    columns", "    pace: 0\n    columns", "line 5: sites[1].pace"),
        ("name: 河南省", "name: [", "not valid YAML"),
    ],
)
def test_a_wrong_profile_is_refused_by_file_line_and_field(old: str, new: str, said: str, tmp_path: Path):
    text = GOOD.replace(old, new)
    if "also_hosts" in said or "below gov.cn" in said:
        text = text.replace("https://www.a.gov.cn", "https://www.a.com") if "a.com" in new else text
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        read_portal(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.exit_status == 2


def test_two_sites_with_one_host_are_refused():
    text = GOOD + "  - host: www.a.gov.cn\n"
    with pytest.raises(ProfileError, match="two sites"):
        parse_profile(text, "x")


def test_every_column_lies_below_its_site():
    for portal in load_portals():
        for site in portal.profile.sites:
            for column in site.columns:
                assert host_matches(urlsplit(column.url).hostname or "", site.own_hosts())
