"""The page of reference: it is what the code says, and it names everything there is to type."""

from __future__ import annotations

import typer

from crawler.cli import app
from crawler.reference import commands, reference
from tests.conftest import ROOT


def test_the_page_is_not_stale() -> None:
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert page == reference(), "run `python -m crawler.reference > docs/reference.md`"


def test_every_command_and_option_is_explained() -> None:
    page = reference()
    found = dict(commands(typer.main.get_command(app), "gongkai"))
    assert {"gongkai crawl", "gongkai portals check", "gongkai cat"} <= found.keys()
    for name, command in found.items():
        section = page.partition(f"### `{name}`\n")[2].partition("### `")[0]
        assert command.help, name
        for parameter in command.params:
            assert parameter.help, f"{name}: {parameter.name}"
            assert parameter.help.split("\n")[0] in section, f"{name}: {parameter.name}"
            assert all(f"`{word}" in section or f"/ {word}" in section for word in parameter.opts if word[0] == "-")
