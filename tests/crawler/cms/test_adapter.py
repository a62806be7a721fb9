"""Signs of a family, added up."""

from __future__ import annotations

from crawler.cms.adapter import Signs


def test_signs_add_up_without_passing_certainty():
    signs = Signs()
    for _ in range(10):
        signs.see(True, 0.9, "x")
    assert 0.9 < signs.match().score <= 1
