"""Keeping: an exchange, a rendered page, a refusal or a list's discovery becomes records that belong together, on disk.

An exchange is appended as one: ``response`` (or ``revisit``), ``request``, and a ``metadata`` record with what was
known and decided (``gongkai.fetch/1``). What failed leaves the request and the metadata, or the metadata alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from archive import ArchiveError
from archive.metadata import DiscoveryMetadata, Failure, FetchMetadata, TlsFacts
from archive.signatures import Judgement, Signatures
from archive.warc import Draft, HttpMessage, RecordLocation, warc_date
from crawler.capture import records
from crawler.capture.answer import HTML, Answer
from crawler.capture.contents import read_content
from crawler.capture.dedup import Dedup
from crawler.capture.replay_index import ReplayIndex
from crawler.capture.request import CaptureKind, CaptureRef, CaptureRequest, PendingRequest
from crawler.capture.warc_files import CrawlFiles
from crawler.capture.wire.client import Exchange
from crawler.capture.wire.cookies import Cookies
from crawler.errors import FetchError, OutOfScope, RobotsDenied


class Recorder:
    """Writes what a run did.

    Args:
        crawl: the crawl's id.
        files: those of the run; None for a run on the past, which writes nothing.
        dedup: what earlier crawls hold.
        index: what this one holds.
        cookies: of the run.
        signatures: what a challenge looks like.
        counts: of the run.
    """

    def __init__(
        self,
        crawl: str,
        files: CrawlFiles | None,
        *,
        dedup: Dedup,
        index: ReplayIndex,
        cookies: Cookies,
        signatures: Signatures,
        counts: Counter[str],
    ) -> None:
        self._crawl = crawl
        self._files = files
        self._dedup = dedup
        self._index = index
        self._cookies = cookies
        self._signatures = signatures
        self._counts = counts
        self._certificates: set[str] = set()
        self._fatal: ArchiveError | None = None

    @property
    def fatal(self) -> ArchiveError | None:
        """Why nothing more can be archived; the run must stop."""
        if self._fatal is None and self._files is not None:
            return self._files.fatal
        return self._fatal

    def check(self) -> None:
        """Go on only while what comes can be kept.

        Raises:
            ArchiveError: it cannot.
        """
        if self.fatal is not None:
            raise self.fatal

    @property
    def writes(self) -> bool:
        """Whether this run writes anything; one on the past does not."""
        return self._files is not None

    def give_up(self, error: ArchiveError) -> None:
        """Note that the archive failed: nothing more is fetched."""
        self._fatal = self._fatal or error

    async def keep_exchange(self, asked: PendingRequest, exchange: Exchange) -> Answer | None:
        """Archive one exchange and wait until it is on disk.

        None means that a 304 came whose original cannot be read; it is kept as it came.
        """
        message = HttpMessage.parse(exchange.response, cut=exchange.truncated is not None)
        original, lost = await self._dedup.original(asked, exchange)
        # The order matters: what is wrong with the content, or with judging it, becomes the exchange's failure, and
        # only an answer without one is compared with what earlier crawls hold and becomes a revisit.
        content = read_content(exchange, original, message)
        judgement = self._judge(exchange, original, message, content)
        whole = exchange.status is not None and exchange.failure is None
        identical = original is None and whole and await self._dedup.same_payload(asked, exchange, message)
        kind: CaptureKind = "none"
        if original is not None or identical:
            kind = "revisit"
        elif exchange.response:
            kind = "response"

        blocked_by = judgement.signature if judgement.verdict == "blocked" else None
        tls = self._tls_facts(exchange.tls)
        payload = records.fetch_payload(self._crawl, asked, exchange, kind=kind, tls=tls, blocked_by=blocked_by)
        drafts = records.exchange_drafts(asked, exchange, message, payload, kind, identical=identical)
        places = await self._write(drafts)
        if lost:
            return None

        ref = CaptureRef(
            # Where nothing of an answer came, the metadata (written last) is all there is to refer to.
            location=places[-1] if kind == "none" else places[0],
            kind=kind,
            unchanged=kind == "revisit",
            judgement=judgement,
            loss=None if exchange.failure is None else exchange.failure.message,
        )
        if blocked_by is None:
            self._cookies.store(asked.url, exchange.headers)
        self._count(exchange, ref)
        answer = Answer.of(
            original or message, content, url=asked.url, ref=ref, date=drafts[0].date, wire_status=exchange.status or 0
        )
        answer.address = exchange.address
        answer.tls = exchange.tls
        answer.truncated = exchange.truncated
        answer.failure = exchange.failure
        return answer

    def _judge(
        self, exchange: Exchange, original: HttpMessage | None, message: HttpMessage, content: bytes
    ) -> Judgement:
        """What the answer is; of a 304, what it confirms. Nothing that reads it may keep it from being archived."""
        try:
            if original is not None:
                return self._signatures.judge(original.status, original.headers, content)
            return self._signatures.judge(exchange.status, message.headers, content)
        except Exception as error:  # noqa: BLE001 - whatever a stranger's bytes bring about
            exchange.failure = exchange.failure or Failure(kind="other", message=f"could not be judged ({error!r})")
            return Judgement("ok", None)

    def _tls_facts(self, facts: TlsFacts | None) -> TlsFacts | None:
        """The certificate itself is written once per run, its digest with every capture."""
        if facts is None or facts.certificate_sha256 is None:
            return facts
        if facts.certificate_sha256 in self._certificates:
            return facts.model_copy(update={"certificate_pem": None})
        self._certificates.add(facts.certificate_sha256)
        return facts

    async def keep_refusal(self, asked: PendingRequest, error: FetchError) -> None:
        """What was not asked for is recorded too, with the reason."""
        kinds: dict[type[FetchError], Literal["robots", "scope"]] = {RobotsDenied: "robots", OutOfScope: "scope"}
        kind = kinds.get(type(error))
        self._counts[f"capture/refused/{kind or 'held_back'}"] += 1
        failure = Failure(kind=kind or "other", message=str(error.args[0]))
        exchange = Exchange(asked.url, asked.method, datetime.now(UTC), failure=failure)
        payload = records.fetch_payload(self._crawl, asked, exchange, kind="none", tls=None, blocked_by=None)
        await self._write([records.metadata_draft(payload, asked.target, date=warc_date(exchange.started))])

    def keep_adoption(self, asked: PendingRequest, record_id: str, status: int) -> None:
        """Write that the capture ``record_id`` is the answer to ``asked``; on disk with the next answer at the latest.

        Args:
            asked: a request that did not go out.
            record_id: of a capture of this crawl.
            status: that it has.
        """
        assert self._files is not None
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
        self._files.append([records.metadata_draft(payload, asked.target, concurrent_to=[record_id])])

    async def keep_rendered(
        self,
        url: str,
        ask: CaptureRequest,
        html: bytes,
        *,
        text: bytes | None = None,
        final_url: str,
        screenshot: bytes | None,
        rendered_by: str,
        status: int = 200,
        failure: Failure | None = None,
    ) -> CaptureRef:
        """Archive a rendered page: DOM (``urn:dom:``), picture (``urn:view:``, PNG) and text (``urn:text:``), as one.

        Args:
            url: as asked.
            ask: with its ``render`` steps; they are part of the key under which the page replays.
            html: the DOM, UTF-8.
            text: what a reader sees, UTF-8.
            final_url: where the page ended up.
            screenshot: PNG.
            rendered_by: name and version of the browser.
            status: of the document that stood there in the end; only a success replays.
            failure: why it is not complete (then it does not replay either).

        Returns:
            Where it lies; a page that is a challenge is kept and does not replay.
        """
        judgement = self._signatures.judge(status, HTML, html)
        prior, picture = await self._dedup.rendered(url, html)
        payload = FetchMetadata(
            crawl=self._crawl,
            key=ask.key("GET", url),
            url=url,
            purpose=ask.purpose,
            hints=ask.hints,
            status=status,
            failure=failure,
            rendered_by=rendered_by,
            final_url=final_url,
            blocked_by=judgement.signature if judgement.verdict == "blocked" else None,
            original=prior.location if prior is not None else None,
        )
        drafts = records.rendered_drafts(url, html, text, screenshot, payload, prior=prior, picture=picture)
        place = (await self._write(drafts))[0]
        self._counts["capture/rendered"] += 1
        kind: CaptureKind = "rendered" if prior is None else "revisit"
        return CaptureRef(
            location=place,
            kind=kind,
            unchanged=prior is not None,
            judgement=judgement,
            loss=None if failure is None else failure.message,
        )

    def keep_discovery(self, payload: DiscoveryMetadata) -> None:
        """Archive what a list page held and what was decided about it; the very same is not written twice.

        It is on disk with the next answer at the latest; a crash before costs nothing, since the page replays.
        """
        if self._files is None or self._index.has_discovery(payload):
            return
        about = payload.list_url.partition("#")[0]
        self._files.append([records.metadata_draft(self._dedup.discovery(payload), about, refers_to=payload.capture)])

    async def _write(self, drafts: Sequence[Draft]) -> list[RecordLocation]:
        """Append records that belong together, and wait until they are on disk."""
        assert self._files is not None
        places = self._files.append(drafts)
        await self._files.settle()
        return places

    def _count(self, exchange: Exchange, ref: CaptureRef) -> None:
        counts = self._counts
        counts["capture/request_bytes"] += len(exchange.request)
        counts["capture/response_bytes"] += len(exchange.response)
        if exchange.garbage:
            counts["capture/garbage_bytes"] += len(exchange.garbage)
        if exchange.status is not None:
            counts[f"capture/status/{exchange.status}"] += 1
        if ref.kind != "none":
            counts[f"capture/{ref.kind}s"] += 1
        if exchange.failure is not None:
            counts[f"capture/failed/{exchange.failure.kind}"] += 1
        if not ref.judgement.ok:
            counts[f"capture/{ref.judgement.verdict}"] += 1
