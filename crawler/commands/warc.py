"""Commands on WARC files: verify, recover, import, cat."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands._output import HomeOption, JsonOption, note, print_json, print_table, send
from crawler.terminal.streams import columns, rewrite

if TYPE_CHECKING:
    from archive.home import Home
    from archive.verify.verdict import FileVerdict
    from archive.warc.problem import Problem
    from archive.warc.read import Record


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("cat")(cat)
    app.command("verify")(verify)
    app.command("recover")(recover)
    app.command("import")(import_)
    app.command("push")(push)


def verify(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="WARC, ARC, WACZ or CDX files of any origin.")
    ] = None,
    home: HomeOption = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The operator's public key (PEM): the newest seals must be signed by it."),
    ] = None,
    json: JsonOption = False,
) -> int:
    """Say of each file whether it is whole, conformant and unchanged; without names of all the home's own."""
    from archive.verify.files import verify_files

    _require_files(files or ())
    verdicts = verify_files(files, progress=_counter(len(files))) if files else _verify_home(home, key)
    _print_verdicts(verdicts, as_json=json)
    return 1 if any(found.verdict in {"damaged", "nonconformant"} for found in verdicts) else 0


def recover(home: HomeOption = None, json: JsonOption = False) -> int:
    """Seal what a crash left open: cut to the last whole record, the torn tail kept aside; then index."""
    from archive.home import Home
    from archive.storage.recover import recover_directory

    place = Home.at(home)
    done = recover_directory(place, progress=lambda name: note(f"recover {name}"))
    indexed = True
    if any(found.state != "in_use" for found in done):
        from crawler.commands.crawl import index_home

        indexed = index_home(place)
    fields = ("file", "state", "records", "torn", "torn_file")
    rows = [[getattr(found, name) for name in fields] for found in done]
    if json:
        print_json([dict(zip(fields, row, strict=True)) for row in rows])
    elif rows:
        print_table(("file", "state", "records", "torn bytes", "kept in"), rows, whole=("file", "kept in"))
    else:
        note("nothing was left open")
    damaged = any(found.state == "damaged" for found in done)
    return 1 if damaged or not indexed else 0


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="WARC, ARC or WACZ files made by others.")],
    home: HomeOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take in damaged files (their whole records) and made-up captures.")
    ] = False,
    json: JsonOption = False,
) -> int:
    """Take in files that others made, after verifying them, with their origin recorded, and index them."""
    from archive import ArchiveError
    from archive.home import Home
    from archive.index.indexer import index
    from archive.ingest.importer import import_file
    from crawler.commands.crawl import index_home
    from crawler.commands.index import tell_left_out

    _require_files(files)
    place = Home.at(home, create=True)
    rows: list[dict[str, Any]] = []
    status = 0
    for path in files:
        if any(place.warc.iterdir()):
            status = max(status, tell_left_out(index(place)))  # ids are compared: what was just taken in must be there
        try:
            done = import_file(place, path, force=force)
        except ArchiveError as error:
            note(f"gongkai: {error}")
            status = max(status, error.exit_status)
            rows.append({"origin": str(path), "state": "refused", "files": [], "records": 0, "verdict": None})
            continue
        rows.append(
            {
                "origin": done.origin,
                "state": "known" if done.known else "imported",
                "files": list(done.files),
                "records": done.records,
                "verdict": done.verdict.verdict,
            }
        )
    if any(row["state"] == "imported" for row in rows) and not index_home(place):
        status = max(status, 1)
    if json:
        print_json(rows)
    else:
        lines = [(row["origin"], row["state"], row["records"], row["verdict"], ", ".join(row["files"])) for row in rows]
        names = ("file", "state", "records", "verdict", "in the archive as")
        print_table(names, lines, whole=("in the archive as", "file"))
    return status


def _require_files(paths: Iterable[Path]) -> None:
    """Before anything is done: a slip of the pen is no damaged file.

    Raises:
        UsageError: one of them is not there, or is a folder.
    """
    from crawler.errors import UsageError

    for path in paths:
        if not path.exists() or path.is_dir():
            raise UsageError("is a directory" if path.is_dir() else "there is no such file", subject=str(path))


def push(home: HomeOption = None, json: JsonOption = False) -> None:
    """Copy sealed files that are not there yet to the object store that GONGKAI_STORAGE_URL names."""
    from archive.home import Home
    from archive.storage import open as storage

    done = storage.push(Home.at(home), progress=lambda name, at, total: note(f"{at}/{total} {name}"))
    if json:
        print_json([{"file": stored.name, "size": stored.size} for stored in done])
    else:
        print_table(("file", "bytes"), [(stored.name, stored.size) for stored in done], whole=("file",))


def cat(
    capture: Annotated[str, typer.Argument(metavar="CAPTURE", help="A record id, or FILE:OFFSET.")],
    home: HomeOption = None,
    block: Annotated[
        bool, typer.Option("--block", help="The archived block, byte for byte (HTTP head and body).")
    ] = False,
    headers: Annotated[bool, typer.Option("--headers", help="The WARC header and the HTTP head.")] = False,
    payload: Annotated[bool, typer.Option("--payload", help="The body without transfer coding.")] = False,
) -> None:
    """Print what a capture holds, read with warcio; by default the page or file itself, all codings removed."""
    from archive.access.record import content_of, find_record
    from crawler.errors import UsageError

    if block + headers + payload > 1:
        raise UsageError("choose one of --block, --headers and --payload")
    record = find_record(capture, _home_if_any(home))
    if headers:
        send(_head(record))
    elif block:
        send(record.block)
    elif payload:
        send(record.http().entity() if record.is_http else record.block)
    else:
        send(content_of(record, _home_if_any(home)))


def _head(record: Record) -> bytes:
    lines = [f"{name}: {value}" for name, value in record.headers]
    warc = "\r\n".join([f"WARC/{record.version}", *lines]).encode("utf-8", "surrogateescape") + b"\r\n\r\n"
    return warc + (record.http().head if record.is_http else b"")


def _home_if_any(path: Path | None) -> Home | None:
    from archive.errors import HomeError
    from archive.home import Home

    try:
        return Home.at(path)
    except HomeError:
        if path is not None:
            raise
        return None  # FILE:OFFSET needs no archive


def _verify_home(path: Path | None, key: Path | None) -> list[FileVerdict]:
    from archive.home import Home
    from archive.storage.audit import verify_home
    from archive.warc.seal import public_key

    home = Home.at(path)
    tell = _counter()
    return verify_home(
        home,
        key=public_key(key) if key else None,
        known=_indexed_files(home),
        progress=lambda name, done, total: tell(f"{done}/{total} {name}"),
    )


def _indexed_files(home: Home) -> list[str]:
    """Names of the files that the index knows; nothing when there is no index yet or it does not answer."""
    from sqlalchemy import select
    from sqlalchemy.exc import SQLAlchemyError

    from archive import ArchiveError
    from archive.database import open_database
    from archive.database.models import WarcFile
    from archive.home import has_index

    if not has_index(home):
        return []
    try:
        with open_database(home) as database, database.session() as session:
            return list(session.scalars(select(WarcFile.name)))
    except (ArchiveError, SQLAlchemyError) as error:
        note(f"the index cannot be asked which files it knows: {error}")
        return []


def _counter(total: int | None = None) -> Callable[[str], None]:
    """Progress on stderr, on a terminal only."""
    shown = sys.stderr.isatty()
    done = 0

    def tell(what: str) -> None:
        nonlocal done
        done += 1
        if shown:
            counted = f"{done}/{total} " if total else ""
            rewrite(f"verify {counted}{what}"[: (columns(sys.stderr) or 160) // 2])  # a name may be of wide letters

    return tell


def _print_verdicts(verdicts: list[FileVerdict], *, as_json: bool) -> None:
    if sys.stderr.isatty():
        rewrite("")
    if as_json:
        print_json([verdict.as_dict() for verdict in verdicts])
        return
    print_table(
        ("file", "verdict", "records", "problems"),
        [(found.file, found.verdict, found.records, _summary(found)) for found in verdicts],
        whole=("file",),
    )
    for found in verdicts:
        for problem in found.problems:
            if problem.level != "note":
                note(f"{found.file}:{_place_of(problem)} {problem.level}, {problem.code}: {problem.message}")
    counts = Counter(found.verdict for found in verdicts)
    told = [f"{counts[word]} {word}" for word in ("ok", "note", "nonconformant", "damaged") if counts[word]]
    note(", ".join(told) or "no files")


def _place_of(problem: Problem) -> str:
    """Where in its file a problem lies, as far as it is known."""
    place = ""
    if problem.offset is not None:
        place += f" offset {problem.offset}"
    if problem.record_id:
        place += f" {problem.record_id}"
    return place


def _summary(verdict: FileVerdict) -> str:
    """The codes of a file's problems, each once, with how often."""
    codes = Counter(problem.code for problem in verdict.problems)
    said = [f"{code} ({count})" if count > 1 else code for code, count in codes.items()]
    return ", ".join(said)
