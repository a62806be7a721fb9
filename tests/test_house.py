"""The house keeps its own rules: floors, one test module per module, nothing in the tree that names a machine."""

from __future__ import annotations

import ast
import functools
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

FLOORS = ("parsers", "archive", "crawler")  # each may import itself and what stands before it

# Rooms (sub-packages and loose modules) of a package from the lowest to the highest: each may import itself and what
# stands before it. A package that is here has a test module at the place of every module, too.
ROOMS: dict[str, tuple[str, ...]] = {
    "parsers": (
        *(
            "remembered",
            "characters",
            "errors",
            "document",
            "numerals",
            "configuration",
            "record",
            "deadlines",
            "forms",
        ),
        *("prose", "identity", "checks", "formats", "tables", "sections", "several", "other_kinds", "report"),
    ),
    "parsers.formats": (
        *("charset", "contrast", "limits", "media", "detect", "sheet", "html", "mhtml", "pdf", "word", "text"),
    ),
    "parsers.tables": (
        *("lines", "units", "model", "vocabulary", "glosses", "absent", "headers", "left_out", "grid", "binding"),
        *("labelled", "text", "lists", "choice", "accounted"),
    ),
    "archive": (
        *("errors", "identifiers", "urlkey", "times", "processes", "home", "signatures"),
        *("warc", "metadata", "verify", "database", "storage", "acts"),
        *("checks", "index", "ingest", "records", "access", "evidence"),
        *("decisions", "export", "status"),
    ),
    "crawler": (
        *("errors", "interrupt", "scope", "forwarding", "joining", "samples", "wording", "crawl_plan"),
        *("cms", "discovery", "politeness", "portals", "plan", "capture", "middlewares", "spiders"),
        *("extension", "settings", "run", "terminal", "commands", "cli", "reference", "__main__"),
    ),
}
WIDEST = 17  # modules in one folder, with its `__init__`
ONE_EACH = {"crawler/cms/families"}  # collections of like things, of which one is opened and never all
TESTED_BY = {  # modules (or whole rooms) that make sense only with others: where they are tested together
    "parsers.checks": "parsers/checks/test_cells.py",
    "parsers.prose.sentences": "parsers/prose/test_facts.py",
    **{  # steps of one reading, which says nothing by halves
        f"parsers.tables.{name}": "parsers/tables/test_tables.py"
        for name in ("absent", "binding", "grid", "lines", "model", "text", "vocabulary")
    },
    **{  # what of a document its labelled reader takes
        f"parsers.tables.labelled.{name}": "parsers/tables/labelled/test_reader.py"
        for name in ("cards", "found", "label_paths", "lists")
    },
    **{
        f"parsers.tables.lists.{name}": "parsers/tables/lists/test_lists.py"
        for name in ("columns", "indicators", "list_header", "run_on", "table_rows", "text_rows")
    },
    "archive.database.base": "archive/database/test_models.py",
    "archive.database.derived_tables": "archive/database/test_models.py",
    "archive.database.source_tables": "archive/database/test_models.py",
    "archive.database.reading_lines": "archive/database/test_reading_store.py",
    "archive.database.reading_load": "archive/database/test_reading_store.py",
    "archive.export.places": "archive/export/test_csv.py",
    "archive.export.tables": "archive/export/test_csv.py",
    "crawler.cms.families": "crawler/cms/families/test_families.py",
    **{  # commands on one home that holds something for each
        f"crawler.commands.{name}": "crawler/commands/test_commands.py"
        for name in ("captures", "checks", "decisions", "export", "history", "prove", "reports")
    },
    "crawler.discovery.labels": "crawler/discovery/test_links.py",
    "crawler.samples.certificate": "crawler/samples/test_server.py",
    **{  # parts of the spider, which runs as a whole or not at all
        f"crawler.spiders.{name}": "crawler/spiders/test_spiders.py"
        for name in (
            *("bookkeeping.state", "bookkeeping.tasks", "columns", "discoveries", "list_links", "lists", "reports"),
            *("requests", "responses", "shortfalls"),
        )
    },
}


def sources(package: str) -> list[Path]:
    return sorted(
        path for path in (ROOT / package.replace(".", "/")).rglob("*.py") if "/_config/" not in path.as_posix()
    )


@functools.cache
def imports(path: Path) -> tuple[ast.Import | ast.ImportFrom, ...]:
    """All imports of other packages in a module, those inside functions too. Many tests ask, and no file changes."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(
        node
        for node in nodes
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module and node.level == 0)
    )


def imported(path: Path) -> set[str]:
    """Top-level names of all imports in a module, those inside functions too."""
    names: set[str] = set()
    for node in imports(path):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif node.module:
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


# -- rooms


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@functools.cache
def modules() -> dict[str, frozenset[str]]:
    """Every module of the three packages with the modules that it imports, inside functions too."""
    paths = {module_of(path): path for package in FLOORS for path in sources(package)}
    found = {}
    for name, path in paths.items():
        wanted: set[str] = set()
        for node in imports(path):
            if isinstance(node, ast.Import):
                wanted.update(alias.name for alias in node.names)
            elif node.module:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                wanted.update(inner & paths.keys())
                if not inner <= paths.keys():
                    wanted.add(node.module)
        found[name] = frozenset(wanted & paths.keys()) - {name}
    return found


def reached(start: str) -> set[str]:
    """All modules that a module needs, directly or by others."""
    found: set[str] = set()
    left = list(modules()[start])
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(modules()[name])
    return found


@pytest.mark.parametrize("package", FLOORS)
def test_no_module_imports_itself_by_others(package: str) -> None:
    names = [name for name in modules() if name.partition(".")[0] == package]
    assert [name for name in names if name in reached(name)] == []


def room_of(module: str, package: str) -> str:
    return module.removeprefix(f"{package}.").split(".")[0]


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_import_only_what_stands_below_them(package: str) -> None:
    order = ROOMS[package]
    inside = [name for name in modules() if name.startswith(f"{package}.")]
    assert {room_of(name, package) for name in inside} == set(order), (
        "a room without a place, or a place without a room"
    )
    upwards = [
        f"{name} imports {other}"
        for name in inside
        for other in modules()[name]
        if other.startswith(f"{package}.")
        and order.index(room_of(other, package)) > order.index(room_of(name, package))
    ]
    assert upwards == []


@pytest.mark.parametrize("package", ROOMS)
def test_every_module_has_a_test_module_at_its_place(package: str) -> None:
    missing = []
    for path in sources(package):
        place = path.relative_to(ROOT)
        if path.stem.startswith("_") or "migrations" in place.parts:
            continue
        module = module_of(path)
        together = TESTED_BY.get(module) or TESTED_BY.get(module.rpartition(".")[0])
        beside = Path("tests", together or (place.parent / f"test_{path.name}").as_posix())
        if not (ROOT / beside).exists():
            missing.append(f"{place}: there is no {beside}")
    assert missing == []


def test_no_module_is_said_to_be_tested_elsewhere_in_vain() -> None:
    assert [name for name in TESTED_BY if name not in modules()] == []
    own = [
        name
        for name in TESTED_BY
        if Path(ROOT, "tests", *name.split(".")[:-1], f"test_{name.split('.')[-1]}.py").exists()
    ]
    assert own == []


def folders(package: str) -> list[Path]:
    found = {path.parent for path in sources(package) if path.name == "__init__.py"}
    return sorted(folder for folder in found if "migrations" not in folder.parts)


@pytest.mark.parametrize("package", ROOMS)
def test_every_room_says_what_stands_in_it(package: str) -> None:
    missing = []
    for folder in folders(package):
        told = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        inside = [path for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
        names = {path.stem for path in inside if not path.stem.startswith("_")}
        silent = [name for name in sorted(names) if not re.search(rf"\b{name}\b", told)]
        if silent:
            missing.append(f"{folder.relative_to(ROOT)}: {', '.join(silent)}")
    assert missing == []


@pytest.mark.parametrize("package", ROOMS)
def test_no_room_is_too_wide_to_be_looked_over(package: str) -> None:
    wide = {folder.relative_to(ROOT).as_posix(): len(list(folder.glob("*.py"))) for folder in folders(package)}
    assert {name: count for name, count in wide.items() if count > WIDEST and name not in ONE_EACH} == {}


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


def run_in_a_new_process(code: str) -> None:
    """Where nothing of ours is loaded yet."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_starts_without_heavy_imports() -> None:
    code = (
        "import sys; from crawler.cli import run; run(['--help']);"
        "heavy = {'scrapy', 'twisted', 'sqlalchemy', 'pdfplumber', 'playwright', 'pydantic',"
        " 'parsers.report', 'archive.database'} & set(sys.modules);"
        "sys.exit(f'imported for --help: {sorted(heavy)}' if heavy else 0)"
    )
    run_in_a_new_process(code)


def test_a_look_at_reports_loads_no_reader_of_documents() -> None:
    code = (
        "import sys; import archive.decisions, archive.records.reports, archive.records.history;"
        "heavy = {'pdfplumber', 'lxml', 'parsers.report', 'parsers.tables', 'archive.index.indexer'}"
        " & set(sys.modules);"
        "sys.exit(f'imported for a look: {sorted(heavy)}' if heavy else 0)"
    )
    run_in_a_new_process(code)


def test_public_names_of_the_parsers_are_found_in_their_modules() -> None:
    code = (
        "import parsers; [getattr(parsers, name) for name in parsers.__all__];"
        "assert set(parsers._HOMES) == set(parsers.__all__)"
    )
    run_in_a_new_process(code)
