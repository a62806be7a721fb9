"""Which report a document is: what its reading says, and what people have decided about that.

A decision is an act in the archive (`archive.decisions`): a *classification* says of one capture whose report it is and
for which year, a *merge* says that two agencies are one. Acts win over readings and survive them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from archive import identifiers
from archive.database.models import Act, Reading
from parsers import AnnualReport

_REPORTS = frozenset({"report", "partial"})


@dataclass(frozen=True, slots=True)
class Body:
    """An agency: canonical name, kind, and the division it belongs to (code, name, level)."""

    name: str
    kind: str | None
    division: tuple[str, str, str] | None

    @property
    def id(self) -> str:
        """Its derived id."""
        return identifiers.agency_id(self.division[0] if self.division else None, self.kind, self.name)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is. A report needs a body and a year; without them it is kept, but is nobody's report."""

    outcome: str
    body: Body | None
    year: int | None
    series: str = identifiers.MAIN_SERIES

    @property
    def report_id(self) -> str | None:
        """Id of the report, None where the document is none or does not say which."""
        if self.outcome not in _REPORTS or self.body is None or self.year is None:
            return None
        return identifiers.report_id(self.body.id, self.year, self.series)


@dataclass(slots=True)
class Overrides:
    """Decisions of people: by capture id, and by agency id."""

    classifications: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    merges: dict[str, Body] = field(default_factory=dict)

    @classmethod
    def of(cls, acts: Iterable[Act]) -> Overrides:
        """Read acts in order of time; a later one replaces an earlier one on the same target."""
        found = cls()
        for act in sorted(acts, key=lambda act: (act.when, act.id)):
            if act.kind == "classification":
                if act.decision == "withdraw":
                    found.classifications.pop(act.target, None)
                else:
                    found.classifications[act.target] = act.facts
            elif act.kind == "merge":
                if act.decision == "withdraw":
                    found.merges.pop(act.target, None)
                else:
                    found.merges[act.target] = body_from(act.facts)
        return found

    def apply(self, capture: str, identity: Identity) -> Identity:
        """``identity`` as people corrected it."""
        facts = self.classifications.get(capture)
        if facts is not None:
            identity = Identity(
                str(facts.get("outcome") or "report"),
                body_from(facts) if facts.get("name") else identity.body,
                int(facts["year"]) if facts.get("year") is not None else identity.year,
                str(facts.get("series") or identity.series),
            )
        body = identity.body
        for _ in range(8):  # merges may follow one another; a circle of them must not hold us
            if body is None or body.id not in self.merges:
                break
            body = self.merges[body.id]
        return identity if body == identity.body else replace(identity, body=body)


def body_from(facts: Mapping[str, Any]) -> Body:
    """The agency that an act names: ``name``, ``kind`` and ``division`` {code, name, level}."""
    division = facts.get("division")
    return Body(
        str(facts["name"]),
        facts.get("kind"),
        (str(division["code"]), str(division["name"]), str(division["level"])) if division else None,
    )


def identity_of(report: AnnualReport | Reading) -> Identity:
    """What a reading says, fresh or stored."""
    division: tuple[str, str, str] | None = None
    if isinstance(report, Reading):
        if report.division_code is not None:
            division = (report.division_code, report.division_name or "", report.division_level or "")
    elif report.division is not None:
        division = (report.division.code, report.division.name, report.division.level)
    body = Body(report.agency_name, report.agency_kind, division) if report.agency_name else None
    return Identity(report.outcome, body, report.year)
