"""Where facts come from, and what is said when they cannot be used."""

from __future__ import annotations

import ast
import os
import re
import shutil
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from parsers import ConfigurationError, configuration, configuration_digest
from parsers.configuration import _LIBRARIES, _READING, configuration_directories, facts_file, facts_files
from parsers.identity.evidence.words import load_words
from tests.conftest import ROOT


def test_a_checkout_uses_its_own_facts() -> None:
    assert configuration_directories() == (ROOT / "config",)
    assert facts_file("titles.yaml") == ROOT / "config" / "titles.yaml"
    assert facts_files("portals/*.yaml") == tuple(sorted((ROOT / "config" / "portals").glob("*.yaml")))


def overlay(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        path = directory / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


PROFILE = """name: {name}
code: null
sites:
  - host: www.{key}.gov.cn
    columns: []
"""


def test_an_overlay_holds_only_what_differs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A portal of one's own, and rules of one's own; everything else is as it was."""
    from crawler.portals.load import load_portal, portal_names
    from parsers.checks.load import load_rules
    from parsers.forms import templates

    before, names = configuration_digest(), portal_names()
    own = overlay(tmp_path / "own", portals__mine_yaml=PROFILE.format(name="我省", key="mine"))
    monkeypatch.setenv("GONGKAI_CONFIG", str(own))
    assert portal_names() == tuple(sorted([*names, "mine"]))
    assert load_portal("mine").profile.name == "我省"
    assert load_portal("henan").key == "henan"
    assert configuration_digest() == before
    packaged = (ROOT / "config" / "templates" / "rules.yaml").read_text(encoding="utf-8")
    overlay(own, templates__rules_yaml=packaged.replace("id: T3_ROW_SUM", "id: MY_ROW_SUM"))
    assert "MY_ROW_SUM" in {rule.id for rule in load_rules().rules}
    assert set(templates.load().forms) >= {"fmt2019", "fmt2021"}
    assert configuration_digest() != before
    overlay(own, templates__rules_yaml=packaged)
    configuration._digest.cache_clear()
    assert configuration_digest() == before, "the same facts elsewhere are the same facts"


def test_of_several_overlays_the_first_has_the_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = overlay(tmp_path / "a", portals__henan_yaml=PROFILE.format(name="甲", key="a"))
    second = overlay(
        tmp_path / "b",
        portals__henan_yaml=PROFILE.format(name="乙", key="b"),
        portals__more_yaml=PROFILE.format(name="丙", key="c"),
        identity_yaml="nothing: here",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGKAI_CONFIG", os.pathsep.join(["a", "", str(second)]))
    assert configuration_directories() == (first, second, ROOT / "config")
    assert facts_file("portals/henan.yaml") == first / "portals" / "henan.yaml"
    assert facts_file("identity.yaml") == second / "identity.yaml"
    assert facts_file("titles.yaml") == ROOT / "config" / "titles.yaml"
    names = [path.name for path in facts_files("portals/*.yaml")]
    assert names == sorted(set(names))
    assert "more.yaml" in names
    with pytest.raises(ConfigurationError, match=r"b/identity\.yaml"):
        load_words()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"signature_yaml": ""}, r"signature\.yaml: no fact is kept in a file of this name\. Did you mean signatures"),
        ({"template__rules_yaml": ""}, r"template/rules\.yaml: no fact .* Did you mean templates/rules\.yaml"),
        ({"templates__more_yaml": "a: 1"}, r"templates/more\.yaml: no fact"),
        ({"portals__henan.yml": ""}, r"henan\.yml: no fact .* Did you mean portals/henan\.yaml"),
        ({"README.md": ""}, "holds no facts"),
    ],
)
def test_what_would_never_be_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, str], words: str
) -> None:
    monkeypatch.setenv("GONGKAI_CONFIG", str(overlay(tmp_path / "own", **files)))
    with pytest.raises(ConfigurationError, match=words):
        facts_file("titles.yaml")


def test_what_is_no_fact_may_lie_beside_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    form = "template: mine\nzh: 表\n"
    files = {".github__ci_yaml": "", "README.md": "", "templates__mine_yaml": form}
    monkeypatch.setenv("GONGKAI_CONFIG", str(overlay(tmp_path / "own", **files)))
    assert [path.name for path in facts_files("templates/m*.yaml")] == ["mine.yaml"]


@pytest.mark.parametrize("named", ["gone", "here:gone"])
def test_a_named_directory_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str) -> None:
    overlay(tmp_path / "here", portals__a_yaml=PROFILE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GONGKAI_CONFIG", named.replace(":", os.pathsep))
    with pytest.raises(ConfigurationError, match=r"gone: there is no such directory\. Name a directory"):
        configuration_directories()


def test_broken_yaml_is_said_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("a: 1\nb:\n\t- 2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.yaml line 3: not valid YAML"):
        configuration.load_yaml(path)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("words: [年报, 报告]\n", "# 说明\nwords:\n- 年报   # one\n- 报告\n", True),
        ("a: {b: 1, c: 2}\n", "a:\n  b: 1\n  c: 2\n", True),
        ("limit: 1\n", 'limit: "1"\n', False),
        ("words: [年报, 报告]\n", "words: [报告, 年报]\n", False),
    ],
)
def test_the_digest_is_of_the_facts_not_of_their_layout(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str, same: bool
) -> None:
    digests = []
    for name, text in (("a", before), ("b", after)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "titles.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / name))
        digests.append(configuration_digest())
    assert (digests[0] == digests[1]) is same


def test_yaml_makes_no_objects(tmp_path: Path) -> None:
    path = tmp_path / "evil.yaml"
    path.write_text("a: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"evil\.yaml line 1"):
        configuration.load_yaml(path)


@pytest.mark.parametrize(
    ("path", "line"),
    [(["sites", 1, "host"], 4), (["sites", 0], 2), (["sites", 1, "missing"], 4), (["nothing"], 1), ([], None)],
)
def test_the_line_of_a_value(path: list[str | int], line: int | None) -> None:
    text = "sites:\n  - host: a\n    pace: 1\n  - host: b\n    pace: 2\n"
    assert configuration.line_of(text, path) == line


def test_the_digest_names_the_facts_that_readings_depend_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = configuration_digest()
    copy = tmp_path / "config"
    shutil.copytree(ROOT / "config", copy)
    monkeypatch.setenv("GONGKAI_CONFIG", str(copy))
    configuration._digest.cache_clear()
    assert configuration_digest() == first, "the same facts elsewhere are the same facts"
    (copy / "portals" / "henan.yaml").write_text("changed: true\n", encoding="utf-8")
    configuration._digest.cache_clear()
    assert configuration_digest() == first, "a portal's profile does not change how a report is read"
    (copy / "templates" / "more.yaml").write_text("template: more\n", encoding="utf-8")
    configuration._digest.cache_clear()
    assert configuration_digest() != first
    configuration._digest.cache_clear()


def test_the_code_is_named_by_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parsers import PARSER_VERSION

    assert PARSER_VERSION.endswith(f"+{configuration.code_digest()}")

    def digest_of(text: str) -> str:
        (tmp_path / "tables").mkdir(exist_ok=True)
        (tmp_path / "tables" / "one.py").write_text(text, encoding="utf-8")
        monkeypatch.setattr(configuration, "_PACKAGE", tmp_path)
        configuration.code_digest.cache_clear()
        return configuration.code_digest()

    try:
        assert digest_of("ONE = 1\n") == digest_of("ONE = 1\n") != digest_of("ONE = 2\n")
        before = digest_of("ONE = 1\n")
        monkeypatch.setattr(configuration, "version", lambda name: "99")
        assert digest_of("ONE = 1\n") != before
    finally:
        configuration.code_digest.cache_clear()


def test_every_library_that_reads_makes_the_parser_version() -> None:
    """One that is not named could read otherwise in its next release, and nothing would be read anew."""
    imported: set[str] = set()
    for path in (ROOT / "parsers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    distributions = packages_distributions()
    libraries = {distributions[name][0].lower() for name in imported if name in distributions}
    assert libraries - {"gongkai", "pydantic", "pyyaml"} == set(_LIBRARIES)  # those two read facts, whose digest counts


def test_every_file_of_facts_that_reads_makes_the_digest_of_the_configuration() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "parsers").rglob("*.py"))
    asked = {name.partition("/")[0].partition(".")[0] for name in re.findall(r'facts_files?\(f?"([^"]+)"', sources)}
    assert asked == set(_READING)
