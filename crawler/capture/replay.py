"""Answers given again: what this crawl (or, with ``--as-of``, every crawl up to a day) holds already.

Resuming is replaying: there is no queue on disk, the spider runs again and is given what it was given before.
"""

from __future__ import annotations

from collections import Counter

from archive import ArchiveError
from archive.signatures import Signatures
from archive.warc import Record
from crawler.capture.answer import HTML, MAX_CONTENT, Answer
from crawler.capture.prior_records import PriorRecords
from crawler.capture.recorder import Recorder
from crawler.capture.replay_index import PART, ReplayEntry, ReplayIndex
from crawler.capture.request import CaptureRef, PendingRequest
from crawler.capture.shared_parts import Parts
from crawler.capture.wire.cookies import Cookies


class Replay:
    """The answers that a run holds, as answers.

    Args:
        index: what is held, by key.
        prior_records: reads the records.
        recorder: writes that a capture answers another request too.
        cookies: of the run; answers given again set theirs too.
        signatures: what a challenge looks like.
        counts: of the run.
    """

    def __init__(
        self,
        index: ReplayIndex,
        prior_records: PriorRecords,
        recorder: Recorder,
        *,
        cookies: Cookies,
        signatures: Signatures,
        counts: Counter[str],
    ) -> None:
        self._index = index
        self._prior_records = prior_records
        self._recorder = recorder
        self._cookies = cookies
        self._signatures = signatures
        self._counts = counts
        self._parts = Parts()

    async def find(self, asked: PendingRequest) -> Answer | None:
        """The answer that is held already, or None.

        Parts of rendered pages are given again as a browser's cache gives them; what a dead run held of one is given
        once, to the page that it was on its way to.
        """
        held = self._index.find(asked.key) or self._adopt_torn(asked)
        if asked.ask.purpose == PART:
            if _ranged(asked):
                held = None
            held = self._parts.find(asked) or held
            self._index.forget(asked.key)
        if held is None:
            return None
        try:
            record = await self._prior_records.record(held.content)
            answer = self._page_again(asked, held, record) if held.drawn else self._message_again(asked, held, record)
        except ArchiveError:
            self._index.forget(asked.key)
            self._counts["capture/replay_unreadable"] += 1
            return None
        self._counts["capture/replayed"] += 1
        return answer

    def _adopt_torn(self, asked: PendingRequest) -> ReplayEntry | None:
        """A whole answer that a crash left without its fetch record, which is written now; None where there is none.

        Nobody was given that answer, but it is kept: asking again would capture it twice.
        """
        # Of what was asked nothing but the address is left: only a plain GET can be taken for the same request.
        plain = asked.method == "GET" and not asked.body and not asked.ask.render and not _ranged(asked)
        if not plain or asked.ask.purpose == "robots" or not self._recorder.writes:
            return None
        record = self._index.torn(asked.target)
        if record is None or record.header("WARC-Truncated"):
            return None
        message = record.http()
        status = message.status
        if status is None or not 200 <= status < 400 or status in {206, 304}:
            return None
        if self._signatures.judge(status, message.headers, message.content(limit=MAX_CONTENT)).verdict == "blocked":
            return None
        self._recorder.keep_adoption(asked, record.id, status)
        return ReplayEntry(asked.key, record.location, "response", record.date, record.location)

    def adopt(self, asked: PendingRequest, ref: CaptureRef, status: int) -> None:
        """Write that a capture of this run is what ``asked`` would have brought too; once, and only where we write."""
        if not self._recorder.writes or self._index.find(asked.key) is not None:
            return
        self._recorder.keep_adoption(asked, ref.record_id, status)
        self._index.share(ref.record_id, asked.key)

    def _message_again(self, asked: PendingRequest, held: ReplayEntry, record: Record) -> Answer:
        message = record.http()
        content = message.content(limit=MAX_CONTENT)
        judgement = self._signatures.judge(message.status, message.headers, content)
        self._cookies.store(asked.url, message.headers)
        return Answer.of(message, content, url=asked.url, ref=held.ref(judgement), date=held.date)

    def _page_again(self, asked: PendingRequest, held: ReplayEntry, record: Record) -> Answer:
        status = 200  # only of a success the index holds a rendered page
        ref = held.ref(self._signatures.judge(status, HTML, record.block))
        return Answer(asked.url, status, HTML, record.block, ref, held.date, status, final_url=held.final_url)

    def share_part(self, asked: PendingRequest, answer: Answer) -> None:
        """Let a part of a page be given again, if a browser would not ask for it once more."""
        self._parts.keep(asked, answer)


def _ranged(asked: PendingRequest) -> bool:
    return any(name.strip().lower() == b"range" for name, _value in asked.headers)
