"""Something wrong with a file: what it is, how much it weighs, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Level = Literal["note", "nonconformant", "damaged"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place in a file. ``code`` is a stable word (docs/warc.md lists them)."""

    code: str
    level: Level
    message: str
    offset: int | None = None
    record_id: str | None = None


Reporter = Callable[[Problem], None]
