"""TLS contexts; what they reach is proved in test_wire.py."""

from __future__ import annotations

import ssl

from crawler.capture.wire import tls


def test_the_default_verifies_and_refuses_old_protocols() -> None:
    context = tls.context("default", verified=True)
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_unverified_accepts_any_certificate() -> None:
    context = tls.context("default", verified=False)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_NONE, False)


def test_legacy_admits_old_protocols_and_ciphers() -> None:
    context = tls.context("legacy", verified=False)
    assert context.minimum_version == ssl.TLSVersion.TLSv1
    assert context.options & 0x4
    names = {cipher["name"] for cipher in context.get_ciphers()}
    assert names > {cipher["name"] for cipher in tls.context("default", verified=False).get_ciphers()}


def test_contexts_are_made_once() -> None:
    assert tls.context("default", verified=True) is tls.context("default", verified=True)
