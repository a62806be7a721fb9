"""The documentation is true where a machine can see it: names, links, commands, variables, codes."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import typing
from pathlib import Path

import pytest
import typer

from archive.database.models import Base
from archive.export import FORMATS
from crawler.cli import app
from crawler.reference import commands
from parsers.checks.load import load_rules
from parsers.checks.rules import Rule
from parsers.forms import codebook
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WORDS = {page: page.read_text(encoding="utf-8") for page in PAGES}
ALL = "\n".join(WORDS.values())
PACKAGES = ("parsers", "archive", "crawler")
COMMANDS = dict(commands(typer.main.get_command(app), "gongkai"))


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def blocks(text: str) -> list[str]:
    """Lines that stand there to be typed, or are code in a sentence."""
    lines = [line for line in text.splitlines() if re.match(r"( {4}|\$ )", line)]
    fenced = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [*lines, *fenced, *re.findall(r"`([^`\n]+)`", text)]


def typed(text: str) -> list[tuple[str, set[str]]]:
    """Commands of ours with their options, as a page shows them."""
    found = []
    for line in blocks(text):
        for match in re.finditer(r"\bgongkai ((?:[a-z]+ ?)+)([^\n]*)", line.partition("#")[0]):
            words = match[1].split()
            name = f"gongkai {' '.join(words[:2])}" if words[0] == "portals" else f"gongkai {words[0]}"
            found.append((name, set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", match[2].partition("  ")[0]))))
    return found


def anchors(page: Path) -> set[str]:
    """What `page.md#...` may name: headings as forges and MyST write them."""
    text = re.sub(r"```.*?```", "", WORDS[page], flags=re.DOTALL)
    headings = re.findall(r"^#{1,4} (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", WORDS[page]):
        if target.startswith(("http:", "https:")):
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), f"{target}#{anchor}"


def test_the_site_has_every_page_once() -> None:
    index = ROOT / "docs" / "index.md"
    listed = [
        page.resolve()
        for block in re.findall(r"```\{toctree\}\n(.*?)```", WORDS[index], re.DOTALL)
        for line in block.splitlines()
        if line and not line.startswith(":")
        for page in ((ROOT / "docs").glob(f"{line}.md") if "*" in line else [ROOT / "docs" / f"{line}.md"])
    ]
    assert sorted(listed) == sorted(page for page in PAGES if page != index)


def test_both_start_pages_lead_to_the_same() -> None:
    english, chinese = (WORDS[ROOT / "docs" / name] for name in ("index.md", "index.zh-CN.md"))

    def led(text: str) -> list[str]:
        links = re.findall(r"\]\(([^)\s]+)\)", text)
        return [link.replace("README.zh-CN", "README") for link in links if not link.startswith("index")]

    assert led(english) == led(chinese)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_says_to_type_exists(page: Path) -> None:
    for name, options in typed(WORDS[page]):
        if name in {"gongkai portals", "gongkai sh", "gongkai cd"}:
            continue
        assert name in COMMANDS, name
        known = {word for parameter in COMMANDS[name].params for word in (*parameter.opts, *parameter.secondary_opts)}
        assert options <= known | {"--help"}, f"{name} {sorted(options - known)}"


def test_the_readme_names_every_command_or_leads_to_it() -> None:
    shown = {name for page in WORDS.values() for name, _ in typed(page)}
    assert COMMANDS.keys() <= shown | {name for name in COMMANDS if f"### `{name}`" in ALL}
    for page in (ROOT / "docs").glob("*.md"):
        assert f"docs/{page.name}" in WORDS[ROOT / "README.md"] or any(
            f"({page.name})" in text for other, text in WORDS.items() if other.parent == page.parent and other != page
        ), f"nothing leads to {page.name}"


def test_every_format_of_tables_is_named() -> None:
    option = next(option for option in COMMANDS["gongkai export"].params if "--format" in option.opts)
    for name in FORMATS:
        assert re.search(rf"\b{name}\b", option.help or ""), name
        assert f"--format {name}" in WORDS[ROOT / "docs" / "records.md"]


def test_every_table_of_the_database_is_named() -> None:
    page = WORDS[ROOT / "docs" / "database.md"].partition("## Tables")[2].partition("\n## ")[0]
    missing = [table.name for table in Base.metadata.sorted_tables if f"`{table.name}`" not in page]
    assert not missing, f"docs/database.md, Tables: {missing}"


def test_every_environment_variable_is_explained() -> None:
    used = {name for path in sources() for name in re.findall(r"[\"'](GONGKAI_[A-Z_]+)[\"']", path.read_text())}
    ours = used - {"GONGKAI_PLAN"}  # a setting of Scrapy, which hands the plan to the spider
    table = set(re.findall(r"^\| `(GONGKAI_[A-Z_]+)`", WORDS[ROOT / "README.md"], re.MULTILINE))
    assert len(used) >= 9
    assert ours == table


def test_both_readmes_say_the_same() -> None:
    english, chinese = (WORDS[ROOT / name] for name in ("README.md", "README.zh-CN.md"))

    def content(text: str) -> tuple[list[str], list[str], list[str], list[str]]:
        fenced = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
        return (
            [line.partition("#")[0].partition("<")[0].strip() for line in fenced],
            re.findall(r"\]\((?!README)([^)\s]+)\)", text),
            re.findall(r"^\| `(GONGKAI_[A-Z_]+)`", text, re.MULTILINE),
            re.findall(r"^(#+|-) ", text, re.MULTILINE),
        )

    assert content(english) == content(chinese)


def issue_codes() -> set[str]:
    """Codes that are written into an `Issue` or a `Notice`, or into a row of issues."""
    found: set[str] = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", None) in {"Issue", "Notice"} and node.args:
                found |= set(_codes(node.args[0]))
            elif isinstance(node, ast.Dict) and {"code", "message", "locator"} == set(map(_text, node.keys)):
                found |= set(_codes(node.values[0]))
    return found


def _codes(expression: ast.AST) -> list[str]:
    words = [_text(node) for node in ast.walk(expression)]
    return [word for word in words if re.fullmatch(r"[a-z][a-z_]+[a-z]", word)]


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def test_every_issue_is_explained() -> None:
    codes = issue_codes()
    assert len(codes) >= 20
    assert not sorted(code for code in codes if f"`{code}`" not in ALL)


def rule_fields() -> dict[str, set[str]]:
    """Kind of rule -> the fields that it has beyond those of all rules."""
    models = typing.get_args(typing.get_args(Rule)[0])
    shared = set.intersection(*(set(model.model_fields) for model in models))
    return {
        kind: set(model.model_fields) - shared
        for model in models
        for kind in typing.get_args(model.model_fields["kind"].annotation)
    }


def test_every_kind_of_rule_is_in_the_table_with_its_fields() -> None:
    page = WORDS[ROOT / "docs" / "checks.md"]
    table = page.partition("## Kinds")[2].partition("\nEvery rule")[0]
    told: dict[str, set[str]] = {}
    for line in table.splitlines():
        cells = line.split(" | ")
        for kind in re.findall(r"`(\w+)`", cells[0]):
            told[kind] = set(re.findall(r"`(\w+)`", cells[-1]))
    told["roll_forward"] = told["sum"]
    assert told == rule_fields()
    assert page.startswith(f"# Checks\n\n{len(load_rules().rules)} rules ")


def is_there(name: str) -> bool:
    """Whether a dotted name is a module, or a name in one."""
    module, _, rest = name.partition(".")
    found = importlib.import_module(module)
    for part in rest.split("."):
        module = f"{module}.{part}"
        if hasattr(found, part):
            found = getattr(found, part)
        elif importlib.util.find_spec(module) is not None:
            found = importlib.import_module(module)
        else:
            return False
    return True


def test_names_of_modules_and_files_are_right() -> None:
    places = "parsers|archive|crawler|config|tests|scripts|benchmarks|docs"
    for page, text in WORDS.items():
        for name in re.findall(r"`((?:parsers|archive|crawler)(?:\.[A-Za-z_]+)+)`", text):
            assert is_there(name), f"{page.name}: {name}"
        for name in re.findall(rf"`((?:{places})/[\w./-]+\.\w+)`", text):
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def words_of(name: str) -> set[str]:
    """The words of a name in the singular, whichever way it is put together."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)
    return {re.sub(r"(?<=[a-z]{3})s$", "", re.sub(r"ies$", "y", part.lower())) for part in parts}


def glossary() -> set[str]:
    """Every word that is explained: those in the first column of the tables."""
    rows = re.findall(r"^\| (.+?) \| ", WORDS[ROOT / "docs" / "glossary.md"], re.MULTILINE)
    return set().union(*map(words_of, rows))


def public_classes() -> set[str]:
    """Classes that packages give to others by their `__all__`."""
    found: set[str] = set()
    for path in sources():
        if path.name == "__init__.py":
            room = importlib.import_module(".".join(path.relative_to(ROOT).parent.parts))
            found |= {name for name in getattr(room, "__all__", ()) if isinstance(getattr(room, name), type)}
    return found


def test_the_words_of_public_names_are_in_the_glossary() -> None:
    classes = public_classes()
    commands = {name.removeprefix("gongkai ") for name in COMMANDS}
    assert len(classes) >= 40
    names = {*classes, *Base.metadata.tables, *commands}
    unexplained = {name: words_of(name) - glossary() for name in sorted(names)}
    assert {name: words for name, words in unexplained.items() if words} == {}


def test_the_words_of_the_codes_are_in_the_glossary() -> None:
    codes = {entry.code for entry in codebook.entries() if entry.template in {"fmt2021", "fmt2019"}}
    assert len(codes) > 200
    assert sorted(set().union(*map(words_of, codes)) - glossary()) == []


def test_the_table_of_capture_names_all_its_modules() -> None:
    table = WORDS[ROOT / "docs" / "capture.md"].partition("| module | does |")[2].partition("\n\n")[0]
    told = {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)`", table)}
    modules = {path.stem for path in (ROOT / "crawler" / "capture").rglob("*.py")} - {"__init__"}
    assert sorted(modules - told) == []


def test_the_example_in_python_runs(tmp_path: Path) -> None:
    code = re.search(r"```python\n(.*?)```", WORDS[ROOT / "docs" / "warc.md"], re.DOTALL)
    assert code is not None
    shutil.copytree(ROOT / "tests" / "homes" / "v0.1" / "warc", tmp_path / "data" / "warc")
    for program in ("from crawler.cli import run; raise SystemExit(run(['index', '--home', 'data']))", code[1]):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count(" 200 ") >= 10
    assert len(ran.stdout.splitlines()[-1].split()) == 4  # day, time, status, length


def test_rooms_in_the_picture_are_there() -> None:
    picture = (ROOT / "docs" / "architecture.svg").read_text(encoding="utf-8")
    rooms = set(re.findall(r"\b(?:parsers|archive|crawler)(?:\.[a-z_]+)+", picture))
    assert len(rooms) >= 15
    assert [room for room in sorted(rooms) if not is_there(room)] == []
