"""Fixtures for all tests. Tests never touch anything outside their temporary directory."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure. In CI the same tree gives the same verdict; elsewhere each run tries other examples, and
# `make trials` tries many.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("house"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "house")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material beside the project.

    Where GONGKAI_SHARED is set its absence is a failure; elsewhere the tests that need it are skipped and say so.
    """
    named = os.environ.get("GONGKAI_SHARED")
    path = Path(named) if named else ROOT.parent / "shared"
    if (path / "design.md").is_file():
        return path.resolve()
    if named:
        pytest.fail(f"GONGKAI_SHARED={named} holds no reference material")
    pytest.skip("the reference material is not here (GONGKAI_SHARED is not set)")


@pytest.fixture(autouse=True)
def _no_home_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever the developer's shell says, a test works in its own home and with the checkout's facts."""
    for name in ("GONGKAI_DATABASE_URL", "GONGKAI_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GONGKAI_HOME", str(tmp_path / "home"))


def missing_tool(reason: str) -> None:
    """Fail in CI, skip elsewhere: a test that needs a tool that is not here."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def tool(name: str) -> str:
    """The path of a command that a test needs."""
    path = shutil.which(name)
    if path is None:
        missing_tool(f"{name} is not installed")
        raise AssertionError
    return path


def unmeasured() -> dict[str, str]:
    """The environment for a process that will be interrupted, without coverage: hit within its lock it hangs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
