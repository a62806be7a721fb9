"""Finding Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler import BrowserError
from crawler.capture.browser import chromium


def test_a_named_one_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = tmp_path / "chromium"
    named.touch()
    monkeypatch.setenv("GONGKAI_CHROMIUM", str(named))
    assert chromium.find_chromium() == named


def test_a_named_one_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GONGKAI_CHROMIUM", str(tmp_path / "gone"))
    with pytest.raises(BrowserError, match="gone: there is no such file"):
        chromium.find_chromium()


def test_none_at_all_is_said_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GONGKAI_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(chromium, "_MAC", Path("/nonexistent"))
    with pytest.raises(BrowserError, match=r"no Chromium was found.*Install Chromium"):
        chromium.find_chromium()
