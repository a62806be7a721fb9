"""Writes down what locators come to (`archive.index.versions`): publications, versions, readings.

Compared with what is there: rows that still hold are left, others are changed or go. A reading that is superseded stays
beside the new one as long as its version does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from archive import identifiers
from archive.database.models import (
    Agency,
    Content,
    Crawl,
    Division,
    Pending,
    Publication,
    Reading,
    SealedReading,
    Version,
)
from archive.database.reading_store import ReadingStore
from archive.database.rows import Row, chunks, insert_new, upsert
from archive.index.annexes import keep_links
from archive.index.identity import Identity
from archive.index.readings import reading_rows, unseal
from archive.index.revisits import IMPORTED
from archive.index.versions import Basis, Locator, Run, VersionPlan, is_gone, locator_key
from archive.metadata import is_trial
from parsers.identity.titles import read_title

_SECTIONS_OF_A_PAGE = 3
"""So many of the six (reports before 2019 had others beside) has a page that is clearly a report's without figures."""

_CELLS_OF_A_FORM = 30
"""So many cells have tables that are clearly a report's, although they do not say whose."""


@dataclass(slots=True)
class Written:
    """Counts of one batch, and the reports it touched."""

    versions: int = 0
    readings: int = 0
    reports: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Publication:
    row: Row
    runs: list[tuple[Run, str]] = field(default_factory=list)


def write_plan(session: Session, plan: VersionPlan, basis: Basis, sealed: Mapping[str, str]) -> Written:
    """Bring the tables to what ``plan`` says, and take its locators off the list of pending ones.

    Args:
        session: in a transaction.
        plan: of some locators.
        basis: what the plan's readings were made with.
        sealed: readings that are superseded now, and the conversion records that keep them.
    """
    written = Written()
    store = ReadingStore(session)
    for reading, record in sealed.items():
        session.execute(update(Reading).where(Reading.id == reading).values(sealed=record))
    contents = [{"capture_id": capture, "content_key": key} for capture, key in plan.contents.items()]
    upsert(session, Content, [{**row, "normaliser": basis.normaliser} for row in contents])
    plan.trials = _trials(session, plan)
    for locator in plan.seen:
        _write_locator(store, locator, plan, basis, written)
    for part in chunks([locator_key(*locator) for locator in plan.seen]):
        session.execute(delete(Pending).where(Pending.kind == "locator", Pending.key.in_(part)))
    insert_new(session, Pending, [{"kind": "report", "key": report} for report in sorted(written.reports)])
    return written


def _trials(session: Session, plan: VersionPlan) -> set[str]:
    """Crawls, of those that the plan's captures are of, that only tried a profile."""
    named = {item.capture.crawl_id for items in plan.seen.values() for item in items if item.capture.crawl_id}
    found: set[str] = set()
    for part in chunks(sorted(named)):
        rows = session.execute(select(Crawl.id, Crawl.arguments).where(Crawl.id.in_(part)))
        found.update(crawl for crawl, arguments in rows if is_trial(arguments))
    return found


def _write_locator(store: ReadingStore, locator: Locator, plan: VersionPlan, basis: Basis, written: Written) -> None:
    session = store.session
    method, url, body_digest = locator
    old = {
        row.id: row
        for row in session.scalars(
            select(Publication).where(
                Publication.url == url,
                Publication.method == method,
                Publication.body_digest.is_not_distinct_from(body_digest),
            )
        )
    }
    wanted = _publications(locator, plan)
    _keep_links(session, locator, plan)
    for publication in wanted.values():
        publication.row |= _whose(publication, plan.trials)
    for key, publication in wanted.items():
        if publication.row["own_report"] is None and key in old:
            publication.row["report_id"] = old[key].report_id  # until `archive.index.reports` looks at it again
    for row in old.values():
        written.reports.update(report for report in (row.own_report, row.report_id) if report)
    for part in chunks(sorted(old.keys() - wanted.keys())):
        session.execute(delete(Publication).where(Publication.id.in_(part)))
    for publication in wanted.values():
        for run, _ in publication.runs:
            _store_body(session, run.identity)
    upsert(session, Publication, [publication.row for publication in wanted.values()])
    for key, publication in wanted.items():
        if publication.row["report_id"]:
            written.reports.add(publication.row["report_id"])
        _write_versions(store, key, publication, basis, written)


def _keep_links(session: Session, locator: Locator, plan: VersionPlan) -> None:
    """Keep the links of a page of a report in files of others, as it was when last read."""
    runs = [run for run in plan.runs[locator] if run.report is not None]
    if not runs or runs[-1].first.purpose != IMPORTED:
        return
    holder, identity = runs[-1].captures[0].holder, runs[-1].identity
    own = holder is not None and identity is not None and identity.report_id is not None and not _is_chance(runs[-1])
    keep_links(session, locator[1], plan.links.get(holder.id, ()) if own and holder is not None else ())


def _publications(locator: Locator, plan: VersionPlan) -> dict[str, _Publication]:
    method, url, body_digest = locator
    runs = [run for run in plan.runs[locator] if run.identity is not None and not _is_chance(run)]
    found: dict[str, _Publication] = {}
    for run in runs:
        own = run.identity.report_id if run.identity else None
        key = identifiers.publication_id(own, method, url, body_digest)
        publication = found.setdefault(key, _Publication(_row(key, own, locator, run)))
        publication.runs.append((run, identifiers.version_id(key, run.first.id)))
        publication.row["last_seen"] = run.last.captured_at
    runs = [run for run in runs if not _is_nobodys(run)] or runs  # in files of others these take nothing back
    for publication in found.values():
        if publication.row["own_report"] is not None and publication.runs[-1][0] is not runs[-1]:
            latest = runs[-1].identity
            publication.row["status"] = "replaced" if latest and latest.report_id else "withdrawn"
        elif is_gone(plan.seen[locator]):
            publication.row["status"] = "withdrawn"
    return found


def _whose(publication: _Publication, trials: Collection[str]) -> Row:
    """Portal, site and column of the crawl that asked for it last; one that only tried a profile has no claim."""
    asked = [
        seen.capture
        for run, _ in publication.runs
        for seen in run.captures
        if (seen.capture.hints or {}).get("portal") and seen.capture.crawl_id not in trials
    ]
    hints = asked[-1].hints or {} if asked else {}
    return {name: hints.get(name) for name in ("portal", "site", "column")} if hints else {}


def _is_chance(run: Run) -> bool:
    """Nobody asked for it as a report, and it is not clearly one: a page that happens to hold the words.

    Clearly a report's are its figures; a page with the title of one that says whose and of which year it is, and with
    its sections, the tables of which may stand in an annex; and tables of a form that do not say whose they are. These
    are nobody's until a page is found that links to them.
    """
    identity = run.identity
    if run.first.purpose != IMPORTED:
        return False
    if identity is None or identity.outcome not in {"report", "partial"}:
        return True
    if identity.report_id is None:
        return _cells(run) < _CELLS_OF_A_FORM
    is_titled = read_title(_title(run)).kind == "annual_report"
    return identity.outcome != "report" and not (is_titled and _sections(run) >= _SECTIONS_OF_A_PAGE)


def _is_nobodys(run: Run) -> bool:
    """In files of others: tables that do not say whose they are."""
    return run.first.purpose == IMPORTED and (run.identity is None or run.identity.report_id is None)


def _cells(run: Run) -> int:
    return len(run.report.cells) if run.report is not None else run.reading.cells if run.reading is not None else 0


def _title(run: Run) -> str:
    said = run.report or run.reading
    return (said.title if said is not None else None) or ""


def _sections(run: Run) -> int:
    if run.report is not None:
        return len(run.report.sections)
    return run.reading.sections if run.reading is not None else 0


def _row(key: str, own: str | None, locator: Locator, run: Run) -> Row:
    method, url, body_digest = locator
    hints = run.first.hints or {}
    return {
        "id": key,
        "own_report": own,
        "report_id": own,
        "role": None,
        "url": url,
        "method": method,
        "body_digest": body_digest,
        "portal": hints.get("portal"),
        "site": hints.get("site"),
        "column": hints.get("column"),
        "part_of": hints.get("part_of"),
        "twin_of": hints.get("twin_of"),
        "status": "ok",
        "first_seen": run.first.captured_at,
        "last_seen": run.last.captured_at,
        "purpose": run.first.purpose,
    }


def _write_versions(store: ReadingStore, key: str, publication: _Publication, basis: Basis, written: Written) -> None:
    session = store.session
    report = publication.row["report_id"]
    there = set(session.scalars(select(Version.id).where(Version.publication_id == key)))
    wanted = [version for _, version in publication.runs]
    for part in chunks(sorted(there - set(wanted))):
        session.execute(delete(Version).where(Version.id.in_(part)))
    upsert(
        session,
        Version,
        [
            {
                "id": version,
                "publication_id": key,
                "number": number,
                "content_key": run.content_key,
                "normaliser": basis.normaliser,
                "first_capture": run.first.id,
                "last_capture": run.last.id,
                "first_seen": run.first.captured_at,
                "last_seen": run.last.captured_at,
                "captures": len(run.captures),
            }
            for number, (run, version) in enumerate(publication.runs, 1)
        ],
    )
    written.versions += len(set(wanted) - there)
    for run, version in publication.runs:
        if run.report is not None:
            rows = reading_rows(run.report, version, report)
            session.execute(update(Reading).where(Reading.version_id == version).values(current=False))
            store.add(rows.reading, rows.children, report)
            _make_current(session, version, rows.reading["id"])
            written.readings += 1
        elif run.reading is not None and not run.reading.current:
            _make_current(session, version, run.reading.id)
    for part in chunks(wanted):
        for kept in session.scalars(select(SealedReading).where(SealedReading.version_id.in_(part))):
            rows = unseal(kept.block, kept.id)
            store.add(rows.reading, rows.children, report)


def _make_current(session: Session, version: str, reading: str) -> None:
    session.execute(update(Reading).where(Reading.version_id == version).values(current=Reading.id == reading))


def _store_body(session: Session, identity: Identity | None) -> None:
    body = identity.body if identity else None
    if body is None or identity is None or identity.report_id is None:
        return
    if body.division is not None:
        code, name, level = body.division
        insert_new(session, Division, [{"code": code, "name": name, "level": level}])
    division = body.division[0] if body.division else None
    insert_new(session, Agency, [{"id": body.id, "name": body.name, "kind": body.kind, "division_code": division}])
