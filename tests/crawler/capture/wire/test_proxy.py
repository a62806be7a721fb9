"""Proxy addresses; how proxies are spoken to is proved in test_wire.py."""

from __future__ import annotations

import pytest

from crawler import ProfileError
from crawler.capture.wire.proxy import Proxy
from crawler.crawl_plan import redact


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "me")
    monkeypatch.setenv("WORD", "p%40ss")
    assert Proxy.parse("http://${NAME}:${WORD}@10.0.0.1") == Proxy("http", "10.0.0.1", 8080, "me", "p@ss")
    assert Proxy.parse("socks5://h:9050") == Proxy("socks5", "h", 9050)
    assert Proxy.parse("socks5h://h").remote_names
    assert not Proxy.parse("socks5://h").remote_names
    assert Proxy.parse("http://h").authorization() is None


@pytest.mark.parametrize("url", ["ftp://user:word@h", "h:3128", "http://user:word@", "http://user:word@h:x"])
def test_what_is_none_is_refused_without_its_secret(url: str) -> None:
    with pytest.raises(ProfileError, match="not a proxy address") as caught:
        Proxy.parse(url)
    assert "word" not in str(caught.value)


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(ProfileError, match="GONGKAI_NO_SUCH"):
        Proxy.parse("http://me:${GONGKAI_NO_SUCH}@h:1")


def test_redacted() -> None:
    assert redact("http://me:word@h:1/") == "http://h:1/"
    assert redact("me:word@h:1") == "h:1"
    assert redact("socks5://h:1") == "socks5://h:1"


def test_a_login_that_socks_cannot_carry_is_refused_at_once() -> None:
    with pytest.raises(ProfileError, match="more than 255 bytes") as told:
        Proxy.parse(f"socks5://{'u' * 256}:geheim@proxy.example:1080")
    assert "geheim" not in str(told.value)
    assert Proxy.parse(f"http://{'u' * 256}:p@proxy.example:1080").user == "u" * 256
