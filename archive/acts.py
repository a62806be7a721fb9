"""Acts of people (verdicts, classifications, merges, imports), archived before the database changes.

Each call writes one sealed file ``acts-*.warc.gz`` of its own: acts are rare, every one has to survive whatever happens
to the database a moment later, and no lock between processes is needed.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.database.models import Act
from archive.home import Home
from archive.metadata import CONTENT_TYPE, ActMetadata
from archive.warc import RecordLocation, WarcWriter, build, warc_date

PREFIX = "acts"


def record_acts(home: Home, acts: Sequence[ActMetadata]) -> list[RecordLocation]:
    """Archive acts; when this returns they are on disk in a sealed file, and the database may follow.

    Raises:
        WarcError: they could not be kept. Nothing else may then be changed.
    """
    if not acts:
        return []
    info = {"software": f"gongkai/{version('gongkai')}", "description": "Acts of people on this archive"}
    writer = WarcWriter(home.warc, PREFIX, info)
    drafts = [build.metadata(act.as_bytes(), CONTENT_TYPE, date=act.when) for act in acts]
    places = writer.append(drafts)
    writer.close()
    return places


def standing(session: Session, act: ActMetadata) -> Act | None:
    """The act that stands and says the same: it was archived, and its author was not told (a kill came between).

    Only the latest on its target counts: what was taken back in between may be said again. An act with a reason is not
    the same as one with another reason.
    """
    query = select(Act).where(Act.kind == act.kind, Act.target == act.target)
    if act.kind in {"verdict", "import"}:
        query = query.where(Act.evidence == act.evidence)
    last = session.scalars(query.order_by(Act.when.desc(), Act.id.desc()).limit(1)).first()
    if last is None or (last.decision, last.who, last.evidence) != (act.decision, act.who, act.evidence):
        return None
    said = act.note is None or act.note == last.note
    return last if said and (act.kind == "import" or last.facts == act.facts) else None


def settle_acts(home: Home) -> bool:
    """Seal acts that a dead process left open; whether there were any. The index knows them when it has run."""
    from archive.storage.recover import recover_directory

    return any(done.state != "in_use" for done in recover_directory(home, prefix=f"{PREFIX}-"))


def new_act(
    kind: Literal["verdict", "classification", "merge", "import"],
    target: str,
    decision: str,
    *,
    who: str | None = None,
    evidence: str | None = None,
    note: str | None = None,
    facts: Mapping[str, Any] | None = None,
) -> ActMetadata:
    """An act of now, by ``who`` (else ``GONGKAI_OPERATOR``, else the user's name on this machine)."""
    return ActMetadata(
        kind=kind,
        who=who or os.environ.get("GONGKAI_OPERATOR") or _user(),
        when=warc_date(),
        target=target,
        decision=decision,
        evidence=evidence,
        note=note,
        facts=dict(facts or {}),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number without a name
        return f"uid {os.getuid()}"
