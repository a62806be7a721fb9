"""The commands, one module per group.

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
    "demo", "crawl", "portals", "parse", "index", "records", "show", "checks", "corrections", "files",
)  # fmt: skip
