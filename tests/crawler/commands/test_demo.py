"""``gongkai demo`` as a stranger runs it: from the built wheel, outside the checkout, three times in one home."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crawler.samples import Report, samples
from tests.conftest import ROOT

# One process runs them all: each would build the wheel and play the portals for itself, which takes half a minute.
pytestmark = pytest.mark.xdist_group("demo")

Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Again:
    """A run in a home of an earlier one: what it said, and the rows per table before and after it."""

    run: subprocess.CompletedProcess[str]
    before: dict[str, int]
    after: dict[str, int]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def gongkai(place: Path) -> Run:
    """The command installed from a freshly built wheel; other packages are those of this environment."""
    dist, home = place / "dist", place / "venv"
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True, timeout=120)
    (wheel,) = dist.glob("*.whl")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, text=True, timeout=120)
    packages = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    own = next((home / "lib").glob("python*/site-packages"))
    (own / "lent.pth").write_text(f"{packages}\n")

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GONGKAI", "PYTHON", "COV"))}
        return subprocess.run(
            [str(home / "bin" / "gongkai"), *arguments],
            cwd=place,
            env={**clean, **environment},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture(scope="module")
def first(gongkai: Run) -> subprocess.CompletedProcess[str]:
    return gongkai("demo")


@pytest.fixture(scope="module")
def second(gongkai: Run, first, place: Path) -> Again:
    """The same once more, by an operator who has a database of their own."""
    before = counts(place / "demo-data")
    again = gongkai("demo", GONGKAI_DATABASE_URL=f"sqlite:///{place / 'mine.db'}")
    return Again(again, before, counts(place / "demo-data"))


def test_first_run_finds_every_report_and_says_what_is_next(first, place: Path) -> None:
    assert first.returncode == 0, first.stderr
    assert "Traceback" not in first.stderr + first.stdout
    reports = first.stdout.split("Checks that fail")[0]
    found = [tuple(re.split(r" {2,}", line)[:2]) for line in reports.splitlines()]  # a row begins at the margin
    for sample in samples():
        if sample.report and not sample.why_not:
            assert found.count((sample.report.agency, str(sample.report.year))) == 1, sample
    for reason in ("website_report", "explainer", "notice", "ruishu", "robots.txt forbids", "is missing"):
        assert reason in first.stdout, reason
    for word in ("T2_NEW_LE_PUBLIC_TOTAL", "error", "warn"):
        assert word in first.stdout, "failed checks are named"
    assert "not obtained from the named host" in first.stderr
    assert "gongkai show" in first.stderr
    assert sorted(path.name for path in (place / "demo-data").iterdir())[:1] == ["crawls"]
    assert not list((place / "demo-data" / "warc").glob("*.open"))


def test_it_ran_from_the_wheel(gongkai: Run, place: Path) -> None:
    python = place / "venv" / "bin" / "python"
    code = "import crawler, parsers; print(crawler.__file__, parsers.configuration_directories()[-1])"
    told = subprocess.run([python, "-c", code], cwd=place, capture_output=True, text=True, check=True).stdout
    assert told.count(str(place)) == 2
    assert str(ROOT) not in told


def test_records_equal_what_the_portals_serve(first, place: Path) -> None:
    records = read(place / "demo-data")
    expected = {
        (sample.report.agency, sample.report.year): sample.report
        for sample in samples()
        if sample.report and not sample.why_not
    }
    assert records.keys() == expected.keys()
    for key, report in expected.items():
        assert records[key] == figures(report), key


def test_only_the_real_figures_fail_checks(first, place: Path) -> None:
    """Invented reports add up within and across years: what fails on them would be a defect of ours."""
    engine = create_engine(f"sqlite:///{place / 'demo-data' / 'gongkai.db'}")
    query = (
        "select distinct a.name, c.rule from checks c join reports r on r.reading = c.reading_id or r.id = c.report_id "
        "join agencies a on a.id = r.agency_id where c.outcome like 'fail%'"
    )
    with engine.connect() as connection:
        failing = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    seeds = {"温县人民政府办公室", "镇平县人民政府办公室", "鹿邑县人民政府", "代县人民政府", "博爱县孝敬镇人民政府"}
    assert [finding for finding in failing if finding[0] not in seeds] == []
    assert {("鹿邑县人民政府", "T3_OUTCOME_SUM"), ("代县人民政府", "T2_NEW_LE_PUBLIC_TOTAL")} <= set(failing)


def test_second_run_adds_nothing(first, second: Again) -> None:
    assert second.run.returncode == 0, second.run.stderr
    assert "Nothing had changed" in second.run.stderr
    assert {name: second.after[name] for name in ("versions", "readings", "figures", "reports")} == {
        name: second.before[name] for name in ("versions", "readings", "figures", "reports")
    }
    assert first.stdout.split("Checks that fail")[0] == second.run.stdout.split("Checks that fail")[0]


def test_the_operator_s_own_database_is_left_alone(second: Again, place: Path) -> None:
    assert second.run.returncode == 0, second.run.stderr
    assert "GONGKAI_DATABASE_URL is left alone" in second.run.stderr
    assert not (place / "mine.db").exists()


def test_later_state_keeps_both_versions(gongkai: Run, second: Again, place: Path) -> None:
    before = counts(place / "demo-data")
    later = gongkai("demo", "--later")
    assert later.returncode == 0, later.stderr
    assert counts(place / "demo-data")["versions"] == before["versions"] + 2, "one changed, one new"
    records = read(place / "demo-data")
    assert records["镇平县人民政府办公室", 2023]["normdocs_in_force"] == Decimal(301)
    assert ("代县人民政府", 2024) in records
    changed = [line for line in later.stdout.splitlines() if "changed" in line]
    assert len(changed) == 1
    assert "镇平县人民政府办公室" in changed[0]
    assert ("温县人民政府", 2022) in records, "what a list no longer shows is kept"
    reports = gongkai("reports", "--home", "demo-data", "--jsonl").stdout.splitlines()
    withdrawn = [
        (line["agency"]["name"], line["year"]) for line in map(json.loads, reports) if line["status"] == "withdrawn"
    ]
    assert withdrawn == [("温县人民政府", 2022)], "and asked for again, so that its withdrawal is dated"


def test_what_it_says_to_try_next_works(gongkai: Run, first, place: Path) -> None:
    commands = re.findall(r"^  \S*gongkai (.+?)  ", first.stderr, re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        if not command.startswith("demo"):
            told = gongkai(*command.split())
            assert told.returncode == 0, (command, told.stderr)
            assert told.stdout.strip(), command
    assert (place / "demo-export" / "reports.csv").is_file()


def test_without_chromium_the_rest_works(gongkai: Run, place: Path) -> None:
    told = gongkai("demo", "--home", "other", GONGKAI_CHROMIUM=str(place / "none"))
    assert told.returncode == 0, told.stderr
    assert "No Chromium" in told.stderr
    assert "Install Chromium" in told.stderr
    assert "鹿邑县人民政府" not in told.stdout.split("What was not taken")[0]
    assert "代县人民政府" in told.stdout


def test_a_real_archive_is_left_alone(gongkai: Run, place: Path) -> None:
    """Nor is the operator's own database made for it."""
    (place / "real" / "warc").mkdir(parents=True)
    (place / "real" / "warc" / "henan-20260101.warc.gz").write_bytes(b"")
    told = gongkai("demo", "--home", "real", GONGKAI_DATABASE_URL=f"sqlite:///{place / 'mine.db'}")
    assert told.returncode == 2
    assert "holds captures of real portals" in told.stderr
    assert not (place / "mine.db").exists()


def test_a_home_that_is_a_file_is_refused_in_one_sentence(gongkai: Run, place: Path) -> None:
    (place / "file").write_text("")
    told = gongkai("demo", "--home", "file")
    assert told.returncode != 0
    assert told.stderr.startswith("gongkai: file: is not a directory")
    assert "Traceback" not in told.stderr


def figures(report: Report) -> dict[str, Decimal | None]:
    """Cells of a sample as numbers: a blank is None."""
    return {
        code: Decimal(cleaned) if (cleaned := printed.strip().removesuffix("万元")) else None
        for code, printed in report.cells().items()
    }


def read(home: Path) -> dict[tuple[str, int], dict[str, Decimal | None]]:
    """Agency and year -> figures of the current reading, from the database."""
    engine = create_engine(f"sqlite:///{home / 'gongkai.db'}")
    query = (
        "select a.name, r.year, f.code, f.value from reports r join agencies a on a.id = r.agency_id "
        "join figures f on f.reading_id = r.reading"
    )
    found: dict[tuple[str, int], dict[str, Decimal | None]] = {}
    with engine.connect() as connection:
        for name, year, code, value in connection.execute(text(query)):
            found.setdefault((name, year), {})[code] = None if value is None else Decimal(value)
    engine.dispose()
    return found


def counts(home: Path) -> dict[str, int]:
    """Rows per table."""
    engine = create_engine(f"sqlite:///{home / 'gongkai.db'}")
    with engine.connect() as connection:
        found = {
            table: connection.execute(text(f"select count(*) from {table}")).scalar_one()
            for table in ("captures", "versions", "readings", "figures", "reports")
        }
    engine.dispose()
    return found
