"""The page of reference: every command with its options, and every signature, written from the code and the facts.

``python -m crawler.reference > docs/reference.md``; a test fails when the page is stale.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import Any

import typer

from archive.signatures import load_signatures

_HEAD = """# Reference

Written by `python -m crawler.reference > docs/reference.md`: change the code or the facts, not this.

Results go to stdout, messages and progress to stderr. Every command ends with one of these statuses:

| status | meaning |
|---|---|
| 0 | done |
| 1 | done, with failures that the output names |
| 2 | the command line or the configuration is wrong |
| 3 | refused: a lock is held, the archive is damaged, the disk or the database does not take it |
| 130 | interrupted; nothing is lost |
"""


def reference() -> str:
    """The page as Markdown."""
    from crawler.cli import app

    parts = [_HEAD, "## Commands\n"]
    for name, command in commands(typer.main.get_command(app), "gongkai"):
        parts.append(f"### `{name}`\n\n{_prose(command.help)}\n")
        rows = [_row(parameter) for parameter in command.params]
        parts.append("\n".join(["| | meaning |", "|---|---|", *rows]) + "\n" if rows else "")
    parts.append("## Signatures\n\nWhat tells an answer that is not the portal's own (`config/signatures.yaml`).\n")
    rows = [f"| `{one.id}` | {one.verdict} | {one.product or ''} |" for one in load_signatures().entries]
    parts.append("\n".join(["| signature | verdict | what it is |", "|---|---|---|", *rows]))
    return "\n".join(part for part in parts if part) + "\n"


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """All commands below one, with their whole names."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for key, value in inner.items():
        yield from commands(value, f"{name} {key}")


def _prose(text: str | None) -> str:
    return inspect.cleandoc(text or "")


def _row(parameter: Any) -> str:
    named = parameter.metavar or parameter.name.upper()
    if parameter.param_type_name != "argument":
        words = [*parameter.opts, *parameter.secondary_opts]
        named = " / ".join(words) + ("" if parameter.is_flag else f" {parameter.metavar or '...'}")
    return f"| `{named}` | {_prose(parameter.help)} |"


if __name__ == "__main__":
    sys.stdout.write(reference())
