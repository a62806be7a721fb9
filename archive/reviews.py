"""What people decide: verdicts on findings, corrected classifications, merged agencies.

Every decision is an act in the archive *before* the database knows of it (`archive.acts`), so it can be rebuilt. A
verdict is tied to a finding (report, rule, target) and to the fingerprint of its evidence: it survives a new reading as
long as the figures it rests on are the same, and is asked again when they are not.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import Act


def verdicts(session: Session) -> dict[tuple[str, str], Act]:
    """The latest verdict by finding and evidence; withdrawn ones are left out."""
    query = select(Act).where(Act.kind == "verdict").order_by(Act.when, Act.id)
    found: dict[tuple[str, str], Act] = {}
    for act in session.scalars(query):
        key = (act.target, act.evidence or "")
        if act.decision == "withdraw":
            found.pop(key, None)
        else:
            found[key] = act
    return found
