"""What hangs on readings, read as it was written (`archive.database.reading_store`): rows, and packs beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import identifiers
from archive.database.models import (
    AcrossChecks,
    CheckKind,
    Code,
    FigureRow,
    ProseRow,
    Publication,
    Reading,
    ReadingPack,
    ReadingText,
    Version,
)
from archive.database.packs import (
    AcrossPack,
    CheckPack,
    FigurePack,
    IssuePack,
    ProsePack,
    SectionPack,
    from_json,
    long,
    second_side,
)
from archive.database.reading_lines import (
    Cells,
    CheckLine,
    FigureLine,
    IssueLine,
    ProseLine,
    SectionLine,
    check_evidence,
)
from archive.database.rows import chunks
from archive.errors import DamagedPack


def load_figures(session: Session, readings: Iterable[str]) -> dict[str, list[FigureLine]]:
    """Figures of readings, in order of their codes."""
    found: dict[str, list[FigureLine]] = {}
    for part in chunks(list(readings)):
        packs = dict(_packs(session, ReadingPack.figures, part))
        rows: dict[str, list[Any]] = defaultdict(list)
        query = (
            select(Reading.id, Code.code, FigureRow.value, FigureRow.status, Code.unit)
            .join(FigureRow, FigureRow.reading_key == Reading.key)
            .join(Code, Code.key == FigureRow.code_key)
            .where(Reading.id.in_(part))
            .order_by(Reading.id, Code.code)
        )
        for reading, *row in session.execute(query):
            rows[reading].append(row)
        for reading in part:
            packed = FigurePack.read(packs[reading]).rows() if reading in packs else []
            found[reading] = [
                FigureLine(
                    reading, code, value, status, long(raw, value), unit, method or "", from_json(confidence),
                    from_json(alternatives, []), place or "{}",
                )
                for (code, value, status, unit), (raw, method, confidence, alternatives, place) in _beside(
                    reading, rows[reading], packed
                )
            ]  # fmt: skip
    return found


def load_values(session: Session, readings: Iterable[str]) -> dict[str, dict[str, tuple[Decimal | None, str]]]:
    """Value and status of figures, by reading and code, in order of the codes."""
    found: dict[str, dict[str, tuple[Decimal | None, str]]] = {}
    for part in chunks(list(readings)):
        query = (
            select(Reading.id, Code.code, FigureRow.value, FigureRow.status)
            .join(FigureRow, FigureRow.reading_key == Reading.key)
            .join(Code, Code.key == FigureRow.code_key)
            .where(Reading.id.in_(part))
            .order_by(Reading.id, Code.code)
        )
        for reading, code, value, status in session.execute(query):
            found.setdefault(reading, {})[code] = value, status
    return found


def load_prose(session: Session, readings: Iterable[str]) -> dict[str, list[ProseLine]]:
    """Numbers in the text of readings, in the order of each."""
    found: dict[str, list[ProseLine]] = {}
    for part in chunks(list(readings)):
        packs = dict(_packs(session, ReadingText.prose, part))
        rows: dict[str, list[Any]] = defaultdict(list)
        query = (
            select(Reading.id, ProseRow.position, Code.code, ProseRow.value, ProseRow.status, Code.unit)
            .join(ProseRow, ProseRow.reading_key == Reading.key)
            .join(Code, Code.key == ProseRow.code_key)
            .where(Reading.id.in_(part))
            .order_by(Reading.id, ProseRow.position)
        )
        for reading, *row in session.execute(query):
            rows[reading].append(row)
        for reading in part:
            data = packs.get(reading)
            packed = ProsePack.read(data).rows() if data else []
            found[reading] = [
                ProseLine(
                    reading, position, code, value, status, long(raw, value), unit, from_json(confidence),
                    from_json(place, {}),
                )
                for (position, code, value, status, unit), (raw, confidence, place) in _beside(
                    reading, rows[reading], packed
                )
            ]  # fmt: skip
    return found


def load_sections(session: Session, readings: Iterable[str]) -> dict[str, list[SectionLine]]:
    """Sections of readings, in their order."""
    found: dict[str, list[SectionLine]] = {}
    for part in chunks(list(readings)):
        for reading, data in _packs(session, ReadingText.sections, part):
            rows = SectionPack.read(data).rows() if data else []
            found[reading] = [
                SectionLine(reading, at, int(number or 0), heading or "", text or "", from_json(place, {}))
                for at, (number, heading, text, place) in enumerate(rows)
            ]
    return found


def load_issues(session: Session, readings: Iterable[str]) -> dict[str, list[IssueLine]]:
    """Issues of readings, in the order of each; a reading without any is not there."""
    found: dict[str, list[IssueLine]] = {}
    for part in chunks(list(readings)):
        for reading, data in _packs(session, ReadingText.issues, part):
            rows = IssuePack.read(data).rows() if data else []
            found[reading] = [
                IssueLine(reading, at, code or "", message or "", from_json(place))
                for at, (code, message, place) in enumerate(rows)
            ]
    return found


def load_checks(session: Session, readings: Iterable[str]) -> dict[str, list[CheckLine]]:
    """All outcomes of the rules within readings, passed ones too."""
    wanted = list(readings)
    values = load_values(session, wanted)
    found: dict[str, list[CheckLine]] = {}
    kinds: dict[int, CheckKind] = {}
    for part in chunks(wanted):
        reports = dict(_reports(session, part))
        packs = {reading: CheckPack.read(data).rows() for reading, data in _packs(session, ReadingPack.checks, part)}
        asked = {int(row[0] or 0) for rows in packs.values() for row in rows} - kinds.keys()
        for some in chunks(sorted(asked)):
            kinds |= {kind.key: kind for kind in session.scalars(select(CheckKind).where(CheckKind.key.in_(some)))}
        for reading, rows in packs.items():
            cells = {code: (status, value) for code, (value, status) in values.get(reading, {}).items()}
            found[reading] = [_within(reading, reports.get(reading), kinds, cells, row) for row in rows]
    return found


def load_across(session: Session, reports: Iterable[str]) -> dict[str, list[CheckLine]]:
    """All outcomes across reports, by the report that they are shown with."""
    found: dict[str, list[CheckLine]] = {}
    for part in chunks(list(reports)):
        query = select(AcrossChecks.report_id, AcrossChecks.checks).where(AcrossChecks.report_id.in_(part))
        for report, data in session.execute(query):
            found[report] = [_of_reports(report, row) for row in AcrossPack.read(data).rows()]
    return found


def _within(
    reading: str, report: str | None, kinds: Mapping[int, CheckKind], cells: Cells, row: Sequence[str | None]
) -> CheckLine:
    number, outcome, lhs, rhs, evidence = row
    kind = kinds[int(number or 0)]
    rhs = second_side(lhs, rhs)
    codes = from_json(kind.codes)
    finding = identifiers.finding_id(report, kind.rule, kind.target)
    return CheckLine(
        f"{reading}:{finding}", reading, report, kind.rule, kind.target, _decimal(lhs), _decimal(rhs), outcome or "",
        kind.severity, codes, [], finding, evidence or check_evidence(outcome or "", lhs, rhs, codes, cells),
    )  # fmt: skip


def _of_reports(report: str, row: Sequence[str | None]) -> CheckLine:
    rule, target, outcome, severity, lhs, rhs, codes, others, evidence = row
    named: list[str] = from_json(others, [])
    finding = identifiers.finding_id(report, rule or "", target or "", tuple(named))
    return CheckLine(
        f"across:{finding}", None, report, rule or "", target or "", _decimal(lhs), _decimal(rhs), outcome or "",
        severity or "", from_json(codes, []), named, finding, evidence or "",
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _packs(session: Session, column: Any, readings: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """By reading, a pack of it."""
    query = (
        select(Reading.id, column)
        .join(Reading, Reading.key == column.class_.reading_key)
        .where(Reading.id.in_(readings))
    )
    yield from session.execute(query)


def _reports(session: Session, readings: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """By reading, the report that its publication is taken for."""
    query = (
        select(Reading.id, Publication.report_id)
        .join(Version, Version.id == Reading.version_id)
        .join(Publication, Publication.id == Version.publication_id)
        .where(Reading.id.in_(readings))
    )
    yield from session.execute(query)


def _beside(reading: str, rows: Sequence[Any], packed: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Rows and what is packed of them, one beside the other."""
    if len(rows) != len(packed):
        raise DamagedPack(f"({reading}) has {len(packed)} parts for {len(rows)} rows")
    return zip(rows, packed, strict=True)
