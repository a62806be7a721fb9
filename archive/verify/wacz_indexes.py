"""What a WACZ package says of its archive files: its pages, and its indexes.

Replay trusts both: a page without a time is not shown, and an index line that leads to no record gives nothing, though
every byte of the archive is right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from typing import IO

from archive.verify.cdx import verify_cdx
from archive.verify.verdict import FileVerdict
from archive.warc.problem import Problem
from archive.warc.streams.base import GZIP_MAGIC

INDEXES = (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")
_LONGEST = 1 << 24
_PLACE = re.compile(rb'"filename":\s*"([^"\\]+)"')
_OFFSET = re.compile(rb'"offset":\s*"?(\d{1,18})(?!\d)')

Offsets = Mapping[str, Container[int] | None]
"""Where records begin, by the archive file's own name; None where that is not known for certain."""


def check_pages(pages: IO[bytes], name: str, verdict: FileVerdict) -> None:
    """Each line but the first is a page, and has an address and a time."""
    number = 0
    while line := pages.readline(_LONGEST):
        number += 1
        if not line.strip():
            continue
        try:
            page = json.loads(line)
        except (ValueError, RecursionError):
            _say(verdict, f"{name} line {number}: the JSON cannot be read")
            continue
        if isinstance(page, dict) and "format" in page and number == 1:
            continue
        missing = [key for key in ("url", "ts") if not isinstance(page, dict) or not page.get(key)]
        if missing:
            _say(verdict, f"{name} line {number}: the page has no {' and no '.join(missing)}")


def check_index(index: IO[bytes], name: str, archives: Offsets, verdict: FileVerdict) -> None:
    """Each line can be read and leads to a record of the package."""
    inner = FileVerdict(name)
    verify_cdx(index, inner, lambda line: _leads(line, archives))  # type: ignore[arg-type]  # it can seek
    for finding in inner.problems:
        if finding.code != "index-file":
            verdict.add(Problem(finding.code, finding.level, f"{name}: {finding.message}"))


def _leads(line: bytes, archives: Offsets) -> str | None:
    """Why a line leads to no record; None when it does, or says no place."""
    file, offset = _PLACE.search(line), _OFFSET.search(line)
    if file is None or offset is None:
        return None
    name = file[1].decode("utf-8", "replace").rpartition("/")[2]
    if name not in archives:
        return f"no file of the package is called {name[:120]!r}"
    known = archives[name]
    return None if known is None or int(offset[1]) in known else f"no record of {name} begins at {int(offset[1])}"


def check_name(name: str, first: bytes, verdict: FileVerdict) -> None:
    """A compressed archive file says so in its name."""
    if first.startswith(GZIP_MAGIC) and not name.endswith(".gz"):
        message = f"{name} is compressed, so its name has to end in .gz"
        verdict.add(Problem("misplaced-archive", "note", message))  # "MUST", and readers look at the bytes


def _say(verdict: FileVerdict, message: str) -> None:
    verdict.add(Problem("bad-line", "nonconformant", message))
