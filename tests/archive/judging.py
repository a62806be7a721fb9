"""The verdict on one file, by the way that the commands judge files."""

from __future__ import annotations

from pathlib import Path

from archive.verify.files import verify_files
from archive.verify.verdict import FileVerdict


def verdict_on(path: str | Path) -> FileVerdict:
    (verdict,) = verify_files([path])
    return verdict
