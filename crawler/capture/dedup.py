"""What earlier crawls hold of what is asked now: validators, originals of a 304, the same bytes once more.

All of it comes from the database and costs nothing but room when that, or the store with the files, does not answer:
then everything is asked for and kept in full, and counted. Nothing is kept as the same that was not read back and
compared: a revisit of what is lost would lose the page twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter

from archive import ArchiveError
from archive.access.captures import Prior
from archive.index.discoveries import shortened
from archive.metadata import DiscoveryMetadata
from archive.warc import HttpMessage, Record, build
from archive.warc.build import digest_forms
from crawler.capture.prior_records import PriorRecords
from crawler.capture.records import PriorPicture
from crawler.capture.request import PendingRequest
from crawler.capture.wire.client import Exchange
from crawler.crawl_plan import CrawlPlan


class Dedup:
    """Look-ups of one run in what came before it.

    Args:
        plan: of the run; ``prior`` is the look-up, ``dedupe`` whether the same is kept once.
        prior_records: reads the records.
        counts: of the run.
    """

    def __init__(self, plan: CrawlPlan, prior_records: PriorRecords, counts: Counter[str]) -> None:
        self._plan = plan
        self._prior_records = prior_records
        self._counts = counts

    def of(self, asked: PendingRequest) -> Prior | None:
        """The last capture of this very request."""
        look_up = self._plan.prior
        if look_up is None:
            return None
        body = hashlib.sha256(asked.body).hexdigest() if asked.body else None
        try:
            found: Prior | None = look_up.prior(asked.url, asked.method, body)
        except ArchiveError:
            self._without_database()
            return None
        return found if found is None or self._prior_records.within_reach(found.location.file) else None

    async def original(self, asked: PendingRequest, exchange: Exchange) -> tuple[HttpMessage | None, bool]:
        """What a 304 refers to; and whether it cannot be read."""
        if exchange.status != 304 or not asked.conditional or asked.prior is None:
            return None, False
        record = await self._read(asked.prior)
        return (None, True) if record is None else (record.http(), False)

    async def same_payload(self, asked: PendingRequest, exchange: Exchange, message: HttpMessage) -> bool:
        """Whether an earlier capture of this very request holds these very bytes; ``asked.prior`` then is that capture.

        Pages that are missing or refused in the same words are no news either.
        """
        if not self._plan.dedupe or self._plan.prior is None or exchange.status is None:
            return False
        entity = message.entity()
        if not entity:
            return False
        found = self._with_payload(asked, exchange.status, build.digest(entity))
        if found is None or (record := await self._read(found)) is None:
            return False
        if not record.is_http or record.http().entity() != entity:
            self._counts["capture/original_unreadable"] += 1
            return False
        asked.prior = found
        return True

    def _with_payload(self, asked: PendingRequest, status: int, digest: str) -> Prior | None:
        """The capture of this very request that has this payload, as the index says."""
        if status == 200 and asked.prior is not None and asked.prior.payload_digest in digest_forms(digest):
            return asked.prior
        assert self._plan.prior is not None
        body = hashlib.sha256(asked.body).hexdigest() if asked.body else None
        try:
            found: Prior | None = self._plan.prior.prior_answer(asked.url, asked.method, body, status, digest)
        except ArchiveError:
            self._without_database()
            return None
        return found

    async def rendered(self, url: str, html: bytes) -> tuple[Prior | None, PriorPicture | None]:
        """An earlier capture of this very DOM, and the picture beside it."""
        if self._plan.prior is None or not self._plan.dedupe or not html:
            return None, None
        try:
            prior: Prior | None = self._plan.prior.prior_rendered(url, build.digest(html))
        except ArchiveError:
            self._without_database()
            return None, None
        if prior is None or (record := await self._read(prior)) is None:
            return None, None
        try:
            if record.block == html:
                return prior, await self._prior_records.picture(prior)
        except ArchiveError:
            pass
        self._counts["capture/original_unreadable"] += 1
        return None, None

    def discovery(self, payload: DiscoveryMetadata) -> DiscoveryMetadata:
        """A list that offers what it offered before refers to the record that says so."""
        if self._plan.prior is None or not self._plan.dedupe or not payload.candidates:
            return payload
        try:
            place = self._plan.prior.prior_discovery(payload.list_url, payload.column, payload.page)
        except ArchiveError:
            self._without_database()
            return payload
        if place is None:
            return payload
        try:
            return self._prior_records.at_once(place.file, lambda source: shortened(payload, place, source))
        except ArchiveError:
            self._counts["capture/original_unreadable"] += 1
            return payload

    async def _read(self, prior: Prior) -> Record | None:
        """The record of an earlier capture; None, and counted, when it cannot be had."""
        try:
            return await self._prior_records.record(prior.location)
        except ArchiveError:
            self._counts["capture/original_unreadable"] += 1
            return None

    def _without_database(self) -> None:
        """The database went away: answers are asked for and kept in full, which needs none."""
        self._counts["capture/prior_unknown"] += 1
