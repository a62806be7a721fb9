"""The house keeps its own rules: floors, one test module per module, nothing in the tree that names a machine."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLOORS = ("parsers", "archive", "crawler")  # each may import itself and what stands before it


def sources(package: str) -> list[Path]:
    return sorted(path for path in (ROOT / package).rglob("*.py") if "/_config/" not in path.as_posix())


def imported(path: Path) -> set[str]:
    """Top-level names of all imports in a module, those inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("package", FLOORS)
def test_imports_never_run_upwards(package: str) -> None:
    above = set(FLOORS[FLOORS.index(package) + 1 :])
    wrong = {path.relative_to(ROOT).as_posix(): sorted(imported(path) & above) for path in sources(package)}
    assert not {path: names for path, names in wrong.items() if names}


@pytest.mark.parametrize("name", ["sqlalchemy", "scrapy", "playwright", "socket", "http", "urllib3", "requests"])
def test_parsers_touch_neither_network_nor_database(name: str) -> None:
    assert not [path.name for path in sources("parsers") if name in imported(path)]


def test_no_parser_reads_the_clock() -> None:
    clock = re.compile(r"\b(?:time\.time|datetime\.now|datetime\.utcnow|date\.today|monotonic)\b")
    found = [path.relative_to(ROOT) for path in sources("parsers") if clock.search(path.read_text(encoding="utf-8"))]
    assert not found


def test_archive_does_not_know_scrapy() -> None:
    assert not [path.name for path in sources("archive") if {"scrapy", "playwright"} & imported(path)]


@pytest.mark.parametrize("package", FLOORS)
def test_public_names_exist_and_are_chosen(package: str) -> None:
    module = importlib.import_module(package)
    missing = [name for name in module.__all__ if not hasattr(module, name)]
    assert not missing


@pytest.mark.parametrize("package", FLOORS)
def test_every_module_has_a_test_module_of_its_stem(package: str) -> None:
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    missing = []
    for path in sources(package):
        # A sub-package that is one component (parsers/tables, archive/export) may be tested by one module of its name.
        component = path.parent.name if path.parent.name != package else path.stem
        private = path.stem.startswith("_") or path.stem == "env" or "versions" in path.parts
        if not private and not {path.stem, component} & tested:
            missing.append(path.relative_to(ROOT).as_posix())
    assert not missing


def committed() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout: nothing to say about what is committed")
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name]


TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".cfg", ".sh", ".csv", ".json", ".html", ""}


def test_nothing_committed_names_a_machine_or_a_registry() -> None:
    # Put together here so that this file does not match itself.
    forbidden = re.compile(
        "|".join(
            ["/ro" + "ot/", "/wo" + "rk/", r"pypi\." + "org", r"registry\." + "npmjs", r"files\.python" + "hosted"]
        )
    )
    found = []
    for path in committed():
        if path.suffix in TEXT and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            if match := forbidden.search(text):
                found.append(f"{path.relative_to(ROOT)}: {match.group()}")
    assert not found


def test_nothing_is_left_to_do_later() -> None:
    marker = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [
        path.relative_to(ROOT) for package in FLOORS for path in sources(package) if marker.search(path.read_text())
    ]
    assert not found


def test_nothing_large_is_committed() -> None:
    large = {str(path.relative_to(ROOT)): path.stat().st_size for path in committed() if path.is_file()}
    assert not {name: size for name, size in large.items() if size > 3 << 20}


def test_help_starts_without_heavy_imports() -> None:
    code = (
        "import sys; from crawler.cli import run; run(['--help']);"
        "heavy = {'scrapy', 'twisted', 'sqlalchemy', 'pdfplumber', 'playwright'} & set(sys.modules);"
        "sys.exit(f'imported for --help: {sorted(heavy)}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
