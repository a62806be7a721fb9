"""Keys of captures: SURT, and behind it what SURT leaves out."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urlkey import _PLAIN, host_range, prefix_range, surt, surt_of, url_key, within_host


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.henan.gov.cn/zwgk/list?page=2", "cn,gov,henan)/zwgk/list?page=2"),
        ("https://WWW.henan.gov.cn:443/zwgk/list?page=2", "cn,gov,henan)/zwgk/list?page=2"),
        ("http://www.henan.gov.cn/#/report/2023", "cn,gov,henan)/ #/report/2023"),
        ("http://www.henan.gov.cn/#top", "cn,gov,henan)/"),
        ("http://www.henan.gov.cn:8080/", "cn,gov,henan:8080)/"),
    ],
)
def test_keys(url: str, key: str) -> None:
    assert url_key(url) == key


def test_what_is_asked_by_another_method_or_with_another_body_has_a_key_of_its_own() -> None:
    url = "http://www.a.gov.cn/api"
    keys = {url_key(url), url_key(url, "POST"), url_key(url, "POST", "sha256:1"), url_key(url, "POST", "sha256:2")}
    assert len(keys) == 4


def test_hash_routes_are_told_apart() -> None:
    assert url_key("http://www.a.gov.cn/app#/2023") != url_key("http://www.a.gov.cn/app#/2022")


PIECES = [
    "a",
    "Z",
    "9",
    "_",
    "-",
    ".",
    "/",
    "www",
    "www2",
    "index.html",
    "sid",
    "%41",
    "?",
    "=",
    ";",
    "(",
    "//",
    "..",
    "~",
]
LABELS = ["www", "www2", "gov", "cn", "a", "county1", "x-y", "1", "127", "xn--fiqs8s", "-a", "a_b"]


@given(
    st.sampled_from(["http://", "https://", "http://www.", "https://www1."]),
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=4),
    st.lists(st.sampled_from(PIECES), max_size=8),
)
def test_plain_addresses_have_the_key_that_surt_gives_them(scheme: str, labels: list[str], path: list[str]) -> None:
    for middle in ("", "/"):
        url = f"{scheme}{'.'.join(labels)}{middle}{''.join(path)}"
        with contextlib.suppress(ValueError, TypeError, AttributeError, UnicodeError):
            assert surt_of(url) == str(surt.surt(url)).replace(" ", "%20")


def test_a_plain_address_is_known_for_one() -> None:
    assert _PLAIN.fullmatch("http://www.county1.gov.cn/zwgk/zfxxgknb/2008/t20080101_1.html")
    assert not _PLAIN.fullmatch("http://www.a.gov.cn/zwgk?page=2")


@given(st.text(max_size=60))
def test_anything_has_a_key(text: str) -> None:
    assert isinstance(url_key(f"http://www.a.gov.cn/{text}"), str)
    assert isinstance(url_key(text), str)


@pytest.mark.parametrize(
    ("prefix", "inside", "outside"),
    [
        ("http://www.a.gov.cn/zwgk/", "http://www.a.gov.cn/zwgk/1.html", "http://www.a.gov.cn/zwgk2/1.html"),
        ("http://www.a.gov.cn/zwgk/1", "https://a.gov.cn/zwgk/12.html", "http://www.a.gov.cn/zwgk/2"),
        ("www.a.gov.cn", "http://www.a.gov.cn/x", "http://b.a.gov.cn/x"),
    ],
)
def test_prefixes(prefix: str, inside: str, outside: str) -> None:
    low, high = prefix_range(prefix)
    assert low <= url_key(inside) < high
    assert not low <= url_key(outside) < high


def test_hosts_and_their_subdomains() -> None:
    low, high = host_range("a.gov.cn")
    assert low <= url_key("http://www.a.gov.cn/x#/y") < high
    assert not low <= url_key("http://b.a.gov.cn/x") < high
    low, high = host_range("a.gov.cn", subdomains=True)
    for url, held in (("http://b.a.gov.cn/x", True), ("http://a.gov.cn/", True), ("http://ab.gov.cn/", False)):
        key = url_key(url)
        assert (low <= key < high and within_host(key, "a.gov.cn")) is held
