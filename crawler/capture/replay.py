"""Answers given again: what this crawl (or, with ``--as-of``, every crawl up to a day) holds already.

Resuming is replaying: there is no queue on disk, the spider runs again and is given what it was given before.
"""

from __future__ import annotations

from collections import Counter

from archive import ArchiveError
from archive.metadata import FetchMetadata
from archive.signatures import Signatures
from archive.warc import Record
from crawler.capture import records
from crawler.capture.answer import HTML, MAX_CONTENT, Answer
from crawler.capture.prior_records import PriorRecords
from crawler.capture.replay_index import PART, ReplayEntry, ReplayIndex
from crawler.capture.request import CaptureRef, PendingRequest
from crawler.capture.shared_parts import Parts
from crawler.capture.warc_files import CrawlFiles
from crawler.capture.wire.cookies import Cookies


class Replay:
    """The answers that a run holds, as answers.

    Args:
        prior_records: reads the records.
        crawl: the crawl's id.
        counts: of the run.
        cookies: of the run; answers given again set theirs too.
        signatures: what a challenge looks like.

    Attributes:
        index: what is held, by key.
        files: those of the run, once there are any; a run on the past writes nothing.
    """

    def __init__(
        self, prior_records: PriorRecords, crawl: str, *, counts: Counter[str], cookies: Cookies, signatures: Signatures
    ) -> None:
        self.index = ReplayIndex()
        self.files: CrawlFiles | None = None
        self._prior_records = prior_records
        self._crawl = crawl
        self._counts = counts
        self._cookies = cookies
        self._signatures = signatures
        self._parts = Parts()

    async def find(self, asked: PendingRequest) -> Answer | None:
        """The answer that is held already, or None.

        Parts of rendered pages are given again as a browser's cache gives them; what a dead run held of one is given
        once, to the page that it was on its way to.
        """
        held = self.index.find(asked.key) or self._adopted(asked)
        if asked.ask.purpose == PART:
            held = self._parts.find(asked) or (None if _ranged(asked) else held)
            self.index.forget(asked.key)
        if held is None:
            return None
        try:
            record = await self._prior_records.record(held.content)
            answer = _drawn(asked, held, record) if held.drawn else self._message_again(asked, held, record)
        except ArchiveError:
            self.index.forget(asked.key)
            self._counts["capture/replay_unreadable"] += 1
            return None
        self._counts["capture/replayed"] += 1
        return answer

    def _adopted(self, asked: PendingRequest) -> ReplayEntry | None:
        """A whole answer that a crash left without its fetch record, which is written now; None where there is none.

        Nobody was given that answer, but it is kept: asking again would capture it twice.
        """
        if (
            self.files is None
            or asked.method != "GET"
            or asked.body
            or asked.ask.render
            or asked.ask.purpose == "robots"
            or _ranged(asked)
        ):
            return None
        record = self.index.torn(asked.target)
        if record is None or record.header("WARC-Truncated"):
            return None
        message = record.http()
        status = message.status
        if status is None or not 200 <= status < 400 or status in {206, 304}:
            return None
        if self._signatures.judge(status, message.headers, message.content(limit=MAX_CONTENT)).verdict == "blocked":
            return None
        self._adopt(self.files, asked, record.id, status)
        return ReplayEntry(asked.key, record.location, "response", record.date, record.location)

    def adopt(self, asked: PendingRequest, ref: CaptureRef, status: int) -> None:
        """Write that a capture of this run is what ``asked`` would have brought too; once, and only where we write."""
        if self.files is None or self.index.find(asked.key) is not None:
            return
        self._adopt(self.files, asked, ref.record_id, status)
        self.index.share(ref.record_id, asked.key)

    def _adopt(self, files: CrawlFiles, asked: PendingRequest, record_id: str, status: int) -> None:
        payload = FetchMetadata(
            crawl=self._crawl,
            key=asked.key,
            url=asked.url,
            purpose=asked.ask.purpose,
            attempt=asked.attempt,
            hints=asked.ask.hints,
            status=status,
            page=asked.ask.page,
            adopted=record_id,
        )
        files.append([records.metadata(payload, asked.target, concurrent_to=[record_id])])

    def _message_again(self, asked: PendingRequest, held: ReplayEntry, record: Record) -> Answer:
        message = record.http()
        self._cookies.store(asked.url, message.headers)
        return Answer.of(message, message.content(limit=MAX_CONTENT), url=asked.url, ref=held.ref(), date=held.date)

    def hold(self, asked: PendingRequest, answer: Answer) -> None:
        """Let a part of a page be given again, if a browser would not ask for it once more."""
        self._parts.keep(asked, answer)


def _ranged(asked: PendingRequest) -> bool:
    return any(name.strip().lower() == b"range" for name, _value in asked.headers)


def _drawn(asked: PendingRequest, held: ReplayEntry, record: Record) -> Answer:
    return Answer(asked.url, 200, HTML, record.block, held.ref(), held.date, 200, final_url=held.final_url)
