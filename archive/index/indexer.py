"""The index: sealed WARC files -> captures -> readings -> reports.

    sealed files --scan--> crawls, captures, judgements, discoveries, failures, acts      one transaction per file
    pending locators --read--> publications, versions, readings                           one per batch of locators
    pending reports --settle--> reports, roles; then checks across reports

Every step says in the database what it has left to do (`Pending`) in the transaction that makes it necessary, so the
work can be interrupted anywhere and goes on there. Nothing depends on the order in which files come in. Reading is done
by several processes, writing by one.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.checks.store import CHECKS_VERSION, store_cross_checks
from archive.database import Database, open_database
from archive.database.apart import costs_itself, each_apart, reason_of
from archive.database.models import Act, Capture, Pending, State, WarcFile
from archive.database.rows import chunks, insert_new, upsert
from archive.errors import WarcError
from archive.home import Home
from archive.index.extract import DOCUMENTS, FileFacts, scan_file
from archive.index.identity import Overrides
from archive.index.load import forget_file, store_facts, touched_locators
from archive.index.publications import write_plan
from archive.index.reports import prune_bodies, resolve_annexes, settle_reports
from archive.index.runs.left_out import LeftOut, keep_documents, keep_files
from archive.index.runs.rebuild import rebuild as rebuild_beside
from archive.index.runs.superseded import SupersededReadings
from archive.index.runs.unfinished import end_rebuild
from archive.index.versions import Basis, Locator, VersionFinder, VersionPlan, basis_of_today, locator_key
from archive.processes import Workers, workers
from archive.signatures import load_signatures
from archive.storage.base import Storage, StoredFile
from archive.storage.local import LocalStorage
from archive.storage.open import listed, open_storage
from archive.warc.read import scan
from archive.warc.seal import sha256_of

Progress = Callable[[str, int, int], None]
"""Told ``stage`` (files, documents, reports, checks), how many are done and how many there are."""

_BATCH = 64
_PARALLEL_BYTES = 64 << 20
"""Fewer bytes are read sooner than processes are started."""


_READING = "reading"
"""Kind of the `Pending` row that stands while documents are read."""


@dataclass(slots=True)
class IndexResult:
    """What an index run did.

    Attributes:
        files: newly indexed files.
        captures: newly indexed captures.
        versions: newly found versions.
        readings: newly made readings.
        checks: checks across reports, as they stand now (None when nothing changed).
        damaged: files that are not whole, with the reason; of these only whole records are in the index.
        problems: documents that could not be had from the archive.
        left_out: records that are not in the index although their file is: they could not be understood or stored.
    """

    files: int = 0
    captures: int = 0
    versions: int = 0
    readings: int = 0
    checks: int | None = None
    damaged: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Nothing was left out."""
        return not self.damaged and not self.problems and not self.left_out


@dataclass(frozen=True, slots=True)
class _File:
    storage: Storage
    name: str
    sha256: str
    size: int
    records: int
    sealed: int | None = None


def index(
    home: Home,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
    waiting: Callable[[], None] | None = None,
) -> IndexResult:
    """Bring the database to what the sealed WARC files say.

    A rebuild makes another database beside the one that is read and puts it in its place when it is whole; one that was
    ended on the way goes on where it stood, if the same version of gongkai began it.

    Args:
        home: whose files.
        rebuild: make everything anew; the result is equal.
        progress: called after each step.
        processes: how many read files and documents; default as many as there are processors.
        waiting: called once when another process is writing and this one has to wait.

    Raises:
        DatabaseError: locked, read-only, gone, or of a newer version. Nothing is lost.
        StorageError: a rebuild, and a place of sealed files cannot be listed. Nothing is changed.
        Refused: a rebuild, and files that the index holds lie nowhere. Nothing is changed.
        ConfigurationError: the facts in ``config/`` cannot be used.
    """
    with (
        open_database(home) as database,
        database.exclusive(waiting=waiting),
        workers(processes) as running,
    ):

        def fill(into: Database) -> IndexResult:
            return Indexer(home, into, running, progress or _silent).run()

        if rebuild:
            return rebuild_beside(home, database, fill)
        result = fill(database)
        with database.writing() as session:
            end_rebuild(session)  # the first one was ended on the way, and this went on without it
        return result


class Indexer:
    """One run of the index, with the database locked for it."""

    def __init__(self, home: Home, database: Database, running: Workers, progress: Progress) -> None:
        self._home = home
        self._storage = open_storage(home)
        self._database = database
        self._workers = running
        self._progress = progress
        self._result = IndexResult()
        self._there: set[str] = set()

    def run(self) -> IndexResult:
        """Do all that is left to do."""
        self._files()
        basis = self._basis()
        self._documents(basis)
        self._reports()
        with self._database.session() as session:
            made_by = session.get(State, "checks")
            due = session.get(Pending, ("checks", "all")) is not None
        if due or (made_by is not None and made_by.value != CHECKS_VERSION):
            self._checks()
        return self._result

    def _keep_readings(self, files: Sequence[str]) -> bool:
        """Seal what earlier parsers said of these files before it goes; whether there was any."""
        keeper = SupersededReadings(self._home, self._database, basis_of_today())
        try:
            keeper.keep_files(files)
        finally:
            keeper.close()
        return keeper.count > 0

    def _files(self) -> None:
        signatures = load_signatures().digest
        with self._database.session() as session:
            known = {row.name: row for row in session.scalars(select(WarcFile))}
        stored, why = listed(self._storage)
        if why is not None:
            self._result.problems.append(f"only what lies in {self._home.warc} was looked at: {why}")
        self._there = {one.name for one in stored}
        new = _new_files(self._storage, stored, known, signatures, self._result.damaged)
        if self._keep_readings([file.name for file in new if file.name in known]):
            stored, _ = listed(self._storage)
            new = _new_files(self._storage, stored, known, signatures, self._result.damaged)
        enough = sum(file.size for file in new) >= _PARALLEL_BYTES
        scanned = self._workers.map(_scan, new, lambda _, why: why, parallel_from=2 if enough else len(new) + 1)
        for done, (file, facts) in enumerate(zip(new, scanned, strict=True), 1):
            if isinstance(facts, str):
                self._result.damaged[file.name] = facts
            elif facts.damage and file.name in known:
                self._result.damaged[file.name] = facts.damage  # what the index has of it is no less than this
            elif facts.damage:
                self._result.damaged[file.name] = facts.damage
                with file.storage.open(file.name) as opened:  # known by its bytes: the whole one is another
                    self._store(replace(file, sha256=sha256_of(opened)), facts, again=False)
            else:
                self._store(file, facts, again=file.name in known)
            self._progress("files", done, len(new))
        whole = {file.name for file in new} - self._result.damaged.keys()
        with self._database.writing() as session:
            here = {name: reason for name, reason in self._result.damaged.items() if name in self._there}
            keep_files(session, here, whole, None if why else self._there)

    def _store(self, file: _File, facts: FileFacts, *, again: bool) -> None:
        with self._database.writing() as session:
            if again:
                forget_file(session, facts.name)
            row = {"name": facts.name, "sha256": file.sha256, "size": file.size, "records": file.records}
            upsert(session, WarcFile, [{**row, "signatures": facts.signatures}])
            store_facts(session, facts)
            touched = {locator_key(*locator) for locator in touched_locators(session, facts)}
            self._await(session, sorted(touched))
            if any(act["kind"] in {"classification", "merge"} for act in facts.rows[Act]):
                all_pending(session)
        self._result.files += 1
        self._result.captures += len(facts.captures)
        self._result.left_out += sorted(set(facts.left_out))

    def _await(self, session: Session, keys: Sequence[str]) -> None:
        """Have the documents at these locators looked at; one whose address the database cannot take is named."""
        rows = [{"kind": "locator", "key": key} for key in keys]
        _, refused = each_apart(session, rows, lambda part: insert_new(session, Pending, part))
        for row, reason in refused:
            self._result.problems.append(f"{json.loads(row['key'])[1][:200]}: {reason}")

    def _basis(self) -> Basis:
        """What readings are made with now; where that has changed, every document is looked at again."""
        basis = basis_of_today()
        state = {"parser": basis.parser, "configuration": basis.configuration, "normaliser": basis.normaliser}
        with self._database.session() as session:
            known = {row.name: row.value for row in session.scalars(select(State).where(State.name.in_(state)))}
        if known != state:
            with self._database.writing() as session:
                upsert(session, State, [{"name": name, "value": value} for name, value in state.items()])
                all_pending(session)
        return basis

    def _documents(self, basis: Basis) -> None:
        with self._database.session() as session:
            keys = session.scalars(select(Pending.key).where(Pending.kind == "locator").order_by(Pending.key)).all()
            overrides = Overrides.of(session.scalars(select(Act)).all())
        deriver = VersionFinder(self._database, self._storage, basis, overrides, self._workers)
        died = self._died_reading()
        self._workers.wary = died
        keeper = SupersededReadings(self._home, self._database, basis)
        done = 0
        waiting: dict[Locator, str] = {}
        try:
            for part in chunks(keys, _BATCH):
                with self._reading():
                    for plan in _derived(deriver, part):
                        self._write(plan, basis, keeper.keep(plan))
                        waiting |= plan.waiting
                done += len(part)
                self._progress("documents", done, len(keys))
        finally:
            keeper.close()
        if died and not keys:
            self._has_read()  # it died behind the last document, and there is none left to be wary of
        if waiting:
            why = next(iter(waiting.values()))
            self._result.problems.append(f"{len(waiting)} documents wait for the next `gongkai index`: {why}")
        if keeper.count:
            self._files()

    def _died_reading(self) -> bool:
        """Whether an earlier run came to its end while it read documents: perhaps by one of them."""
        with self._database.session() as session:
            return session.get(Pending, (_READING, "documents")) is not None

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Have it noted in the database that documents are being read, for the case that the process dies of one."""
        with self._database.writing() as session:
            insert_new(session, Pending, [{"kind": _READING, "key": "documents"}])
        yield
        self._has_read()

    def _has_read(self) -> None:
        with self._database.writing() as session:
            session.execute(delete(Pending).where(Pending.kind == _READING))

    def _write(self, plan: VersionPlan, basis: Basis, sealed: Mapping[str, str]) -> None:
        with self._database.writing() as session:
            written, failed = each_apart(
                session, list(plan.seen), lambda part: write_plan(session, plan.only(part), basis, sealed)
            )
            unread = [*plan.unread.items(), *failed]
            for part in chunks([locator_key(*locator) for locator, _ in unread]):
                session.execute(delete(Pending).where(Pending.kind == "locator", Pending.key.in_(part)))
            keep_documents(session, {*plan.seen, *plan.unread}, unread)
        self._result.versions += sum(one.versions for one in written)
        self._result.readings += sum(one.readings for one in written)
        self._result.problems += [f"{locator[1]}: {reason}" for locator, reason in unread]

    def _reports(self) -> None:
        with self._database.writing() as session:
            resolve_annexes(session)
        with self._database.session() as session:
            keys = session.scalars(select(Pending.key).where(Pending.kind == "report").order_by(Pending.key)).all()
        done = 0
        for part in chunks(keys):
            with self._database.writing() as session:
                changed, failed = each_apart(session, part, lambda some: settle_reports(session, some))
                if any(changed):
                    insert_new(session, Pending, [{"kind": "checks", "key": "all"}])
            self._result.problems += [f"report {key}: {reason}" for key, reason in failed]
            done += len(part)
            self._progress("reports", done, len(keys))
        if keys:
            with self._database.writing() as session:
                prune_bodies(session)

    def _checks(self) -> None:
        with self._database.writing() as session:
            self._result.checks = store_cross_checks(session)
            upsert(session, State, [{"name": "checks", "value": CHECKS_VERSION}])
            session.execute(delete(Pending).where(Pending.kind == "checks"))
        self._progress("checks", 1, 1)


def _derived(deriver: VersionFinder, keys: Sequence[str]) -> Iterator[VersionPlan]:
    """What these locators come to; one of which our code stumbles over costs itself."""
    try:
        yield deriver.derive(keys)
    except Exception as error:
        if not costs_itself(error):
            raise
        if len(keys) == 1:
            method, url, body_digest = json.loads(keys[0])
            yield VersionPlan({}, unread={(method, url, body_digest): f"our code failed ({reason_of(error)})"})
        else:
            for key in keys:
                yield from _derived(deriver, [key])


def all_pending(session: Session) -> None:
    """Every document is to be looked at again."""
    rows = session.execute(
        select(Capture.method, Capture.url, Capture.body_digest).where(Capture.purpose.in_(DOCUMENTS)).distinct()
    )
    keys = sorted(locator_key(method, url, body) for method, url, body in rows)
    insert_new(session, Pending, [{"kind": "locator", "key": key} for key in keys])


def _new_files(
    storage: Storage,
    files: Sequence[StoredFile],
    known: dict[str, WarcFile],
    signatures: str,
    damaged: dict[str, str],
) -> list[_File]:
    """Files to be read; ``damaged`` is told of what is named like one and cannot be opened."""
    found = []
    for stored in files:
        row = known.get(stored.name)
        judged = row is not None and row.signatures == signatures
        if judged and row is not None and row.size == stored.size and not isinstance(storage, LocalStorage):
            continue  # far away, every seal would be a request; `gongkai verify` compares them all
        try:
            file = _file(storage, stored)
        except WarcError as error:
            if not isinstance(storage, LocalStorage):
                raise  # out of reach, not wrong
            damaged[stored.name] = str(error)
            continue
        if not judged or row is None or (row.sha256, row.size) != (file.sha256, file.size):
            found.append(file)
    return found


def _file(storage: Storage, stored: StoredFile) -> _File:
    try:
        seal = storage.seal(stored.name)
    except WarcError:
        seal = None  # `gongkai verify` says what is wrong with it
    if seal is not None:
        return _File(storage, stored.name, seal.sha256, stored.size, seal.records, seal.size)
    with storage.open(stored.name) as file:  # put there by hand, or its seal was lost: known by what it holds
        sha256 = sha256_of(file)
    return _File(storage, stored.name, sha256, stored.size, 0)


def _scan(file: _File) -> FileFacts | str:
    try:
        if not file.size:
            return "is empty"
        other = _another(file)
        facts = scan_file(file.storage, file.name, damaged=not other)
    except WarcError as error:
        return str(error)
    except Exception as error:
        if not costs_itself(error):
            raise
        return f"cannot be read through ({reason_of(error)})"
    if other:
        return f"is not the file that was sealed: it has {file.size} bytes, by its seal {file.sealed}"
    if file.sealed is not None and file.size < file.sealed:
        sizes = f"it has {file.size} bytes, by its seal {file.sealed}"
        facts.damage = f"is cut: {sizes}; what is whole of it is in the index"
    return facts


def _another(file: _File) -> bool:
    """Whether the file is not the one that was sealed, nor a beginning of it: its first record says its name."""
    if file.sealed in {None, file.size}:
        return False
    if file.sealed is not None and file.size > file.sealed:
        return True
    with file.storage.open(file.name) as opened:
        first = next(scan(opened, name=file.name, damage=lambda _: None), None)
    return first is None or first.header("WARC-Filename") not in {None, file.name}


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody asked for progress."""
