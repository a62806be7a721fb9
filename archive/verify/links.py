"""Links between records, over all files together: references into nothing, revisits without original, segments."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from archive.verify.segments import Segment, check_segments
from archive.verify.verdict import FileVerdict, Link
from archive.warc.framing import Framer
from archive.warc.problem import Level, Problem
from archive.warc.read import open_regular
from archive.warc.values import Digest


def resolve_links(verdicts: Iterable[FileVerdict], *, complete: Container[str] = ()) -> None:
    """Find references into nothing and revisits without original, over all files together.

    Args:
        verdicts: of the files.
        complete: files (as named in their verdicts) all of whose links must lead somewhere, because everything they
            refer to was kept together with them: a reference into nothing is then a defect, not a note, and so is a
            record id that another file has too (files that merely happen to be named together may be copies).
    """
    verdicts = list(verdicts)
    known: dict[str, FileVerdict] = {}
    captures: set[str] = set()
    payloads: dict[str, Digest] = {}
    for verdict in verdicts:
        for record_id, offset in verdict.contents.ids.items():
            other = known.setdefault(record_id, verdict)
            if other is not verdict and verdict.file in complete:
                message = f"the record id is in {Path(other.file).name} too"
                verdict.add(Problem("duplicate-record-id", "nonconformant", message, offset, record_id))
        captures |= verdict.contents.captures
        payloads |= verdict.contents.payloads
    _find_circles(verdicts)
    for verdict in verdicts:
        together = verdict.file in complete
        for link in verdict.contents.links:
            if not (link.target in known or link.target in captures):
                _orphan(verdict, link, complete=together)
            elif link.payload is not None:
                _compare_payloads(verdict, link, payloads.get(link.target))
        verdict.contents.links.clear()
    _join_segments(verdicts, known)


def _join_segments(verdicts: list[FileVerdict], known: Container[str]) -> None:
    owners = {id(segment): verdict for verdict in verdicts for segment in verdict.contents.segments}
    pieces = [segment for verdict in verdicts for segment in verdict.contents.segments]
    unsound = {found.record_id for verdict in owners.values() for found in verdict.problems if "digest" in found.code}

    def read(piece: Segment) -> Iterator[bytes]:
        with open_regular(Path(owners[id(piece)].file)) as file:
            frame = next(iter(Framer(file, lambda _: None, piece.offset)), None)
            if frame is None or (frame.offset, frame.record_id) != (piece.offset, piece.record_id):
                raise OSError("it lies within another file")
            yield from frame.pieces()

    for piece, finding in check_segments(pieces, known, read, unsound):
        owners[id(piece)].add(finding)


def _find_circles(verdicts: Iterable[FileVerdict]) -> None:
    """A revisit stands for the content of another record; in a circle no record holds it."""
    revisits = {
        link.record_id: (verdict, link)
        for verdict in verdicts
        for link in verdict.contents.links
        if link.kind == "original" and link.record_id
    }
    ends: dict[str, bool] = {}  # whether the way from a revisit comes to an end
    for first in revisits:
        way: list[str] = []
        at = first
        while at in revisits and at not in ends:
            ends[at] = False
            way.append(at)
            at = revisits[at][1].target
        circle = way[way.index(at) :] if at in way else []
        for record_id in way:
            ends[record_id] = not circle and ends.get(at, True)
            if ends[record_id]:
                continue
            verdict, link = revisits[record_id]
            message = "it refers to itself" if circle == [record_id] else "revisits refer to each other in a circle"
            finding = Problem(
                "revisit-circle", "nonconformant", f"{message}: no record holds its content", link.offset, record_id
            )
            verdict.add(finding)


def _compare_payloads(verdict: FileVerdict, link: Link, original: Digest | None) -> None:
    """A revisit by payload digest says that its payload is the original's."""
    digest = link.payload
    if original is None or digest is None or original.algorithm != digest.algorithm or original.value == digest.value:
        return
    message = f"its payload digest is not that of its original {link.target}"
    verdict.add(Problem("revisit-digest", "nonconformant", message, link.offset, link.record_id))


def _orphan(verdict: FileVerdict, link: Link, *, complete: bool) -> None:
    where = "in the archive" if complete else "in the files given"
    level: Level
    if link.kind == "original":
        level = "damaged" if complete else "note"
        verdict.add(
            Problem("orphan-revisit", level, f"its original {link.target} is not {where}", link.offset, link.record_id)
        )
        return
    level = "nonconformant" if complete else "note"
    code = {
        "concurrent-to": "concurrent-to-nothing",
        "refers-to": "refers-to-nothing",
        "warcinfo": "no-warcinfo",
        "segment-origin": "orphan-continuation",
    }[link.kind]
    verdict.add(Problem(code, level, f"{link.target} is not {where}", link.offset, link.record_id))
