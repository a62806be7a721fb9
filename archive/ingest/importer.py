"""Taking in WARC, ARC and WACZ files that others made (wget, browsertrix, warcprox, pywb, Heritrix, ...).

A file is verified first and refused when it is damaged. A WARC file whose records can be read by offset is copied as it
is, byte for byte. What cannot be read by offset (several records in one compressed member, zstd, damage that the
operator accepts) is written anew record by record, each record's own bytes kept; ARC records become WARC records that
say where they came from. Who took in what, from where and with which verdict is archived as an act before the file
appears.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import IO, BinaryIO

from isal import igzip_lib, isal_zlib

from archive.acts import new_act, record_acts, settle_acts, standing
from archive.errors import DamagedWarc, Refused, WarcError
from archive.home import Home, has_index
from archive.ingest.record_ids import colliding, renamed
from archive.metadata import ActMetadata
from archive.storage.open import open_storage
from archive.storage.recover import made_up
from archive.verify.file import detect, verify_open_file
from archive.verify.links import resolve_links
from archive.verify.verdict import FileVerdict
from archive.verify.wacz import open_archives
from archive.warc import build, seal
from archive.warc.arc import ArcFrame, is_address, read_arc
from archive.warc.build import Draft, warc_date
from archive.warc.framing import IN_MEMORY, Frame, Framer
from archive.warc.read import open_regular, scan
from archive.warc.seal import Seal

PREFIX = "import"
_PIECE = 1 << 20
_LEVEL = 2
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+\-]+/[A-Za-z0-9.+\-]+(?:;[ -~]*)?")
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAMESPACE = uuid.UUID("5f0f6a62-5d0b-5c1e-9a4e-3d6f6f1d2b11")  # of the ids that ARC records are given
_LONGEST_NAME = 150  # characters; file systems take 255 bytes, and prefix, number and ".plain.seal" are added
_NOT_BY_OFFSET = frozenset({"many-records-in-one-member", "record-spans-members", "empty-member"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file.

    Attributes:
        origin: as it was named.
        files: names in the archive.
        records: how many are in them.
        verdict: of the file as it was given.
        made_up: its captures were not obtained from the named hosts, and the mark is kept.
        known: it had been taken in before; nothing was done.
    """

    origin: str
    files: tuple[str, ...]
    records: int
    verdict: FileVerdict = field(repr=False)
    made_up: bool = False
    known: bool = False


def import_file(home: Home, path: Path, *, force: bool = False, who: str | None = None) -> Imported:
    """Take a file into the archive.

    Args:
        home: into which.
        path: a WARC, ARC or WACZ file.
        force: take it in although it is damaged (its whole records) or made up (the mark is kept).
        who: is responsible; default the user.

    Raises:
        Refused: damaged, or made up and the home is a real one.
        WarcError: it cannot be read, or the disk is full. Nothing of it is in the archive then.
    """
    try:
        with open_regular(path) as file:
            return _Import(home, path, file, force=force, who=who).run()
    except OSError as error:
        raise WarcError(f"cannot be taken in ({error.strerror or error})", subject=str(path)) from error


def is_made_up(home: Home) -> bool:
    """Whether a home holds made-up captures only (a demonstration's home); an empty one is a real one."""
    seals = [sealed for name, sealed in seal.read_seals(home.warc).items() if not name.startswith("acts-")]
    return bool(seals) and all(sealed.made_up for sealed in seals)


@dataclass(slots=True)
class _Made:
    name: str
    path: Path
    records: int


class _Import:
    def __init__(self, home: Home, path: Path, file: BinaryIO, *, force: bool, who: str | None) -> None:
        self.home, self.path, self.file, self.force, self.who = home, path, file, force, who
        self.sha256 = seal.sha256_of(file)
        self.format = detect(file, path.name)
        self.renamed = 0

    def run(self) -> Imported:
        verdict = self._judge()
        earlier = self._earlier()
        if earlier:
            return Imported(str(self.path), earlier, verdict.records, verdict, known=True)
        made: list[_Made] = []
        marked = False
        with tempfile.TemporaryDirectory(prefix=".import-", dir=self.home.warc) as directory:
            for name, archive in self._archives():
                with archive:
                    marked = self._made_up(archive) or marked
                    made.append(self._take(Path(directory), name, archive, verdict))
            made = [one for one in made if one.records]
            if not made:
                raise Refused("holds no whole record", subject=str(self.path), advice="There is nothing to take in")
            self._record(made, verdict, marked=marked)
            for one in made:
                self._place(one, marked=marked)
        records = sum(one.records for one in made)
        return Imported(str(self.path), tuple(one.name for one in made), records, verdict, made_up=marked)

    def _judge(self) -> FileVerdict:
        if self.format not in {"warc", "arc", "wacz"}:
            raise Refused("is no WARC, ARC or WACZ file", subject=str(self.path), advice="Name an archive file")
        verdict = verify_open_file(self.file, name=self.path.name, shown=str(self.path))
        resolve_links([verdict])
        verdict.finish()
        if verdict.verdict == "damaged" and not self.force:
            worst = next(problem for problem in verdict.problems if problem.level == "damaged")
            raise Refused(
                f"is damaged ({worst.code}: {worst.message})",
                subject=str(self.path),
                advice="See all of it with `gongkai verify`; --force takes in the whole records that are left",
            )
        return verdict

    def _earlier(self) -> tuple[str, ...]:
        """Its files that are in the archive, where they are all that it gives: a kill may have come between two."""
        seals = seal.read_seals(self.home.warc)
        names = sorted(name for name, sealed in seals.items() if sealed.imported == self.sha256)
        if not names:
            return ()
        there = {stored.name for stored in open_storage(self.home).files()}
        if not there.issuperset(names):
            return ()
        if self.format == "wacz":
            with open_archives(self.file) as archives:
                full = sum(1 for _, archive in archives if _holds_records(archive))
            if full > len(names):
                return ()
        return tuple(names)

    def _archives(self) -> Iterator[tuple[str, IO[bytes]]]:
        self.file.seek(0)
        if self.format == "wacz":
            with open_archives(self.file) as archives:
                yield from archives
        else:
            with self.path.open("rb") as again:
                yield self.path.name, again

    def _made_up(self, archive: IO[bytes]) -> bool:
        archive.seek(0)
        if detect(archive) != "warc":  # type: ignore[arg-type]  # it can seek
            return False
        archive.seek(0)
        if not made_up(scan(archive, name=self.path.name)):  # type: ignore[arg-type]
            return False
        if not self.force and not is_made_up(self.home):
            raise Refused(
                "its captures were not obtained from the hosts that they name (made with --connect-to)",
                subject=str(self.path),
                advice="Take it into a home of its own, or use --force: the mark is kept",
            )
        return True

    def _take(self, directory: Path, name: str, archive: IO[bytes], verdict: FileVerdict) -> _Made:
        stem = _SAFE.sub("-", name.rpartition("/")[2][-_LONGEST_NAME:]).strip("-.") or "file"
        base = f"{PREFIX}-{self.sha256[:12]}-{stem}"
        if any(one.name.startswith(base.partition(".")[0] + ".") for one in directory.iterdir()):
            # a package may hold several files of one name, in different folders or packages within it
            base = f"{PREFIX}-{self.sha256[:12]}-{len(list(directory.iterdir())) + 1}-{stem}"
        kind = detect(archive, name)  # type: ignore[arg-type]
        archive.seek(0)
        if kind == "arc":
            return _convert_arc(directory, base, archive, self.path.name, self.sha256)
        codes = {problem.code for problem in verdict.problems if problem.level == "damaged"}
        codes |= {problem.code for problem in verdict.problems} & _NOT_BY_OFFSET
        repeated = any(problem.code == "duplicate-record-id" for problem in verdict.problems)
        new_ids = colliding(archive, self.home, self.sha256, repeated=repeated)  # type: ignore[arg-type]  # it can seek
        archive.seek(0)
        self.renamed += len(new_ids)
        if codes or new_ids or stem.endswith(".zst"):
            return _rewrite(directory, base, archive, new_ids)
        if not base.endswith((".warc", ".warc.gz")):
            archive.seek(0)
            base += ".warc.gz" if archive.read(2) == b"\x1f\x8b" else ".warc"
            archive.seek(0)
        return _copy(directory, base, archive) or _rewrite(directory, base, archive, {})

    def _record(self, made: list[_Made], verdict: FileVerdict, *, marked: bool) -> None:
        """The act: who took in what, from where, and how it was found."""
        facts = {
            "origin": self.path.name,
            "format": self.format,
            "sha256": self.sha256,
            "size": self.path.stat().st_size,
            "verdict": verdict.verdict,
            "problems": sorted({f"{problem.level}: {problem.code}" for problem in verdict.problems}),
            "files": [{"file": one.name, "records": one.records} for one in made],
            "made_up": marked,
            "renamed": self.renamed,
        }
        decision = "forced" if verdict.verdict == "damaged" or (marked and not is_made_up(self.home)) else "accepted"
        act = new_act("import", made[0].name, decision, who=self.who, evidence=f"sha256:{self.sha256}", facts=facts)
        if not self._is_told(act):
            record_acts(self.home, [act])

    def _is_told(self, act: ActMetadata) -> bool:
        """Whether an import that was broken off has archived its act already."""
        from archive.database import open_database

        if settle_acts(self.home):
            from archive.index.indexer import index

            index(self.home)
        if not has_index(self.home):
            return False
        with open_database(self.home) as database, database.session() as session:
            return standing(session, act) is not None

    def _place(self, one: _Made, *, marked: bool) -> None:
        target = self.home.warc / one.name
        if target.exists():
            return  # from an import that was broken off
        with one.path.open("r+b") as file:
            sha256 = seal.sha256_of(file)
            os.fsync(file.fileno())
        made = Seal(
            file=one.name,
            sha256=sha256,
            size=one.path.stat().st_size,
            records=one.records,
            sealed_at=warc_date(),
            previous=seal.heads(seal.read_seals(self.home.warc)),
            made_up=marked,
            imported=self.sha256,
        )
        earlier = seal.read_seals(self.home.warc).get(one.name)
        if earlier is None or earlier.sha256 != sha256:  # else it was broken off before the rename
            key = seal.signing_key()
            seal.write_seal(self.home.warc, made.signed(key) if key is not None else made)
        one.path.rename(target)
        seal.sync_directory(self.home.warc)


def _holds_records(archive: IO[bytes]) -> bool:
    with archive:
        kind = detect(archive)  # type: ignore[arg-type]  # it can seek
        archive.seek(0)
        reader = read_arc if kind == "arc" else Framer
        return any(True for _ in reader(archive, lambda _: None))  # type: ignore[arg-type]


def _copy(directory: Path, base: str, archive: IO[bytes]) -> _Made | None:
    """The file as it is; None when a record does not say its length, because then it cannot be read by offset."""
    target = directory / base
    with target.open("wb") as out:
        shutil.copyfileobj(archive, out, _PIECE)
    with target.open("rb") as file:
        framer = Framer(file, lambda _: None)
        if any(frame.declared is None for frame in framer):
            target.unlink()
            archive.seek(0)
            return None
    return _Made(base, target, framer.records)


def _rewrite(directory: Path, base: str, archive: IO[bytes], new_ids: dict[int, str]) -> _Made:
    """Each whole record in a gzip member of its own, its bytes as they are but for an id that means another record."""
    name = re.sub(r"(?:\.warc)?(?:\.gz|\.zst)?$", "", base) + ".warc.gz"
    target = directory / name
    records = start = 0
    framer = Framer(archive, lambda _: None)  # type: ignore[arg-type]  # it can seek
    last: Frame | None = None
    with target.open("wb") as out:
        for number, frame in enumerate(framer):
            head = renamed(frame.head, new_ids[number]) if number in new_ids else frame.head
            if last is not None:  # whether a record was intact is known when the next one has been found
                start, records = _keep(out, start, records, last)
            packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, 31)
            for piece in (head, *frame.pieces(), b"\r\n\r\n") if frame.declared is not None else ():
                out.write(packer.compress(piece))
            out.write(packer.flush())
            last = frame
        if last is not None:
            _, records = _keep(out, start, records, last)
    return _Made(name, target, records)


def _keep(out: BinaryIO, start: int, records: int, frame: Frame) -> tuple[int, int]:
    """Where the next record goes: behind this one, or over it when it was not intact."""
    if frame.intact:
        return out.tell(), records + 1
    out.seek(start)
    out.truncate()
    return start, records


def _convert_arc(directory: Path, base: str, archive: IO[bytes], origin: str, sha256: str) -> _Made:
    """ARC records as WARC records, each saying where it stood."""
    name = re.sub(r"(?:\.arc)?(?:\.gz)?$", "", base) + ".warc.gz"
    target = directory / name
    date = warc_date()
    info = build.warcinfo(
        {
            "software": f"gongkai/{version('gongkai')}",
            "description": f"Converted from the ARC file {origin} (SHA-256 {sha256})",
        },
        filename=name,
        date=date,
        record_id=_arc_id(sha256, "warcinfo"),
    )
    records = 1
    with target.open("wb") as out:
        out.write(_pack(info, None))
        for frame in read_arc(archive, lambda _: None):  # type: ignore[arg-type]
            draft = _arc_record(frame, origin, sha256)
            if draft is not None:
                out.write(_pack(draft, info.record_id))
                records += 1
    return _Made(name, target, records)


def _arc_record(frame: ArcFrame, origin: str, sha256: str) -> Draft | None:
    """None for a record that is not whole or too large to be held in memory; `_judge` has said so."""
    if not frame.whole or frame.block is None:
        if frame.whole:
            raise DamagedWarc(f"the record at offset {frame.offset} has more than {IN_MEMORY} bytes", subject=origin)
        return None
    moment = frame.moment
    date = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else warc_date()
    record_id = _arc_id(sha256, str(frame.offset))
    extra = [("Gongkai-Origin", f"{origin} offset {frame.offset}")]
    if moment is None:  # WARC-Date is then that of the conversion, and says so
        extra.append(("Gongkai-Unreadable-Date", ascii(frame.date)[1:-1]))
    known = frame.ip not in {"-", "0", "0.0.0.0"} and is_address(frame.ip)  # noqa: S104 - ARC's way to say unknown
    ip = frame.ip if known else None
    uri = frame.url
    if uri.startswith("filedesc:"):
        return build.metadata(frame.block, "text/plain", date=date, uri=uri, record_id=record_id, extra=extra)
    if frame.block[:5] == b"HTTP/":
        return build.response(uri, frame.block, date=date, record_id=record_id, ip=ip, extra=extra)
    media_type = frame.media_type if _MEDIA_TYPE.fullmatch(frame.media_type) else "application/octet-stream"
    return build.resource(uri, frame.block, media_type, date=date, record_id=record_id, extra=extra)


def _pack(draft: Draft, warcinfo_id: str | None) -> bytes:
    return bytes(
        igzip_lib.compress(b"".join((draft.head(warcinfo_id), draft.block, b"\r\n\r\n")), _LEVEL, igzip_lib.COMP_GZIP)
    )


def _arc_id(sha256: str, what: str) -> str:
    """ARC has no record ids; these are the same whenever and wherever the same file is taken in."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{sha256} {what}')}"
