"""Reading records: a whole file in order, or one record by its place (a byte range, local or remote).

Both give the bytes of the block as they are archived and refuse a record that is not whole. Scanning stands on
`archive.warc.framing`, which is as fast as FastWARC here (docs/warc.md), looks at every gzip trailer, gives the lengths
of records, and reads what FastWARC refuses: folded fields, ``warc/1.0`` in small letters.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BufferedReader
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from archive.errors import DamagedWarc, WarcError
from archive.warc.framing import Frame, Framer
from archive.warc.http import HttpMessage
from archive.warc.location import RecordLocation
from archive.warc.problem import Problem, Reporter
from archive.warc.values import number_of, wire_uri

_HEAD = 1 << 14
_ZSTD = b"\x28\xb5\x2f\xfd"
_HEAD_END = re.compile(rb"\n\r?\n")
OPEN_SUFFIX = ".open"
"""What the name of a file ends in until it is sealed."""


class ByteRanges(Protocol):
    """Where sealed files lie (`archive.storage.base.Storage`)."""

    def read_range(self, file: str, offset: int, length: int) -> bytes:
        """``length`` bytes of ``file`` from ``offset``."""


@dataclass(frozen=True, slots=True)
class Record:
    """One archived record.

    Attributes:
        type: ``WARC-Type`` in lower case.
        id: ``WARC-Record-ID`` without angle brackets (``urn:uuid:...``).
        date: ``WARC-Date`` as written.
        uri: ``WARC-Target-URI`` without angle brackets (WARC 1.0 files of some makers have them), or None. Bytes that
            are no UTF-8 are percent escapes in it.
        headers: all fields in order, as written.
        block: the record block.
        file: name of the file.
        offset: where the record (its gzip member) begins in the file, in bytes.
        length: how many bytes it takes there.
        version: of the WARC format, as its first line says.
        first: the first value of each field by its name in lower case, where that is known already.
    """

    type: str
    id: str
    date: str
    uri: str | None
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    block: bytes = field(repr=False)
    file: str
    offset: int
    length: int
    version: str = "1.1"
    first: Mapping[str, str] | None = field(default=None, repr=False, compare=False)

    def header(self, name: str) -> str | None:
        """First value of a WARC field, whatever its letters' case, or None."""
        return _first(self.headers, name) if self.first is None else self.first.get(name.lower())

    def header_all(self, name: str) -> list[str]:
        """All values of a WARC field that may be repeated (``WARC-Concurrent-To``, ``WARC-Protocol``)."""
        wanted = name.lower()
        return [value for key, value in self.headers if key.lower() == wanted]

    @property
    def location(self) -> RecordLocation:
        """Where it lies."""
        return RecordLocation(record_id=self.id, file=self.file, offset=self.offset, length=self.length)

    @property
    def content_type(self) -> str:
        """``Content-Type`` of the block, or nothing."""
        return self.header("Content-Type") or ""

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message."""
        return self.content_type.lower().startswith("application/http") and bool(self.block)

    def http(self) -> HttpMessage:
        """The block as an HTTP message.

        Raises:
            WarcError: the block is something else.
        """
        if not self.is_http:
            raise WarcError(f"its block is {self.content_type or 'empty'}, not an HTTP message", subject=self.id)
        return HttpMessage.parse(self.block, cut=self.header("WARC-Truncated") is not None)


def scan(
    path: str | PathLike[str] | BinaryIO,
    *,
    types: Collection[str] | None = None,
    name: str = "",
    offset: int = 0,
    damage: Reporter | None = None,
) -> Iterator[Record]:
    """Records of a file in order, each with its place.

    Args:
        path: a WARC file, plain or compressed by record; or an open binary file.
        types: only these record types (their blocks alone are read into memory).
        name: what to call the file in the records; its own name otherwise.
        offset: of the record to begin with.
        damage: told of each damage; then only whole records are given, before it and behind it.

    Raises:
        DamagedWarc: ``damage`` is not given, and the file ends inside a record, or bytes between the records are none.
        WarcError: it cannot be read at all.
    """
    if isinstance(path, (str, PathLike)):
        with Path(path).open("rb") as file:
            yield from _scan(file, types, name or Path(path).name.removesuffix(OPEN_SUFFIX), offset, damage)
    else:
        yield from _scan(path, types, name or str(getattr(path, "name", "")), offset, damage)


def _scan(
    file: BinaryIO, types: Collection[str] | None, name: str, offset: int, damage: Reporter | None
) -> Iterator[Record]:
    def report(found: Problem) -> None:
        if found.level == "damaged" and damage is not None:
            damage(found)
        elif found.level == "damaged":
            raise DamagedWarc(
                f"{found.message} (offset {found.offset}, {found.code})",
                subject=name,
                advice="Look at it with `gongkai verify`",
            )

    framer = Framer(file, report, offset)
    pending: tuple[Frame, bytes] | None = None
    for frame in framer:
        if pending is not None and (damage is None or pending[0].intact):
            yield _placed(*pending, name)  # its length and its trailer are known only now
        pending = None
        if frame.declared is None:
            why = "it does not declare its length"
            if damage is None:
                raise _not_whole(name, frame.offset, why)
            frame.problem("missing-field", "damaged", why)
        elif types is None or frame.first.get("warc-type", "").lower() in types:
            pending = frame, frame.read()
    if pending is not None and (damage is None or pending[0].intact):
        yield _placed(*pending, name)
    if not framer.records and framer.stream.size:
        raise DamagedWarc("holds no WARC record", subject=name, advice="Look at it with `gongkai verify`")


def read_at(where: str | PathLike[str] | ByteRanges, file: str, offset: int, length: int) -> Record:
    """The record at a place.

    Args:
        where: the directory of the files, or the storage they lie in.
        file: name of the file; while it is being written its ``.open`` form is found too.
        offset: of the record (its gzip member) in the file.
        length: in bytes there.

    Raises:
        DamagedWarc: those bytes are not one whole record.
        WarcError: there is no such file.
    """
    data = (
        _read_local(Path(where), file, offset, length)
        if isinstance(where, (str, PathLike))
        else where.read_range(file, offset, length)
    )
    return parse(data, file=file, offset=offset)


def read_head(where: ByteRanges, file: str, offset: int) -> Record | None:
    """The header of the record at a place, with an empty block; None when none begins there.

    Reads a few kilobytes, however large the record is.

    Raises:
        WarcError: there is no such file.
    """
    data = where.read_range(file, offset, _HEAD)
    raw = _beginning(data)
    end = _HEAD_END.search(raw)
    if raw[:5].upper() != b"WARC/" or end is None:
        return None
    version = raw[5:16].split(b"\n")[0].decode("latin-1").strip()
    return _record(_fields(raw[: end.end()]), b"", file=file, offset=offset, version=version)


def parse(data: bytes, *, file: str = "", offset: int = 0) -> Record:
    """One whole record from its bytes in a file (a gzip member, a zstd frame or plain).

    Raises:
        DamagedWarc: the bytes are not one whole record.
    """
    raw = _uncompress(data, file, offset)
    head = _HEAD_END.search(raw)
    if raw[:5].upper() != b"WARC/" or head is None:
        raise _not_whole(file, offset, "no WARC header begins there")
    end = head.end()
    headers = _fields(raw[:end])
    declared = _declared_length(headers, file, offset)
    block = raw[end : end + declared]
    if len(block) != declared:
        raise _not_whole(file, offset, f"{declared} bytes are declared, {len(block)} there")
    if raw[end + declared :].strip(b"\r\n"):
        raise _not_whole(file, offset, "more follows than one record")
    version = raw[5:16].split(b"\n")[0].decode("latin-1").strip()
    return replace(_record(headers, block, file=file, offset=offset, version=version), length=len(data))


def open_regular(path: Path) -> BufferedReader:
    """Open a file that is read more than once. A pipe would wait for its writer, and cannot be read twice.

    Raises:
        OSError: it cannot be opened, or is something else than a file.
    """
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(number).st_mode
    if stat.S_ISREG(mode):
        # its name is then the path, not the number, and messages can say it
        return open(path, "rb", opener=lambda _path, _flags: number)
    os.close(number)
    raise OSError(errno.EINVAL, "it is a folder" if stat.S_ISDIR(mode) else "it is a pipe or a device, not a file")


def read_range(path: Path, offset: int, length: int) -> bytes:
    """``length`` bytes of a local file from ``offset``, whether it is sealed or still being written.

    Raises:
        FileNotFoundError: it is there under neither name.
        OSError: it cannot be read.
    """
    for candidate in (path, path.with_name(path.name + OPEN_SUFFIX)):
        try:
            return _read_part(candidate, offset, length)
        except FileNotFoundError:
            continue
    return _read_part(path, offset, length)  # it was sealed between the two looks


def _read_part(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb", buffering=0) as opened:
        opened.seek(offset)
        return _read_fully(opened, length)


def _read_local(directory: Path, file: str, offset: int, length: int) -> bytes:
    if Path(file).name != file:
        raise WarcError("is no plain file name", subject=file)
    path = directory / file
    try:
        return read_range(path, offset, length)
    except FileNotFoundError as error:
        advice = "`gongkai verify` lists what is missing"
        raise WarcError("is not in the archive", subject=str(path), advice=advice) from error


def _read_fully(file: Any, length: int) -> bytes:
    data: bytes = file.read(length)
    while len(data) < length and (more := file.read(length - len(data))):
        data += more
    return data


def _uncompress(data: bytes, file: str, offset: int) -> bytes:
    if data[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(31)
        try:
            raw = member.decompress(data)
        except zlib.error as error:
            raise _not_whole(file, offset, str(error)) from error
        if not member.eof or member.unused_data:
            raise _not_whole(file, offset, "its gzip member does not end where it should")
        return raw
    if data[:4] == _ZSTD:
        import zstandard

        try:
            return zstandard.ZstdDecompressor().decompressobj().decompress(data)
        except zstandard.ZstdError as error:
            raise _not_whole(file, offset, str(error)) from error
    return data


def _beginning(data: bytes) -> bytes:
    """As much of a record as the first bytes of its member give; nothing when they are none."""
    if data[:4] == _ZSTD:
        import zstandard

        with contextlib.suppress(zstandard.ZstdError):
            return zstandard.ZstdDecompressor().decompressobj().decompress(data)
        return b""
    if data[:2] != b"\x1f\x8b":
        return data
    with contextlib.suppress(zlib.error):
        return zlib.decompressobj(31).decompress(data)
    return b""


def _fields(head: bytes) -> tuple[tuple[str, str], ...]:
    fields: list[tuple[str, str]] = []
    for line in head.decode("utf-8", "surrogateescape").split("\n")[1:]:
        if line[:1] in {" ", "\t"} and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}".strip())
        elif ":" in line:
            name, _, value = line.partition(":")
            fields.append((name.strip(), value.strip()))
    return tuple(fields)


def _first(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def _declared_length(headers: tuple[tuple[str, str], ...], file: str, offset: int) -> int:
    length = _first(headers, "Content-Length") or ""
    declared = number_of(length)
    if declared is None:
        raise _not_whole(file, offset, "it does not declare its length")
    return declared


def _record(headers: tuple[tuple[str, str], ...], block: bytes, *, file: str, offset: int, version: str) -> Record:
    uri = _first(headers, "WARC-Target-URI")
    return Record(
        type=(_first(headers, "WARC-Type") or "").lower(),
        id=bare(_first(headers, "WARC-Record-ID") or ""),
        date=_first(headers, "WARC-Date") or "",
        uri=None if uri is None else wire_uri(bare(uri)),
        headers=headers,
        block=block,
        file=file,
        offset=offset,
        length=0,
        version=version,
    )


def bare(value: str) -> str:
    """A URI field's value without angle brackets."""
    return value[1:-1] if value[:1] == "<" and value[-1:] == ">" else value


def _placed(frame: Frame, block: bytes, name: str) -> Record:
    first = frame.first
    uri = first.get("warc-target-uri")
    return Record(
        type=first.get("warc-type", "").lower(),
        id=bare(first.get("warc-record-id", "")),
        date=first.get("warc-date", ""),
        uri=None if uri is None else wire_uri(bare(uri)),
        headers=tuple(frame.fields),
        block=block,
        file=name,
        offset=frame.offset,
        length=frame.end - frame.offset,
        version=frame.version,
        first=first,
    )


def _not_whole(file: str, offset: int, why: str) -> DamagedWarc:
    return DamagedWarc(
        f"there is no whole record at offset {offset} ({why})", subject=file, advice="Look at it with `gongkai verify`"
    )
