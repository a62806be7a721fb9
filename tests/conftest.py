"""Fixtures for all tests. Tests never touch anything outside their temporary directory."""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure. In CI the same tree gives the same verdict; elsewhere each run tries other examples, and
# `make trials` tries many.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("house"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "house")

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: they are not looked through for garbage again and again.

    That took a seventh of the processor time of a test that reads many documents.
    """
    gc.collect()
    gc.freeze()


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


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """Address of a real S3 API over HTTP, started for the tests."""
    moto = pytest.importorskip("moto.server")
    pytest.importorskip("s3fs")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def s3_url(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of an empty place in an S3 bucket, reached as the environment says."""
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    bucket = f"test-{uuid.uuid4()}"
    s3fs.S3FileSystem().mkdir(bucket)
    yield f"s3://{bucket}/archive"
    s3fs.S3FileSystem.clear_instance_cache()  # others have servers of their own


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
    """The environment for a process that will be interrupted or killed, without coverage.

    Hit within coverage's lock it hangs, and killed while it writes its figures it leaves a damaged file.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
