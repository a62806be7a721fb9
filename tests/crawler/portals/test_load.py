"""Profiles are found and read; near names are told."""

from __future__ import annotations

import pytest

from crawler.errors import UsageError
from crawler.portals.load import load_portal


@pytest.mark.parametrize(("asked", "near"), [("hennan", "henan"), ("河南", "henan"), ("shaanxi2", "shaanxi")])
def test_an_unknown_portal_names_near_ones(asked: str, near: str):
    with pytest.raises(UsageError, match=near):
        load_portal(asked)


def test_a_path_is_no_portal():
    with pytest.raises(UsageError, match="no portal"):
        load_portal("../titles")


def test_a_site_of_another_portal_is_refused():
    with pytest.raises(UsageError, match=r"www\.daixian\.gov\.cn"):
        load_portal("shanxi").sites(("www.daixan.gov.cn",))


def test_any_of_a_sites_hosts_names_it():
    chosen = load_portal("henan").sites(("henan.gov.cn", "www.henan.gov.cn"))
    assert [site.host for site in chosen] == ["www.henan.gov.cn"]
