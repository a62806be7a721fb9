"""What people decide: verdicts on findings, corrected classifications, merged agencies.

Every decision is an act in the archive *before* the database knows of it (`archive.acts`), so it can be rebuilt. A
verdict is tied to a finding (report, rule, target) and to the fingerprint of its evidence: it survives a new reading as
long as the figures it rests on are the same, and is asked again when they are not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from archive.acts import new_act, record_acts, settle_acts, standing
from archive.database import open_database
from archive.database.models import Act, Agency, Capture, CheckRow, Reading, Report
from archive.database.reading_lines import CheckLine
from archive.database.rows import AnySelect, chunks
from archive.errors import NotFound
from archive.home import Home
from archive.index.identity import Overrides
from archive.metadata import ActMetadata
from archive.records.details import check_json, checks_of, failed_of
from archive.records.reports import Filter, ReportLine, report_lines
from archive.urlkey import LAST

_TOGETHER = 50  # reports whose checks are in memory at once
_FEW = 5  # of them at first
_SEVERITY = {"error": 0, "warn": 1, "info": 2}
Decision = Literal["confirm", "dismiss", "withdraw"]


def verdicts(session: Session, findings: Collection[str] | None = None) -> dict[tuple[str, str], Act]:
    """The latest verdict by finding and evidence; withdrawn ones are left out.

    Args:
        session: for reading.
        findings: only verdicts on these; all when not given.
    """
    query = select(Act).where(Act.kind == "verdict").order_by(Act.when, Act.id)
    if findings is None:
        return _latest(session.scalars(query))
    if session.scalars(select(Act.id).where(Act.kind == "verdict").limit(1)).first() is None:
        return {}
    found: dict[tuple[str, str], Act] = {}
    for part in chunks(sorted(findings)):
        found |= _latest(session.scalars(query.where(Act.target.in_(part))))
    return found


def _latest(acts: Iterable[Act]) -> dict[tuple[str, str], Act]:
    found: dict[tuple[str, str], Act] = {}
    for act in acts:
        key = (act.target, act.evidence or "")
        if act.decision == "withdraw":
            found.pop(key, None)
        else:
            found[key] = act
    return found


def outdated(session: Session) -> dict[str, Act]:
    """By finding: the latest verdict that was given on other evidence than there is now, and has to be asked again."""
    given = verdicts(session)
    if not given:
        return {}
    answered: set[str] = set()
    for part in chunks(sorted({finding for finding, _ in given})):
        rows = session.execute(_standing(select(CheckRow.finding, CheckRow.evidence)).where(CheckRow.finding.in_(part)))
        answered.update(finding for finding, evidence in rows if (finding, evidence) in given)
    left = {finding: act for (finding, _), act in given.items() if finding not in answered}
    # What passes now has no row: it is looked up where the verdict says that it stands.
    reports = sorted({str(act.facts.get("report")) for act in left.values()})
    for part in chunks(reports):
        found = session.scalars(select(Report).where(Report.id.in_(part))).all()
        for checks in checks_of(session, found).values():
            answered.update(check.finding for check in checks if (check.finding, check.evidence) in given)
    return {finding: act for finding, act in left.items() if finding not in answered}


def decide(home: Home, finding: str, decision: Decision, *, who: str | None = None, note: str | None = None) -> Act:
    """Confirm or dismiss a finding, or take a verdict back.

    Args:
        home: of the archive.
        finding: its id, or the beginning of it.
        decision: ``confirm`` (the report is wrong), ``dismiss`` (there is a good reason), ``withdraw`` (ask again).
        who: the person; else ``GONGKAI_OPERATOR`` or the user's name.
        note: the reason.

    Raises:
        NotFound: no such finding, or several begin so, or it has no verdict to take back.
    """
    with open_database(home) as database:
        database.require_writable()
        with database.session() as session:
            check = _check(session, finding)
            given = verdicts(session)
    if decision == "withdraw" and (check.finding, check.evidence) not in given:
        raise NotFound("has no verdict to take back", subject=check.finding, advice="`gongkai checks` shows verdicts")
    facts = {"report": check.report_id, "rule": check.rule, "target": check.target, "outcome": check.outcome}
    act = new_act("verdict", check.finding, decision, who=who, evidence=check.evidence, note=note, facts=facts)
    return _keep(home, act)


def classify(
    home: Home,
    capture: str,
    facts: Mapping[str, Any],
    *,
    agency: str | None = None,
    who: str | None = None,
    note: str | None = None,
) -> Act:
    """Say of a capture what it is.

    Args:
        home: of the archive.
        capture: id of the first capture of a version (``gongkai history`` names it).
        facts: any of ``outcome``, ``year``, ``series``; empty (and no agency) to take an earlier classification back.
        agency: id of the agency whose report it is.
        who: the person.
        note: the reason.

    Raises:
        NotFound: there is no such capture or agency, or no correction to take back.
    """
    with open_database(home) as database, database.session() as session:
        database.require_writable()
        if session.get(Capture, capture) is None:
            raise NotFound("there is no such capture", subject=capture, advice="`gongkai history REPORT` names them")
        named = _body(session, agency) if agency else {}
        if not facts and not named and capture not in _decided(session).classifications:
            raise NotFound("has no correction to take back", subject=capture)
    said = {name: value for name, value in {**facts, **named}.items() if value is not None}
    return _keep(
        home, new_act("classification", capture, "correct" if said else "withdraw", who=who, note=note, facts=said)
    )


def merge(home: Home, agency: str, into: str | None, *, who: str | None = None, note: str | None = None) -> Act:
    """Say that one agency is another, or (``into`` None) that it is not after all.

    Raises:
        NotFound: there is no such agency, it is the same one, or no merge to take back.
    """
    if into == agency:
        raise NotFound("is one agency already", subject=agency, advice="Name two")
    facts: dict[str, Any] = {}
    with open_database(home) as database, database.session() as session:
        database.require_writable()
        if into is not None:
            facts = _body(session, into)
            _body(session, agency)
        elif agency not in _decided(session).merges:
            raise NotFound("is merged into no other", subject=agency)
    return _keep(home, new_act("merge", agency, "merge" if into else "withdraw", who=who, note=note, facts=facts))


def findings(
    session: Session,
    wanted: Filter | None = None,
    *,
    report: str | None = None,
    failed: bool = False,
    rule: str | None = None,
    after: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Checks of reports as they stand now, with the verdict on each; worst first within a report.

    Reports are read as the findings are asked for: whoever takes a few pays for a few.

    Args:
        session: for reading.
        wanted: which reports; all when not given.
        report: only the one of this id.
        failed: only checks that failed; reports without any are not read.
        rule: only checks of this rule.
        after: id of the finding behind which they begin.

    Yields:
        The check, its report, the ``verdict`` that stands, and in ``before`` the one given on other evidence.

    Raises:
        NotFound: there is no finding ``after``, or not in this list.
    """
    only = _failing(rule) if failed else None
    last = None if after is None else _check(session, after)
    if last is not None:
        lines = list(report_lines(session, wanted, report=last.report_id, only=only))
        own = list(_told_of(session, lines, failed=failed, rule=rule))
        places = [at for at, line in enumerate(own) if line["finding"] == last.finding]
        if not places:
            raise NotFound("is not in this list", subject=last.finding, advice="Name one that it ended with")
        yield from own[places[-1] + 1 :]
    further = None if last is None else last.report_id
    for part in _parts(report_lines(session, wanted, report=report, only=only, after=further)):
        yield from _told_of(session, part, failed=failed, rule=rule)


def count_failed(
    session: Session, wanted: Filter | None = None, *, report: str | None = None, rule: str | None = None
) -> dict[tuple[str, str], int]:
    """How many checks of reports as they stand now failed, by severity and rule, worst first."""
    found: dict[tuple[str, str], int] = {}
    query = select(CheckRow.severity, CheckRow.rule, func.count()).where(CheckRow.outcome == "fail")
    if rule is not None:
        query = query.where(CheckRow.rule == rule)
    within = query.join(Reading, Reading.key == CheckRow.reading_key).join(Report, Report.reading == Reading.id)
    across = query.join(Report, Report.id == CheckRow.across)
    for checks in (within, across):
        counted = (wanted or Filter()).apply(checks.join(Agency, Agency.id == Report.agency_id))
        if report is not None:
            counted = counted.where(Report.id == report)
        for severity, name, count in session.execute(counted.group_by(CheckRow.severity, CheckRow.rule)):
            found[severity, name] = found.get((severity, name), 0) + count
    return dict(sorted(found.items(), key=lambda item: (_SEVERITY.get(item[0][0], 9), item[0][1])))


def _told_of(
    session: Session, lines: Sequence[ReportLine], *, failed: bool, rule: str | None
) -> Iterator[dict[str, Any]]:
    """Checks of some reports, with the verdicts on them."""
    reports = [line.report for line in lines]
    checks = failed_of(session, reports) if failed else checks_of(session, reports)
    shown = {key: [check for check in rows if rule is None or check.rule == rule] for key, rows in checks.items()}
    given = verdicts(session, {check.finding for rows in shown.values() for check in rows})
    answered = {check.finding for rows in checks.values() for check in rows if (check.finding, check.evidence) in given}
    asked = {finding: act for (finding, _), act in given.items() if finding not in answered}
    for line in lines:
        for check in sorted(shown[line.report.id], key=_rank):
            act = given.get((check.finding, check.evidence))
            yield {
                **check_json(check),
                "report": line.report.id,
                "agency": line.agency.name,
                "year": line.report.year,
                "verdict": _told(act),
                "asked_before": check.finding in asked,
                "before": _told(asked.get(check.finding)),
            }


def _rank(check: CheckLine) -> tuple[int, str, str]:
    """The worst first."""
    return _SEVERITY.get(check.severity, 9), check.rule, check.target


def _parts(lines: Iterable[ReportLine]) -> Iterator[list[ReportLine]]:
    """Some lines at a time, whose checks are read together: few at first, for whoever wants no more."""
    source = iter(lines)
    some = _FEW
    while part := list(islice(source, some)):
        yield part
        some = min(2 * some, _TOGETHER)


def _failing(rule: str | None = None) -> ColumnElement[bool]:
    """That some check of a report failed (one of ``rule``)."""
    failed = select(CheckRow.key).where(CheckRow.outcome == "fail")
    if rule is not None:
        failed = failed.where(CheckRow.rule == rule)
    within = failed.join(Reading, Reading.key == CheckRow.reading_key).where(Reading.id == Report.reading)
    across = failed.where(CheckRow.across == Report.id)
    return or_(within.correlate(Report).exists(), across.correlate(Report).exists())


def _told(act: Act | None) -> dict[str, Any] | None:
    return {"decision": act.decision, "who": act.who, "when": act.when, "note": act.note} if act else None


def open_findings(session: Session) -> int:
    """Failed checks of reports as they stand now on which nobody has decided."""
    given = verdicts(session)
    query = _standing(select(CheckRow.finding, CheckRow.evidence)).where(CheckRow.outcome == "fail").distinct()
    if not given:
        return session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return sum(1 for finding, evidence in session.execute(query) if (finding, evidence) not in given)


def _standing(query: AnySelect) -> AnySelect:
    """Only checks of the readings that reports stand on now, and those across reports."""
    return (
        query.outerjoin(Reading, Reading.key == CheckRow.reading_key)
        .outerjoin(Report, Report.reading == Reading.id)
        .where(CheckRow.reading_key.is_(None) | Report.id.is_not(None))
    )


def _check(session: Session, finding: str) -> CheckLine:
    """The check that is meant, of those that did not pass; else of all."""
    query = _standing(select(CheckRow.finding, Report.id, CheckRow.across)).where(
        CheckRow.finding >= finding, CheckRow.finding < finding + LAST
    )
    named = {(name, report or across) for name, report, across in session.execute(query)}
    reports = select(Report).order_by(Report.id)
    if named:
        reports = reports.where(Report.id.in_({report for _, report in named}))
    found: dict[str, CheckLine] = {}
    for part in session.scalars(reports).partitions(_TOGETHER):
        for checks in checks_of(session, part).values():
            for check in checks:
                if (check.finding, check.report_id) in named or (not named and check.finding.startswith(finding)):
                    found.setdefault(check.finding, check)
    if len(found) != 1:
        raise NotFound(
            "several findings begin so" if found else "there is no such finding",
            subject=finding,
            advice="`gongkai checks` lists them",
        )
    return next(iter(found.values()))


def _body(session: Session, agency: str) -> dict[str, Any]:
    from archive.database.models import Division

    row = session.get(Agency, agency)
    if row is None:
        raise NotFound("there is no such agency", subject=agency, advice="`gongkai reports --json` names their ids")
    division = session.get(Division, row.division_code or "")
    named = {"code": division.code, "name": division.name, "level": division.level} if division else None
    return {"id": row.id, "name": row.name, "kind": row.kind, "division": named}


def _decided(session: Session) -> Overrides:
    """What stands of the corrections and merges so far."""
    return Overrides.of(session.scalars(select(Act)))


def _keep(home: Home, act: ActMetadata) -> Act:
    """Archive it, unless it stands already; the index then takes it in like everything else."""
    from archive.index.indexer import index  # with all readers of documents, which a look at findings does without

    settle_acts(home)
    index(home)
    with open_database(home) as database, database.session() as session:
        there = standing(session, act)
    if there is not None:
        return there
    place = record_acts(home, [act])[0]
    index(home)
    with open_database(home) as database, database.session() as session:
        return session.get_one(Act, place.record_id)
