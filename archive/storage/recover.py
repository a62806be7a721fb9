"""After a crash: seal what a dead writer left open, cut to its last whole record.

What a crash can leave is a file ``<name>.open`` whose end may be torn (see `archive.warc.write`). The torn tail is kept
beside it as ``<stem>.gz.torn-<n>``, never thrown away. A whole record is never touched: where whole records follow
damage, nothing is cut at all, because that is not what a crash leaves. The file of a writer that lives is locked and
left alone. Running it twice, or two of it at once, does no harm.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import Literal

from archive.errors import DamagedWarc, WarcError
from archive.home import Home
from archive.metadata import MADE_UP, CrawlMetadata, understood
from archive.warc import seal
from archive.warc.build import warc_date
from archive.warc.framing import Framer
from archive.warc.read import OPEN_SUFFIX, Record, scan
from archive.warc.seal import Seal

State = Literal["sealed", "in_use", "emptied", "damaged"]
"""What the warcinfo of captures through ``--connect-to`` says in its description."""

_PIECE = 1 << 20
_FIRST_RECORDS = 8


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of one open file.

    Attributes:
        file: its name, without ``.open``.
        state: ``sealed``; ``in_use`` (its writer lives, nothing done); ``emptied`` (no whole record was in it, all
            was put aside); ``damaged`` (sealed as it is: whole records stand behind damage, so nothing was cut).
        records: whole records in it.
        torn: bytes put aside.
        torn_file: where they are.
    """

    file: str
    state: State
    records: int = 0
    torn: int = 0
    torn_file: str | None = None


def recover_directory(
    home: Home | Path, *, prefix: str = "", progress: Callable[[str], None] | None = None
) -> list[Recovered]:
    """Recover every open file of a home (or of a directory of WARC files) whose name begins with ``prefix``.

    Raises:
        WarcError: the disk is full or fails. What is done so far stands; run it again.
    """
    directory = home.warc if isinstance(home, Home) else home
    recovered = []
    for path in sorted(directory.glob(f"{prefix}*{OPEN_SUFFIX}")):
        if progress is not None:
            progress(path.name)
        try:
            done = _recover(path)
        except OSError as error:
            raise WarcError(
                f"cannot be recovered ({error.strerror})", subject=str(path), advice="Make room, then run it again"
            ) from error
        if done is not None:
            recovered.append(done)
    for path in sorted(directory.glob(".*.new")):
        _remove_unborn(path)
    return recovered


def is_being_written(path: Path) -> bool:
    """Whether the writer of an open file lives: it holds a lock that the kernel gives up with it, however it ends."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def made_up(records: Iterator[Record]) -> bool:
    """Whether the first records of a file say that its captures were not obtained from the named hosts."""
    try:
        for _, record in zip(range(_FIRST_RECORDS), records, strict=False):
            if record.type == "warcinfo" and MADE_UP in record.block.decode("utf-8", "replace").lower():
                return True
            if record.type == "metadata" and isinstance(payload := understood(record.block), CrawlMetadata):
                return payload.made_up
    except DamagedWarc:
        pass  # what can be read says nothing of the kind
    return False


def _recover(path: Path) -> Recovered | None:
    name = path.name.removesuffix(OPEN_SUFFIX)
    with _locked(path) as file:
        if file is None:
            return Recovered(name, "in_use") if path.exists() else None
        framer = Framer(file, lambda _: None)  # what is wrong is for `gongkai verify` to say
        for _ in framer:
            pass
        whole, behind_damage = framer.whole, framer.whole_behind_damage
        size = file.seek(0, os.SEEK_END)
        cut = framer.whole_to if not behind_damage else size
        torn_file = _put_aside(path, name, file, cut, size) if cut < size else None
        if not cut:
            path.unlink()
            seal.sync_directory(path.parent)
            return Recovered(name, "emptied", 0, size, torn_file)
        if cut < size:
            os.ftruncate(file.fileno(), cut)
        os.fsync(file.fileno())
        _seal(path, name, file, records=whole + behind_damage, torn=size - cut)
        return Recovered(name, "damaged" if behind_damage else "sealed", whole + behind_damage, size - cut, torn_file)


@contextmanager
def _locked(path: Path) -> Iterator[BufferedRandom | None]:
    """The file, locked; None when its writer (or another recovery) holds it or has finished with it."""
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        # between opening and locking another recovery may have sealed it: then the name is gone or another file's
        try:
            same = os.path.samestat(path.stat(), os.fstat(file.fileno()))
        except FileNotFoundError:
            same = False
        yield file if same else None


def _put_aside(path: Path, name: str, file: BufferedRandom, start: int, end: int) -> str:
    """Copy the torn tail into a file of its own; a copy that an interrupted recovery left is used again."""
    file.seek(start)
    tail = seal.sha256_of(file)
    number = 1
    while (target := path.with_name(f"{seal.beside(name)}.torn-{number}")).exists():
        if target.stat().st_size == end - start and _sha256(target) == tail:
            return target.name
        number += 1
    temporary = target.with_name(f".{target.name}.tmp")
    with temporary.open("wb") as aside:
        file.seek(start)
        while piece := file.read(_PIECE):
            aside.write(piece)
        aside.flush()
        os.fsync(aside.fileno())
    temporary.rename(target)
    seal.sync_directory(path.parent)
    return target.name


def _seal(path: Path, name: str, file: BufferedRandom, *, records: int, torn: int) -> None:
    file.seek(0)
    sha256 = seal.sha256_of(file)
    size = file.tell()
    target = path.with_name(name)
    existing = seal.seal_path(target)
    if existing.exists() and _fits(existing, sha256):
        made = None  # the writer died between its seal and the rename: only the rename is left to do
    else:
        seals = {key: value for key, value in seal.read_seals(path.parent).items() if key != name}
        made = Seal(
            file=name,
            sha256=sha256,
            size=size,
            records=records,
            sealed_at=warc_date(),
            previous=seal.heads(seals),
            made_up=made_up(scan(path)),
            recovered=torn,
        )
        key = seal.signing_key()
        seal.write_seal(path.parent, made.signed(key) if key is not None else made)
    path.rename(target)
    seal.sync_directory(path.parent)


def _fits(path: Path, sha256: str) -> bool:
    try:
        return Seal.read(path).sha256 == sha256
    except WarcError:
        return False


def _remove_unborn(path: Path) -> None:
    """A file that its writer died over before its first records were in it: nobody was ever told of it."""
    with _locked(path) as file:
        if file is not None:
            path.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return seal.sha256_of(file)
