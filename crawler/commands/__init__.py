"""The commands, one module per command, or per few that belong together.

    demo crawl portals parse index     collecting, reading, and the database as a whole
    reports show export captures       reports as they stand now, and what was captured
    history                            what changed: history, diff, changes
    checks prove decisions             what can be trusted, and what people decide
    warc                               files

Each module has ``register(app)`` and imports what it needs inside its functions, so that ``gongkai --help`` starts at
once.
"""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add every group of commands to ``app``, in the order in which help shows them."""
    import importlib

    for name in MODULES:
        importlib.import_module(f"crawler.commands.{name}").register(app)


MODULES: tuple[str, ...] = (
    "demo", "crawl", "portals", "parse", "index", "reports", "captures", "history", "export", "show", "checks", "prove",
    "decisions", "warc",
)  # fmt: skip
