"""Where facts come from, and what is said when they cannot be used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from parsers import ConfigurationError, configuration, configuration_digest, configuration_directory
from tests.conftest import ROOT


def test_a_checkout_uses_its_own_facts() -> None:
    assert configuration_directory() == ROOT / "config"


def test_a_named_directory_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path))
    assert configuration_directory() == tmp_path.resolve()


def test_a_named_directory_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / "gone"))
    with pytest.raises(ConfigurationError, match=r"gone: there is no such directory\. Name a directory"):
        configuration_directory()


def test_broken_yaml_is_said_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("a: 1\nb:\n\t- 2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"broken\.yaml line 3: not valid YAML"):
        configuration.load_yaml(path)


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
    (copy / "templates" / "more.yaml").write_text("a: 1\n", encoding="utf-8")
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
