"""Which addresses may be asked."""

from __future__ import annotations

import pytest

from crawler import OutOfScope, UsageError
from crawler.scope import ConnectTo, ascii_host, host_matches, is_loopback, origin_of, public_address


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://WWW.Henan.gov.cn/a", "http://www.henan.gov.cn"),
        ("https://xixianxinqu.gov.cn:9311/", "https://xixianxinqu.gov.cn:9311"),
        ("https://a.gov.cn:443/", "https://a.gov.cn"),
        ("http://[2400:da00::1]:8080/x", "http://[2400:da00::1]:8080"),
        ("http://河南.政务/", "http://xn--6krz30d.xn--zfr164b"),
        ("http://a.gov.cn./", "http://a.gov.cn"),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert str(origin_of(url)) == origin


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.gov.cn/",
        "file:///etc/passwd",
        "http://",
        "javascript:1",
        "http://a:99999/",
        "/a",
        "http://a b.gov.cn/",
        "http://a\0.gov.cn/",
        "http://[fe80::1%25eth0]/",
        "http://a%2eb.gov.cn/",
    ],
)
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(OutOfScope):
        origin_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://www.a.gov.cn\\@evil.example/",
        "http://www.a.gov.cn@evil.example/",
        "http://evil.example#@www.a.gov.cn/",
        "http://evil.example/.www.a.gov.cn",
        "http://evil.example?www.a.gov.cn",
        "http://www.a.gov.cn.evil.example/",
        "http://evil.example\t/www.a.gov.cn",
    ],
)
def test_a_host_cannot_be_put_on(url: str) -> None:
    assert not host_matches(origin_of(url).host, ("www.a.gov.cn", "*.a.gov.cn"))


def test_hosts_match_by_name_or_below_a_name() -> None:
    patterns = ("www.a.gov.cn", "*.b.gov.cn")
    assert host_matches("www.a.gov.cn", patterns)
    assert host_matches("x.y.b.gov.cn", patterns)
    assert not host_matches("b.gov.cn", patterns)
    assert not host_matches("evilb.gov.cn", patterns)
    assert not host_matches("a.gov.cn", patterns)
    assert ascii_host("例.政务.") == "xn--fsq.xn--zfr164b"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b:1::a00:1",
        "fec0::1",
        "3fff::1",
        "5f00::1",
        "192.0.0.8",
        "192.88.99.1",
        "2400:da00::5efe:127.0.0.1",
        "2400:da00::200:5efe:10.0.0.1",
        "2400:da00::300:5efe:169.254.169.254",
        "2002:101:101::5efe:127.0.0.1",
        "2001:0:7f00:1::1",
        "2002:7f00:1::1",
        "64:ff9b::7f00:1",
        "::ffff:127.0.0.1",
        "::10.0.0.1",
        "not an address",
    ],
)
def test_addresses_that_no_public_server_has(address: str) -> None:
    assert not public_address(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "219.142.78.1", "2400:da00::6666", "::ffff:1.1.1.1", "64:ff9b::101:101", "2400:da00::5efe:1.1.1.1"],
)
def test_public_addresses(address: str) -> None:
    assert public_address(address)


def test_mappings() -> None:
    routes = ConnectTo.parse(["www.a.gov.cn:80:127.0.0.1:8080", "*:443:[::1]:8443", "b.gov.cn:*:localhost:90"])
    assert routes.target("www.a.gov.cn", 80) == ("127.0.0.1", 8080)
    assert routes.target("c.gov.cn", 443) == ("::1", 8443)
    assert routes.target("b.gov.cn", 81) == ("localhost", 90)
    assert routes.target("c.gov.cn", 80) is None
    assert not ConnectTo()
    assert ConnectTo.parse(["*:80::8080"]).target("a.gov.cn", 80) == ("a.gov.cn", 8080)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a:b:c",
        "a:80:127.0.0.1",
        "a:x:127.0.0.1:80",
        "a:80:127.0.0.1:*",
        "a:80:[::1:80",
        "a:1:b:2:3",
        "a:80:b:65536",
        "a:0:b:80",
    ],
)
def test_mappings_of_another_form_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="HOST:PORT:ADDR:PORT"):
        ConnectTo.parse([text])


def test_only_hosts_that_are_all_mapped_to_loopback_count() -> None:
    assert ConnectTo.parse(["*:80:127.0.0.1:1", "*:443:[::1]:2"]).all_loopback(["a.gov.cn", "*.b.gov.cn"])
    assert not ConnectTo.parse(["a.gov.cn:80:127.0.0.1:1"]).all_loopback(["a.gov.cn", "b.gov.cn"])
    assert not ConnectTo.parse(["*:80:127.0.0.1:1", "a.gov.cn:443:8.8.8.8:443"]).all_loopback(["a.gov.cn"])
    assert not ConnectTo.parse(["*:80:127.0.0.1:1"]).all_loopback([])
    assert is_loopback("127.8.8.8")
    assert not is_loopback("example.com")
