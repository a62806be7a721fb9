"""A server with odd answers, a home and a browser, for the tests of the capture."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from archive import Home
from crawler import BrowserError
from crawler.capture.browser.browser import Browser
from crawler.capture.browser.chromium import find_chromium
from tests.conftest import missing_tool
from tests.crawler.oddserver import OddServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddServer]:
    with OddServer(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "archive", create=True)


@pytest.fixture(scope="session")
def chromium() -> None:
    """Chromium is there; tests that need it are skipped where it is not."""
    try:
        find_chromium()
    except BrowserError as error:
        missing_tool(str(error))


@pytest.fixture
async def browser(chromium: None) -> AsyncIterator[Browser]:
    """A browser of one's own."""
    browser = Browser("Gongkai/0 (test)")
    yield browser
    await browser.close()
