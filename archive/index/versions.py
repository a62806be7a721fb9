"""From captures to publications, versions and readings, one locator at a time.

A locator's captures in order of time fall into runs of equal content: each run is a version. What a version's first
capture says it is decides to which report it belongs; a locator may carry one report after another, and each is a
publication of its own. Everything is computed from all captures of the locator and then compared with what the database
holds, so that it does not matter in how many steps, or in which order, the files came in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database import Database
from archive.database.models import Capture, Content, Judgement, Reading, Version
from archive.database.rows import chunks
from archive.identifiers import publication_id, version_id
from archive.index.content_key import load_normaliser
from archive.index.documents import READ_PATIENCE, ReadResult, ReadTask, Source, hints_of, read, unread
from archive.index.extract import DOCUMENTS
from archive.index.identity import Identity, Overrides, identity_of
from archive.index.revisits import holder_of
from archive.processes import Workers
from archive.signatures import GONE
from archive.urlkey import url_key
from parsers import AnnualReport, Hints

Locator = tuple[str, str, str | None]
"""Method, URL with fragment, body digest."""

State = Literal["content", "gone", "nothing"]
_WHOLE = frozenset({200, 203})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Basis:
    """What readings are made with; another basis makes new readings."""

    parser: str
    configuration: str
    normaliser: str


def basis_of_today() -> Basis:
    """Parser, facts and normaliser with which readings are made now."""
    from parsers import PARSER_VERSION, configuration_digest

    return Basis(PARSER_VERSION, configuration_digest(), f"{load_normaliser().name}/{PARSER_VERSION}")


@dataclass(slots=True)
class Seen:
    """One capture of a locator. ``holder`` is the capture whose record holds the bytes (the original of a revisit)."""

    capture: Capture
    state: State
    holder: Capture | None = None
    content_key: str | None = None


@dataclass(slots=True)
class Run:
    """Consecutive captures with one content key, and what the first of them says on the present basis.

    ``report`` is given when it had to be read now, ``reading`` when the database holds that reading already.
    """

    captures: list[Seen] = field(default_factory=list)
    report: AnnualReport | None = None
    reading: Reading | None = None
    identity: Identity | None = None

    @property
    def content_key(self) -> str:
        """Of all its captures."""
        return self.captures[0].content_key or ""

    @property
    def first(self) -> Capture:
        """The capture that the version is named after and read from."""
        return self.captures[0].capture

    @property
    def last(self) -> Capture:
        """The latest one."""
        return self.captures[-1].capture


@dataclass(slots=True)
class VersionPlan:
    """What some locators come to: all their captures and runs; content keys that were not known before.

    ``links`` are the files that the page in a capture links to, where it was read now.
    ``unread`` says of locators why a document there could not be read; what else is known of them is here.
    ``trials`` are crawls that only tried a profile. ``waiting`` are locators of which nothing can be said because a
    file is out of reach, with the reason: they are in none of the others, so that what is known of them stays.
    """

    seen: dict[Locator, list[Seen]]
    runs: dict[Locator, list[Run]] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: dict[Locator, str] = field(default_factory=dict)
    trials: set[str] = field(default_factory=set)
    waiting: dict[Locator, str] = field(default_factory=dict)

    def only(self, locators: Sequence[Locator]) -> VersionPlan:
        """The part of it that is about these."""
        seen = {locator: self.seen[locator] for locator in locators}
        holders = {item.holder.id for items in seen.values() for item in items if item.holder is not None}
        contents = {capture: key for capture, key in self.contents.items() if capture in holders}
        links = {capture: files for capture, files in self.links.items() if capture in holders}
        return VersionPlan(seen, {locator: self.runs[locator] for locator in locators}, contents, links)


def locator_key(method: str, url: str, body_digest: str | None) -> str:
    """A locator as text, as `Pending` names it."""
    return json.dumps([method, url, body_digest], ensure_ascii=False)


def state_of(capture: Capture, verdict: str) -> State:
    """What a capture says of its locator's content: nothing, when it was blocked, broke off or leads elsewhere."""
    if verdict == "blocked" or capture.truncated:
        return "nothing"
    if verdict == "soft404" or capture.status in GONE:
        return "gone"
    unstated = capture.kind in {"rendered", "resource"} and capture.status is None
    # What a redirect brings that says nowhere where to is shown by browsers as a page.
    stays = capture.status in _REDIRECTS and not (capture.location or "").strip()
    whole = unstated or stays or capture.status in _WHOLE
    return "content" if whole or (capture.kind == "revisit" and capture.status in {304, None}) else "nothing"


def load_seen(session: Session, locators: Sequence[tuple[Any, ...]]) -> dict[Locator, list[Seen]]:
    """All captures of these locators that may hold their document, oldest first."""
    seen: dict[Locator, list[Seen]] = {(method, url, body): [] for method, url, body in locators}
    wanted = sorted({url_key(url, method, body) for method, url, body in locators})
    for part in chunks(wanted):
        rows = session.execute(
            select(Capture, Judgement.verdict)
            .outerjoin(Judgement, Judgement.capture_id == Capture.id)
            .where(Capture.url_key.in_(part), Capture.purpose.in_(DOCUMENTS))
            .order_by(Capture.captured_at, Capture.id)
        )
        for capture, verdict in rows:
            items = seen.get((capture.method, capture.url, capture.body_digest))
            if items is not None:
                items.append(Seen(capture, state_of(capture, verdict or "ok")))
    for items in seen.values():
        _prefer_rendered(items)
    _find_holders(session, [item for items in seen.values() for item in items])
    return seen


def find_runs(seen: Iterable[Seen]) -> list[Run]:
    """Maximal runs of consecutive captures with one content key; captures without content do not end a run."""
    found: list[Run] = []
    for item in seen:
        if item.state != "content" or item.content_key is None:
            continue
        if not found or found[-1].content_key != item.content_key:
            found.append(Run())
        found[-1].captures.append(item)
    return found


class VersionFinder:
    """Finds out what locators come to. Changes nothing: `archive.index.publications` writes it down.

    Args:
        database: where the captures are.
        source: where the WARC files are.
        basis: what readings are made with.
        overrides: what people decided about identities.
        workers: read the documents.
    """

    def __init__(
        self, database: Database, source: Source, basis: Basis, overrides: Overrides, workers: Workers
    ) -> None:
        self._database = database
        self._source = source
        self._basis = basis
        self._overrides = overrides
        self._workers = workers

    def derive(self, keys: Sequence[str]) -> VersionPlan:
        """Read what has to be read, and find publications and versions, of these locators (`locator_key`)."""
        with self._database.session() as session:
            plan = VersionPlan(load_seen(session, [tuple(json.loads(key)) for key in keys]))
            known = self._known_keys(session, plan)
        fresh: dict[tuple[str, Hints], AnnualReport] = {}
        self._find_keys(plan, known, fresh)
        _leave_out(plan)
        plan.runs = {locator: find_runs(items) for locator, items in plan.seen.items()}
        with self._database.session() as session:
            self._known_readings(session, plan)
        self._read_versions(plan, fresh)
        _leave_out(plan)
        return plan

    def _known_keys(self, session: Session, plan: VersionPlan) -> dict[str, str]:
        known: dict[str, str] = {}
        holders = {item.holder.id for items in plan.seen.values() for item in items if item.holder}
        for part in chunks(sorted(holders)):
            rows = session.execute(
                select(Content.capture_id, Content.content_key).where(
                    Content.capture_id.in_(part), Content.normaliser == self._basis.normaliser
                )
            )
            known.update((capture_id, key) for capture_id, key in rows)
        return known

    def _find_keys(
        self, plan: VersionPlan, known: dict[str, str], fresh: dict[tuple[str, Hints], AnnualReport]
    ) -> None:
        items = [item for group in plan.seen.values() for item in group if item.state == "content" and item.holder]
        tasks: dict[str, ReadTask] = {}
        for item in items:
            assert item.holder is not None
            if item.holder.id not in known:
                tasks.setdefault(item.holder.id, self._task(item))
        away: dict[str, str] = {}
        bad: dict[str, str] = {}
        for task, found in self._read(list(tasks.values())):
            if found.unreachable:
                away[task.capture] = found.problem or ""
                continue
            if found.content_key is None or found.report is None:
                bad[task.capture] = found.problem or "cannot be read"
                continue
            plan.contents[task.capture] = known[task.capture] = found.content_key
            fresh[task.capture, task.hints] = found.report
            plan.links[task.capture] = found.links
        for item in items:
            item.content_key = known.get(item.holder.id) if item.holder else None
        for locator, group in plan.seen.items():
            for item in group:
                if item.holder is not None and item.holder.id in away:
                    plan.waiting[locator] = away[item.holder.id]
                elif item.holder is not None and item.holder.id in bad:
                    plan.unread[locator] = bad[item.holder.id]

    def _known_readings(self, session: Session, plan: VersionPlan) -> None:
        """Readings that are stored on this basis, under the version id that they would get now."""
        firsts = {run.first.id: (locator, run) for locator, found in plan.runs.items() for run in found}
        for part in chunks(sorted(firsts)):
            rows = session.execute(
                select(Reading, Version.first_capture)
                .join(Version, Version.id == Reading.version_id)
                .where(
                    Version.first_capture.in_(part),
                    Reading.parser == self._basis.parser,
                    Reading.configuration == self._basis.configuration,
                )
            )
            for reading, first in rows:
                (method, url, body), run = firsts[first]
                identity = self._overrides.apply(first, identity_of(reading))
                publication = publication_id(identity.report_id, method, url, body)
                if version_id(publication, first) == reading.version_id:
                    run.reading, run.identity = reading, identity

    def _read_versions(self, plan: VersionPlan, fresh: dict[tuple[str, Hints], AnnualReport]) -> None:
        waiting: list[tuple[Locator, Run, ReadTask]] = []
        for locator, found in plan.runs.items():
            for run in found:
                if run.reading is None:
                    task = self._task(run.captures[0])
                    run.report = fresh.get((task.capture, task.hints))
                    if run.report is None:
                        waiting.append((locator, run, task))
        results = self._read([task for _, _, task in waiting])
        for (locator, run, _), (_, result) in zip(waiting, results, strict=True):
            run.report = result.report
            plan.links[result.capture] = result.links
            if result.unreachable:
                plan.waiting[locator] = result.problem or ""
            elif result.problem is not None:
                plan.unread[locator] = result.problem
        for found in plan.runs.values():
            for run in found:
                if run.report is not None:
                    run.identity = self._overrides.apply(run.first.id, identity_of(run.report))

    def _task(self, item: Seen) -> ReadTask:
        holder = item.holder
        assert holder is not None
        hints = hints_of(item.capture.url, holder.media_type, item.capture.hints)
        return ReadTask(self._source, holder.record_location, hints)

    def _read(self, tasks: list[ReadTask]) -> Iterable[tuple[ReadTask, ReadResult]]:
        return zip(tasks, self._workers.map(read, tasks, unread, patience=READ_PATIENCE), strict=True)


def _leave_out(plan: VersionPlan) -> None:
    """Say nothing of what cannot be read now: it would look as if it had gone."""
    for locator in plan.waiting:
        plan.seen.pop(locator, None)
        plan.runs.pop(locator, None)
        plan.unread.pop(locator, None)


def is_gone(items: Sequence[Seen]) -> bool:
    """Whether the latest capture that says anything says that the document is not there any more."""
    said = [item.state for item in items if item.state != "nothing"]
    return bool(said) and said[-1] == "gone"


def _prefer_rendered(items: list[Seen]) -> None:
    """Where a crawl drew a page with the browser, the drawn page is the document and the bare answer is not.

    Nor is it where the drawing came to nothing, once the page was ever drawn: in that crawl, and wherever the very same
    bare answer stands alone.
    """
    whole = {item.capture.crawl_id for item in items if _is_drawn(item.capture) and item.state == "content"}
    if not whole:
        return
    tried = {item.capture.crawl_id for item in items if _is_drawn(item.capture)}
    bare = [item for item in items if not _is_drawn(item.capture) and item.state == "content"]
    shells = {item.capture.digest for item in bare if item.capture.crawl_id in whole}
    for item in bare:
        if item.capture.crawl_id in tried or (item.capture.digest is not None and item.capture.digest in shells):
            item.state = "nothing"


def _is_drawn(capture: Capture) -> bool:
    """A rendered page, or a revisit of one."""
    return capture.kind == "rendered" or capture.rendered_by is not None


def _find_holders(session: Session, items: Sequence[Seen]) -> None:
    known = {item.capture.id: item.capture for item in items}
    while True:
        missing = {
            capture.original
            for capture in known.values()
            if capture.kind == "revisit" and capture.original and capture.original not in known
        }
        if not missing:
            break
        found: list[Capture] = []
        for part in chunks(sorted(missing)):
            found.extend(session.scalars(select(Capture).where(Capture.id.in_(part))))
        if not found:
            break
        known.update({capture.id: capture for capture in found})
    for item in items:
        item.holder = holder_of(item.capture, known.get)
        if item.holder is None and item.state == "content":
            item.state = "nothing"  # `gongkai verify` names revisits whose original is not there
