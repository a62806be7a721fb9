"""What earlier crawls hold of what is asked now: validators, originals of a 304, the same bytes once more.

All of it comes from the database and costs nothing but room when that does not answer: then everything is asked for and
kept in full, and counted.
"""

from __future__ import annotations

import hashlib
from collections import Counter

from archive import ArchiveError
from archive.captures import Prior
from archive.discoveries import shortened
from archive.payloads import DiscoveryPayload
from archive.storage import open_storage
from archive.warc import HttpMessage, build
from archive.warc.build import digest_forms
from crawler.capture import records
from crawler.capture.ask import CrawlPlan
from crawler.capture.records import Asked, PriorPicture
from crawler.capture.replay import read_original, read_picture
from crawler.capture.wire import Exchange


class Earlier:
    """Look-ups of one run in what came before it.

    Args:
        plan: of the run; ``prior`` is the look-up, ``dedupe`` whether the same is kept once.
        counts: of the run.
    """

    def __init__(self, plan: CrawlPlan, counts: Counter[str]) -> None:
        self._plan = plan
        self._counts = counts

    def of(self, asked: Asked) -> Prior | None:
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
        return found

    def original(self, asked: Asked, exchange: Exchange) -> tuple[HttpMessage | None, bool]:
        """What a 304 refers to; and whether it cannot be read."""
        if exchange.status != 304 or not asked.conditional or asked.prior is None:
            return None, False
        try:
            return read_original(self._plan.home, records.place_of(asked.prior)).http(), False
        except ArchiveError:
            self._counts["capture/original_unreadable"] += 1
            return None, True

    def same_payload(self, asked: Asked, exchange: Exchange, message: HttpMessage) -> bool:
        """Whether an earlier capture of this very request holds these very bytes; ``asked.prior`` then is that capture.

        Pages that are missing or refused in the same words are no news either.
        """
        if not self._plan.dedupe or self._plan.prior is None or exchange.status is None:
            return False
        entity = message.entity()
        if not entity:
            return False
        digest = build.digest(entity)
        if exchange.status == 200 and asked.prior is not None and asked.prior.payload_digest in digest_forms(digest):
            return True
        body = hashlib.sha256(asked.body).hexdigest() if asked.body else None
        try:
            found: Prior | None = self._plan.prior.prior_answer(asked.url, asked.method, body, exchange.status, digest)
        except ArchiveError:
            self._without_database()
            return False
        asked.prior = found or asked.prior
        return found is not None

    def rendered(self, url: str, html: bytes) -> tuple[Prior | None, PriorPicture | None]:
        """An earlier capture of this very DOM, and the picture beside it."""
        if self._plan.prior is None or not self._plan.dedupe or not html:
            return None, None
        try:
            prior: Prior | None = self._plan.prior.prior_rendered(url, build.digest(html))
        except ArchiveError:
            self._without_database()
            return None, None
        if prior is None:
            return None, None
        try:
            return prior, read_picture(self._plan.home, prior)
        except ArchiveError:
            self._counts["capture/original_unreadable"] += 1
            return None, None

    def discovery(self, payload: DiscoveryPayload) -> DiscoveryPayload:
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
            return shortened(payload, place, open_storage(self._plan.home))
        except ArchiveError:
            self._counts["capture/original_unreadable"] += 1
            return payload

    def _without_database(self) -> None:
        """The database went away: answers are asked for and kept in full, which needs none."""
        self._counts["capture/prior_unknown"] += 1
