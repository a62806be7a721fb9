"""A server with odd answers and a home, for the tests of the capture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Home
from tests.crawler.oddserver import OddServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OddServer]:
    with OddServer(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "archive", create=True)
