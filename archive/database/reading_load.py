"""What hangs on readings, read as it was written (`archive.database.reading_store`): rows, and packs beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Integer, Text, cast, select, type_coerce
from sqlalchemy.orm import Session

from archive import identifiers
from archive.database.derived_tables import STATUSES
from archive.database.models import (
    AcrossChecks,
    CheckKind,
    CheckRow,
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
from parsers import decimal_text

Columns = tuple[tuple[str | None, ...], ...]
"""What is packed of a reading: each column with a text, or nothing, for every row."""


@dataclass(frozen=True, slots=True)
class ValueColumns:
    """What SQL knows of the figures of one reading, column by column, in order of the codes.

    ``values`` is canonical decimal text.
    """

    codes: tuple[str, ...]
    units: tuple[str | None, ...]
    values: tuple[str | None, ...]
    statuses: tuple[str, ...]


NO_VALUES = ValueColumns((), (), (), ())
"""Of a reading without figures."""


def load_value_columns(session: Session, readings: Iterable[str]) -> dict[str, ValueColumns]:
    """Values, statuses and units of the figures of readings; a reading without figures is not there."""
    found: dict[str, ValueColumns] = {}
    for part in chunks(list(readings)):
        ids = {key: name for name, key in _keys(session, part)}
        query = (
            # the plain number and text: converting each by itself would take longer than reading it
            select(
                FigureRow.reading_key,
                FigureRow.code_key,
                type_coerce(FigureRow.status, Integer),
                cast(FigureRow.value, Text),
            )
            .where(FigureRow.reading_key.in_(ids))
            .order_by(FigureRow.reading_key, FigureRow.code_key)
        )
        rows = session.execute(query).all()
        codes = _codes(session, sorted({row[1] for row in rows}))
        orders: dict[tuple[int, ...], _Order] = {}  # of one form nearly all readings have the same codes
        for reading, group in groupby(rows, itemgetter(0)):
            _, keys, statuses, values = zip(*group, strict=True)
            order = orders.get(keys)
            if order is None:
                order = orders[keys] = _Order.of([codes[key] for key in keys])
            found[ids[reading]] = ValueColumns(
                order.codes,
                order.units,
                tuple([values[at] for at in order.places]),
                tuple([STATUSES[statuses[at]] for at in order.places]),
            )
    return found


def load_figure_packs(session: Session, readings: Iterable[str]) -> dict[str, Columns]:
    """What is packed of the figures of readings, column by column as `FigurePack` has it, in order of the codes."""
    return _pack_columns(session, ReadingPack.figures, FigurePack, readings)


def load_figures(session: Session, readings: Iterable[str]) -> dict[str, list[FigureLine]]:
    """Figures of readings, in order of their codes."""
    found: dict[str, list[FigureLine]] = {}
    for part in chunks(list(readings)):
        packs = load_figure_packs(session, part)
        columns = load_value_columns(session, part)
        for reading in part:
            known = columns.get(reading, NO_VALUES)
            rows = list(zip(known.codes, map(_decimal, known.values), known.statuses, known.units, strict=True))
            packed = list(zip(*packs.get(reading, ()), strict=True))
            found[reading] = [
                FigureLine(
                    reading, code, value, status, long(raw, value), unit, method or "", from_json(confidence),
                    from_json(alternatives, []), place or "{}",
                )
                for (code, value, status, unit), (raw, method, confidence, alternatives, place) in _beside(
                    reading, rows, packed
                )
            ]  # fmt: skip
    return found


def load_values(session: Session, readings: Iterable[str]) -> dict[str, dict[str, tuple[Decimal | None, str]]]:
    """Value and status of figures, by reading and code, in order of the codes."""
    return {
        reading: dict(zip(known.codes, zip(map(_decimal, known.values), known.statuses, strict=True), strict=True))
        for reading, known in load_value_columns(session, readings).items()
    }


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
    for part in chunks(wanted):
        reports = dict(_reports(session, part))
        packs = _check_packs(session, part)
        kinds = _kinds(session, {int(number or 0) for pack in packs.values() for number in pack[0]})
        for reading, columns in packs.items():
            cells = {code: (status, value) for code, (value, status) in values.get(reading, {}).items()}
            rows = zip(*columns, strict=True)
            found[reading] = [_within(reading, reports.get(reading), kinds, cells, row) for row in rows]
    return found


def load_failed(session: Session, readings: Iterable[str]) -> dict[str, list[CheckLine]]:
    """Outcomes of the rules within readings that failed; a reading without any is not there."""
    found: dict[str, list[CheckLine]] = {}
    for part in chunks(list(readings)):
        query = (
            select(Reading.id, CheckRow.rule, CheckRow.target, CheckRow.lhs, CheckRow.rhs, CheckRow.evidence)
            .join(CheckRow, CheckRow.reading_key == Reading.key)
            .where(Reading.id.in_(part), CheckRow.outcome == "fail")
        )
        evidence = {(row[0], *row[1:-1]): row[-1] for row in session.execute(query)}
        failing = sorted({key[0] for key in evidence})
        reports = dict(_reports(session, failing))
        packs = {
            reading: [row for row in zip(*columns, strict=True) if row[1] == "fail"]
            for reading, columns in _check_packs(session, failing).items()
        }
        kinds = _kinds(session, {int(row[0] or 0) for rows in packs.values() for row in rows})
        for reading, rows in packs.items():
            found[reading] = []
            for row in rows:
                line = _within(reading, reports.get(reading), kinds, None, row)
                known = line.evidence or evidence[reading, line.rule, line.target, line.lhs, line.rhs]
                found[reading].append(replace(line, evidence=known))
    return found


def load_failed_across(session: Session, reports: Iterable[str]) -> dict[str, list[CheckLine]]:
    """Outcomes across reports that failed, by the report that they are shown with."""
    failing: list[str] = []
    for part in chunks(list(reports)):
        query = select(CheckRow.across).where(CheckRow.across.in_(part), CheckRow.outcome == "fail").distinct()
        failing += [report for report in session.scalars(query) if report is not None]
    return {
        report: [line for line in lines if line.outcome == "fail"]
        for report, lines in load_across(session, failing).items()
    }


def _check_packs(session: Session, readings: Iterable[str]) -> dict[str, Columns]:
    """Outcomes of the rules within readings, column by column as `CheckPack` has them."""
    return _pack_columns(session, ReadingPack.checks, CheckPack, readings)


def _pack_columns(
    session: Session, column: Any, pack: type[FigurePack | CheckPack], readings: Iterable[str]
) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    for part in chunks(list(readings)):
        found |= {reading: pack.read(data).columns for reading, data in _packs(session, column, part)}
    return found


def _kinds(session: Session, numbers: Iterable[int]) -> dict[int, CheckKind]:
    found: dict[int, CheckKind] = {}
    for part in chunks(sorted(numbers)):
        found |= {kind.key: kind for kind in session.scalars(select(CheckKind).where(CheckKind.key.in_(part)))}
    return found


class OutcomeLine(NamedTuple):
    """What a rule came to, without what it rests on; ``lhs`` and ``rhs`` are canonical decimal text."""

    rule: str
    target: str
    lhs: str | None
    rhs: str | None
    outcome: str
    severity: str
    codes: list[str]
    others: list[str]
    finding: str
    across: bool


def load_outcomes(session: Session, reports: Mapping[str, str]) -> dict[str, list[OutcomeLine]]:
    """Outcomes of all rules, within readings and across reports, in the order in which they are shown.

    Args:
        session: for reading.
        reports: the readings that reports stand on, by their ids.
    """
    packs = _check_packs(session, reports.values())
    kinds = {
        key: (kind.rule, kind.target, kind.severity, from_json(kind.codes))
        for key, kind in _kinds(session, {int(number or 0) for pack in packs.values() for number in pack[0]}).items()
    }
    across = load_across(session, reports)
    found: dict[str, list[OutcomeLine]] = {}
    for report, reading in reports.items():
        lines = [
            OutcomeLine(
                check.rule, check.target, decimal_text(check.lhs), decimal_text(check.rhs), check.outcome,
                check.severity, check.codes, check.others, check.finding, across=True,
            )
            for check in sorted(across.get(report, ()), key=attrgetter("id"))
        ]  # fmt: skip
        for number, outcome, lhs, rhs, _ in zip(*packs.get(reading, ()), strict=True):
            key = int(number or 0)
            rule, target, severity, codes = kinds[key]
            finding = identifiers.finding_id(report, rule, target)
            lines.append(
                OutcomeLine(
                    rule, target, lhs, second_side(lhs, rhs), outcome or "", severity, codes, [], finding, across=False
                )
            )
        lines.sort(key=itemgetter(0, 1))  # of one rule on one target those across reports first, as their ids are
        found[report] = lines
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
    reading: str, report: str | None, kinds: Mapping[int, CheckKind], cells: Cells | None, row: Sequence[str | None]
) -> CheckLine:
    """An outcome within a reading; without the figures its evidence may be missing."""
    number, outcome, lhs, rhs, evidence = row
    kind = kinds[int(number or 0)]
    rhs = second_side(lhs, rhs)
    codes = from_json(kind.codes)
    finding = identifiers.finding_id(report, kind.rule, kind.target)
    if evidence is None and cells is not None:
        evidence = check_evidence(outcome or "", lhs, rhs, codes, cells)
    return CheckLine(
        f"{reading}:{finding}", reading, report, kind.rule, kind.target, _decimal(lhs), _decimal(rhs), outcome or "",
        kind.severity, codes, [], finding, evidence or "",
    )  # fmt: skip


def _of_reports(report: str, row: Sequence[str | None]) -> CheckLine:
    rule, target, outcome, severity, lhs, rhs, codes, others, evidence = row
    named: list[str] = from_json(others, [])
    finding = identifiers.finding_id(report, rule or "", target or "", tuple(named))
    return CheckLine(
        f"across:{finding}", None, report, rule or "", target or "", _decimal(lhs), _decimal(rhs), outcome or "",
        severity or "", from_json(codes, []), named, finding, evidence or "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Order:
    """Figures in order of their codes: from which place each is taken, its code, its unit."""

    places: tuple[int, ...]
    codes: tuple[str, ...]
    units: tuple[str | None, ...]

    @classmethod
    def of(cls, named: Sequence[tuple[str, str | None]]) -> _Order:
        places = sorted(range(len(named)), key=lambda at: named[at][0])
        return cls(tuple(places), tuple(named[at][0] for at in places), tuple(named[at][1] for at in places))


def _keys(session: Session, readings: Sequence[str]) -> Iterator[tuple[str, int]]:
    """By reading, the number that what hangs on it refers to."""
    yield from session.execute(select(Reading.id, Reading.key).where(Reading.id.in_(readings)))


def _codes(session: Session, keys: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    """Codes with their units, by their numbers."""
    found: dict[int, tuple[str, str | None]] = {}
    for part in chunks(keys):
        query = select(Code.key, Code.code, Code.unit).where(Code.key.in_(part))
        found |= {key: (code, unit) for key, code, unit in session.execute(query)}
    return found


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
    require_as_many(reading, len(rows), len(packed))
    return zip(rows, packed, strict=True)


def require_as_many(reading: str, rows: int, packed: int) -> None:
    """Refuse a reading of which more or less is packed than it has rows.

    Raises:
        DamagedPack: one of the two was lost.
    """
    if rows != packed:
        raise DamagedPack(f"({reading}) has {packed} parts for {rows} rows")
