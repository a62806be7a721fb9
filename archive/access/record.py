"""Looking at single records with an implementation that is not ours: warcio.

What `gongkai cat` and `prove` show was written by `archive.warc.write` and is read back here by warcio, so that a
mistake in our own framing cannot hide itself. warcio is asked for exact bytes only (``no_record_parse``): its decoding
fails on brotli and takes chunks for content, so bodies are decoded by `archive.warc.http`.
"""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import cast

from warcio.archiveiterator import ArchiveIterator

from archive.errors import DamagedWarc, NotFound, StorageError, WarcError
from archive.home import Home, has_index
from archive.storage.open import open_storage, scan_stored
from archive.warc.read import OPEN_SUFFIX, ByteRanges, Record, bare
from archive.warc.values import BEYOND, number_of

_SHORTEST = 8


def find_record(capture: str, home: Home | None) -> Record:
    """The record that ``capture`` names.

    Args:
        capture: a record id (also without ``urn:uuid:``, or its first eight characters or more), or ``FILE:OFFSET``
            with a file of the home or any other.
        home: where to look for ids and plain file names.

    Raises:
        NotFound: there is none.
        DamagedWarc: what is there is not a whole record.
    """
    file, colon, offset = capture.rpartition(":")
    if colon and offset.isascii() and offset.isdigit() and not file.startswith("urn"):
        if (place := number_of(offset)) is None or place == BEYOND:
            raise NotFound("no file is that long", subject=capture, advice="`gongkai verify` says where records are")
        return _by_place(file, place, home)
    if home is None:
        raise NotFound("a record id needs an archive to look in", subject=capture, advice="Name a --home")
    return _by_id(bare(capture.strip()), home)


def read_exactly(where: Path | ByteRanges, file: str, offset: int, length: int) -> Record:
    """The record at a place, read by warcio.

    Raises:
        DamagedWarc: those bytes are not one whole record.
    """
    if isinstance(where, Path):
        where = open_storage(where)
    data = where.read_range(file, offset, length)
    return _parse(io.BytesIO(data), file, offset, len(data))


def content_of(record: Record, home: Home | None) -> bytes:
    """The page or file itself, all codings removed; of a revisit that of the capture it refers to.

    Raises:
        NotFound: the original is not in the archive, or revisits refer to each other in a circle.
    """
    passed: list[str] = []
    while record.type == "revisit":
        original = bare(record.header("WARC-Refers-To") or "") or (_found(record, home) if home is not None else None)
        if home is None or not original:
            raise NotFound("is a revisit whose original cannot be looked up", subject=record.id, advice="Use --block")
        passed.append(record.id)
        if original in passed:
            raise NotFound(
                "is a revisit that refers to itself" if len(passed) == 1 else "is a revisit in a circle of revisits",
                subject=passed[0],
                advice="No record holds its content; --block shows what there is",
            )
        record = find_record(original, home)
    return record.http().content() if record.is_http else record.block


def _found(record: Record, home: Home) -> str | None:
    """The original that the index found for a revisit that does not say its id."""
    from archive.access.captures import Captures
    from archive.database import open_database

    if not has_index(home):
        return None
    with open_database(home) as database, suppress(NotFound):
        return Captures(database, open_storage(home)).get(record.id).original
    return None


def _by_place(file: str, offset: int, home: Home | None) -> Record:
    path = Path(file)
    if not path.exists() and home is not None and path.name == file:
        path = next((one for one in (home.warc / file, home.warc / (file + OPEN_SUFFIX)) if one.exists()), path)
    if not path.exists() and home is not None and path.name == file:
        try:
            far = open_storage(home).open(file)
        except StorageError:
            raise
        except WarcError as error:
            raise NotFound("cannot be read (no such file)", subject=file, advice="Check the name") from error
        with far:
            far.seek(offset)
            return _parse(cast("io.BufferedIOBase", far), file, offset, None)
    try:
        with path.open("rb") as opened:
            opened.seek(offset)
            return _parse(opened, path.name.removesuffix(OPEN_SUFFIX), offset, None)
    except OSError as error:
        raise NotFound(f"cannot be read ({error.strerror})", subject=file, advice="Check the name") from error


def _by_id(capture: str, home: Home) -> Record:
    place = _indexed(capture, home) or _searched(capture, home)
    record = read_exactly(open_storage(home), *place)
    wanted = capture.removeprefix("urn:uuid:")
    if not record.id.removeprefix("urn:uuid:").startswith(wanted):
        raise DamagedWarc(f"another record ({record.id}) lies there", subject=place[0], advice="Run `gongkai verify`")
    return record


def _indexed(capture: str, home: Home) -> tuple[str, int, int] | None:
    """Where the index says it lies; only captures are in the index."""
    from archive.access.captures import Captures
    from archive.database import open_database

    if not has_index(home):
        return None
    try:
        with open_database(home) as database:
            found = Captures(database, open_storage(home)).get(capture)
            return found.warc_file, found.offset, found.length
    except NotFound:
        return None


def _searched(capture: str, home: Home) -> tuple[str, int, int]:
    """Look through all files: requests and metadata are in no index."""
    wanted = capture.removeprefix("urn:uuid:")
    found: list[Record] = []
    if len(wanted) >= _SHORTEST:
        storage = open_storage(home)
        for stored in storage.files():
            records = scan_stored(storage, stored.name)
            found += (record for record in records if record.id.removeprefix("urn:uuid:").startswith(wanted))
    if not found:
        raise NotFound(
            "is in no file of the archive", subject=capture, advice="`gongkai captures URL` lists the captures"
        )
    if len({record.id for record in found}) > 1:
        raise NotFound(f"fits {len(found)} records", subject=capture, advice="Give more of the id")
    return found[0].file, found[0].offset, found[0].length


def _parse(file: io.BufferedIOBase, name: str, offset: int, length: int | None) -> Record:
    try:
        found = next(iter(ArchiveIterator(file, no_record_parse=True)))
        block = found.raw_stream.read()
        declared = found.rec_headers.get_header("Content-Length")
    except Exception as error:
        raise _no_record(name, offset) from error
    if found.format != "warc" or declared is None:
        raise _no_record(name, offset)
    if number_of(declared) != len(block):
        raise DamagedWarc(f"the record at offset {offset} has {len(block)} bytes, not {declared}", subject=name)
    headers = tuple((str(key), str(value)) for key, value in found.rec_headers.headers)
    uri = found.rec_headers.get_header("WARC-Target-URI")
    return Record(
        type=str(found.rec_type or ""),
        id=bare(found.rec_headers.get_header("WARC-Record-ID") or ""),
        date=found.rec_headers.get_header("WARC-Date") or "",
        uri=bare(uri) if uri else None,
        headers=headers,
        block=block,
        file=name,
        offset=offset,
        length=length or 0,
        version=str(found.rec_headers.protocol).rpartition("/")[2],
    )


def _no_record(name: str, offset: int) -> DamagedWarc:
    return DamagedWarc(f"no record begins at offset {offset}", subject=name, advice="Try `gongkai verify`")
