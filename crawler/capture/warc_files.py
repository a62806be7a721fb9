"""The WARC files of one run: opened with the crawl's own record, appended to, sealed, and closed by the crawl's end.

The end stands in a small file of its own, for two reasons: it lists the sealed files with their digests, so they must
be sealed before; and whether a crawl ended is then seen at the head of a file, without reading gigabytes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from archive import ArchiveError
from archive.warc import Draft, RecordLocation, WarcWriter
from archive.warc.seal import read_seals
from crawler.capture import records
from crawler.crawl_plan import CrawlPlan


class CrawlFiles:
    """The files of one run.

    Attributes:
        fatal: why nothing more can be written; the run must stop, since what cannot be kept must not be fetched.
    """

    def __init__(self, plan: CrawlPlan, crawl: str, clock: datetime, user_agent: str) -> None:
        self._plan = plan
        self._crawl = crawl
        self._clock = clock
        self._user_agent = user_agent
        self._writer = self._new()
        self.fatal: ArchiveError | None = None

    def append(self, drafts: Sequence[Draft]) -> list[RecordLocation]:
        """Write records that belong together.

        Raises:
            ArchiveError: they cannot be kept.
        """
        if self.fatal is not None:
            raise self.fatal
        try:
            return self._writer.append(drafts)
        except ArchiveError as error:
            self.fatal = error
            raise

    async def settle(self) -> None:
        """Wait until everything appended is on disk.

        Raises:
            ArchiveError: the disk did not take it.
        """
        try:
            await self._writer.settle()
        except ArchiveError as error:
            self.fatal = error
            raise

    def close(self) -> None:
        """Seal what is open. After a failure what can be sealed is, and the rest is left to recovery."""
        with contextlib.suppress(ArchiveError) if self.fatal is not None else contextlib.nullcontext():
            self._writer.close()

    def end(
        self,
        reason: str,
        counts: dict[str, int],
        stats: dict[str, Any],
        learned: list[dict[str, Any]],
        *,
        problems: Sequence[str] = (),
        columns: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Record the crawl's end, after `close`."""
        mine = f"{self._crawl}-"
        payload = records.crawl_end_payload(
            self._plan,
            self._crawl,
            reason=reason,
            counts=counts,
            stats=stats,
            seals=[seal for seal in read_seals(self._plan.home.warc).values() if seal.file.startswith(mine)],
            learned=learned,
            problems=problems,
            columns=columns,
        )
        last = self._new(brief=True)
        last.append([records.metadata_draft(payload)])
        last.close()

    def _new(self, *, brief: bool = False) -> WarcWriter:
        """A writer; ``brief`` leaves the profile's text, which the files before it have, to its digest."""
        plan = self._plan
        payload = records.crawl_payload(plan, self._crawl, self._clock)
        head = records.metadata_draft(payload.model_copy(update={"profile": ""}) if brief else payload)
        info = records.warcinfo_fields(plan, self._crawl, self._user_agent)
        return WarcWriter(
            plan.home.warc, self._crawl, info, preamble=[head], durable=plan.durable, made_up=bool(plan.connect_to)
        )
