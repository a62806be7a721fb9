"""One crawl's capture: every request of spider, robots and browser becomes records, and then an answer.

The way of a request: replay (this crawl holds the answer already) -> scope -> robots.txt -> the site's turn ->
validators of the last capture -> wire -> judged -> archived -> on disk -> answered. Nobody sees an answer before it is
kept.

An exchange is appended as one: ``response`` (or ``revisit``), ``request``, and a ``metadata`` record with what was
known and decided (``gongkai.fetch/2``). What failed leaves the request and the metadata, or the metadata alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from archive import ArchiveError, Home, WarcError
from archive.captures import Prior
from archive.discoveries import shortened
from archive.judge import load_signatures
from archive.payloads import DiscoveryPayload, Failure, FetchPayload, Original, TlsFacts
from archive.storage import open_storage
from archive.warc import Draft, HttpMessage, Place, build, warc_date
from archive.warc.build import digest_forms
from crawler import blocked
from crawler._errors import BrowserError, FetchError, HeldBack, NotHeld, OutOfScope, RobotsDenied, WireError
from crawler.capture import records
from crawler.capture.answer import MAX_CONTENT, Answer, Rendered, Renderer
from crawler.capture.ask import Ask, CaptureKind, CaptureRef, CrawlPlan, SitePolicy
from crawler.capture.cookies import Cookies
from crawler.capture.files import CrawlFiles
from crawler.capture.headers import ACCEPT_ENCODING, ACCEPT_LANGUAGE, default_headers, user_agent
from crawler.capture.locks import SiteLocks
from crawler.capture.proxy import Proxy
from crawler.capture.records import Asked, PriorPicture
from crawler.capture.replay import (
    Held,
    ReplayIndex,
    files_of,
    find_unfinished,
    new_crawl_id,
    read_original,
    read_picture,
)
from crawler.capture.wire import Exchange, Fields, WireClient, WireRequest
from crawler.politeness import Gate
from crawler.robots import Robots

__all__ = ["ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "Answer", "CaptureSession", "Rendered", "Renderer", "user_agent"]

_VALIDATORS = frozenset({b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since", b"range"})
_HTML = [(b"Content-Type", b"text/html; charset=utf-8")]
_ROBOTS_ATTEMPTS = 3
_UNFINISHED = frozenset({"shutdown", "cancelled", "archive_failed"})


class CaptureSession:
    """The capture of one run. Made by `open`, ended by `close`; used from one event loop.

    Attributes:
        plan: what the run covers.
        crawl: the crawl's id.
        clock: the time that decisions of this crawl use (a continued crawl keeps its first).
        resumed: an unfinished crawl is continued.
        made_up: captures are not obtained from the named hosts.
        counts: what happened, by stable names (docs/capture.md lists them).
        renderer: the browser, when the run has one.
        cookies: of this crawl.
    """

    def __init__(self, plan: CrawlPlan, *, crawl: str, clock: datetime, resumed: bool, locks: SiteLocks | None) -> None:
        self.plan = plan
        self.crawl = crawl
        self.clock = clock
        self.resumed = resumed
        self.made_up = bool(plan.connect_to)
        self.counts: Counter[str] = Counter()
        self.renderer: Renderer | None = None
        self.cookies = Cookies()
        self.gate = Gate(plan)
        self.user_agent = user_agent(plan.contact)
        self._locks = locks
        self._wire = WireClient(plan.routes())
        self._robots = Robots(self._fetch_robots, self.gate.crawl_delay)
        self._replay = ReplayIndex()
        self._signatures = load_signatures()
        self._fatal: ArchiveError | None = None
        self._certificates: set[str] = set()
        self._learned: list[dict[str, Any]] = []
        self._closed = False
        self._files: CrawlFiles | None = None

    @classmethod
    def open(cls, plan: CrawlPlan) -> CaptureSession:
        """Begin a crawl, or continue the unfinished one of the same scope.

        Raises:
            Busy: another process crawls one of the sites.
            UsageError, ProfileError: mappings, pace or a proxy that cannot be used.
            ArchiveError: the home cannot be used.
        """
        for site in plan.sites:
            if site.proxy:
                Proxy.parse(site.proxy)
        if plan.as_of is not None:
            return cls._of_the_past(plan, plan.as_of)
        locks = SiteLocks(plan.home, [site.host for site in plan.sites])
        try:
            _recover(plan.home)
            made_up = bool(plan.connect_to)
            found = None if plan.new else find_unfinished(plan.home, plan.portal, plan.scope, made_up=made_up)
            crawl = found.crawl if found else new_crawl_id(plan.portal, plan.now)
            clock = found.clock if found else plan.now
            session = cls(plan, crawl=crawl, clock=clock, resumed=found is not None, locks=locks)
            if found is not None:
                session._replay.add_files(found.files)
            session._files = CrawlFiles(plan, crawl, clock, session.user_agent)
        except BaseException:
            locks.release()
            raise
        return session

    @classmethod
    def _of_the_past(cls, plan: CrawlPlan, until: datetime) -> CaptureSession:
        session = cls(plan, crawl=f"{plan.portal}-as-of", clock=until, resumed=False, locks=None)
        paths = [path for files in files_of(plan.home, plan.portal).values() for path in files]
        session._replay.add_files(paths, until=warc_date(until))
        return session

    # -- asking -------------------------------------------------------------------------------------------------

    async def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Fields | None = None,
        body: bytes = b"",
        ask: Ask | None = None,
        attempt: int = 1,
        reuse: bool = False,
    ) -> Answer:
        """Ask for an address, or give again what this crawl holds of it.

        Args:
            url: absolute; a fragment counts in looking answers up and is not sent.
            method: of the request.
            headers: to send, in this order and case; those of `default_headers` when none are given.
            body: to send.
            ask: why (purpose, hints, the page a sub-resource belongs to).
            attempt: counts from 1; recorded.
            reuse: an answer of this very run may be given again too (sub-resources that many pages share).

        Returns:
            The answer, already on disk. It may be cut (``truncated``) or blocked (``ref.blocked_by``).

        Raises:
            OutOfScope, RobotsDenied, HeldBack: it was not asked for.
            NotHeld: ``--as-of``, and no earlier crawl holds it.
            WireError: no answer came.
            ArchiveError: it cannot be kept; the run must stop.
        """
        ask = ask or Ask()
        method = method.upper()
        fields = list(self.default_headers() if headers is None else headers)
        asked = Asked(url, method, fields, body, ask, ask.key(method, url, body), attempt)
        if (held := self._again(asked)) is not None:
            return held
        if self.plan.as_of is not None:
            self.counts["capture/as_of_missed"] += 1
            raise NotHeld("no crawl up to that day holds it", subject=url)
        if self.fatal is not None:
            raise self.fatal
        try:
            site = self.gate.site(url, page=ask.page)
            if ask.purpose != "robots":
                await self._robots.check(url)
            answer = await self._ask(asked, site)
        except (OutOfScope, RobotsDenied, HeldBack) as error:
            if not self.gate.stopping():
                await self._note_refusal(asked, error)
            raise
        if reuse and answer.usable:
            self._hold(asked, answer)
        return answer

    async def render(self, url: str, ask: Ask) -> Answer:
        """Ask for an address as the browser shows it (``ask.render``), or give again what this crawl holds of it.

        Raises:
            BrowserError: this run has no browser, or it failed.
            FetchError, ArchiveError: as `fetch`.
        """
        held = self._again(Asked(url, "GET", [], b"", ask, ask.key("GET", url)))
        if held is not None:
            return held
        if self.plan.as_of is not None:
            self.counts["capture/as_of_missed"] += 1
            raise NotHeld("no crawl up to that day holds it rendered", subject=url)
        if self.renderer is None or ask.render is None:
            raise BrowserError("this page needs the browser, and this run has none", subject=url)
        page = await self.renderer.render(url, ask.render, ask)
        return Answer(url, 200, _HTML, page.html, page.ref, "", 200, final_url=page.final_url)

    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """What we send when nobody says otherwise."""
        return default_headers(self.user_agent)

    async def _ask(self, asked: Asked, site: SitePolicy) -> Answer:
        asked.prior = self._prior(asked)
        asked.conditional = (
            asked.prior is not None and asked.ask.conditional and asked.method == "GET" and not self.plan.full
        )
        fresh = cookie_tried = False
        while True:
            exchange = await self._turn(asked, site, fresh=fresh)
            answer = await self._keep(asked, exchange)
            if exchange.stale:
                fresh = True
            elif answer is None:
                # The original that a 304 refers to cannot be read: the full answer is needed.
                asked.prior, asked.conditional = None, False
            elif exchange.status is None:
                failure = exchange.failure
                assert failure is not None
                raise WireError(failure.message, subject=asked.url, kind=failure.kind)
            elif answer.ref.blocked_by and not cookie_tried and self._cookie_helps(asked, exchange, answer):
                cookie_tried = True
                self.counts["capture/asked_again_with_cookie"] += 1
            else:
                return answer
            asked.attempt += 1

    async def _turn(self, asked: Asked, site: SitePolicy, *, fresh: bool) -> Exchange:
        """One request over the wire, in the site's turn."""
        async with self.gate.turn(asked.url, site) as turn:
            if self.fatal is not None:  # the archive failed while this one waited: what cannot be kept is not fetched
                raise self.fatal
            request = WireRequest(asked.url, site, asked.method, self._fields(asked), asked.body)
            exchange = await self._wire.fetch(request, fresh=fresh)
            turn.sent = exchange.sent
            if exchange.status is not None:
                self.gate.heard(site, exchange.status, _first(exchange.headers, b"retry-after"))
        self.counts["capture/requests"] += 1
        return exchange

    def _fields(self, asked: Asked) -> Fields:
        fields = list(asked.headers)
        given = {name.lower() for name, _value in fields}
        if asked.conditional and asked.prior is not None and not given & _VALIDATORS:
            if asked.prior.etag:
                fields.append((b"If-None-Match", asked.prior.etag.encode("latin-1")))
            if asked.prior.last_modified:
                fields.append((b"If-Modified-Since", asked.prior.last_modified.encode("latin-1")))
        if b"cookie" not in given and (cookie := self.cookies.header(asked.url)):
            fields.append((b"Cookie", cookie))
        return fields

    def _cookie_helps(self, asked: Asked, exchange: Exchange, answer: Answer) -> bool:
        """Whether a challenge only wants a cookie brought back that this request did not bring."""
        if asked.method != "GET" or any(name.lower() == b"cookie" for name, _value in asked.headers):
            return False
        changed = self.cookies.store(asked.url, exchange.headers)
        if (literal := blocked.script_cookie(answer.content)) is not None:
            changed = self.cookies.store(asked.url, [(b"set-cookie", literal)]) or changed
        return changed

    def _prior(self, asked: Asked) -> Prior | None:
        look_up = self.plan.prior
        if look_up is None:
            return None
        body = hashlib.sha256(asked.body).hexdigest() if asked.body else None
        try:
            found: Prior | None = look_up.prior(asked.url, asked.method, body)
        except ArchiveError:
            self._without_database()
            return None
        return found

    def _without_database(self) -> None:
        """The database went away: answers are asked for and kept in full, which needs none."""
        self.counts["capture/prior_unknown"] += 1

    async def _fetch_robots(self, url: str) -> Answer:
        ask = Ask(purpose="robots", conditional=False)
        attempt = 1
        while True:
            try:
                return await self.fetch(url, ask=ask, attempt=attempt)
            except WireError as error:
                if error.kind == "scope" or attempt == _ROBOTS_ATTEMPTS:
                    raise
            attempt += 1

    # -- keeping ------------------------------------------------------------------------------------------------

    async def _keep(self, asked: Asked, exchange: Exchange) -> Answer | None:
        """Archive one exchange and wait until it is on disk.

        None means that a 304 came whose original cannot be read; it is kept as it came.
        """
        message = HttpMessage.parse(exchange.response)
        original, lost = self._original(asked, exchange)
        content = _content(exchange, original or message)
        judgement = self._signatures.judge(exchange.status, message.headers, content)
        blocked_by = judgement.signature if judgement.verdict == "blocked" else None
        whole = exchange.status is not None and exchange.failure is None
        identical = original is None and whole and self._same_payload(asked, exchange, message)
        kind: CaptureKind = "response" if exchange.response else "none"
        if original is not None or identical:
            kind = "revisit"
        tls = self._tls_facts(exchange.tls)
        payload = records.fetch_payload(self.crawl, asked, exchange, kind=kind, tls=tls, blocked_by=blocked_by)
        drafts = records.exchange_drafts(asked, exchange, message, payload, kind, identical=identical)
        places = await self._write(drafts)
        if lost:
            return None
        # Where nothing of an answer came, the metadata (written last) is all there is to refer to.
        place = places[-1] if kind == "none" else places[0]
        ref = CaptureRef(
            place.record_id, kind, kind == "revisit", False, place.file, place.offset, place.length, blocked_by
        )
        if blocked_by is None:
            self.cookies.store(asked.url, exchange.headers)
        self._count(exchange, ref, judgement.verdict)
        answer = Answer.of(
            original or message, content, url=asked.url, ref=ref, date=drafts[0].date, wire_status=exchange.status or 0
        )
        answer.address, answer.tls = exchange.address, exchange.tls
        answer.truncated, answer.failure = exchange.truncated, exchange.failure
        return answer

    def _original(self, asked: Asked, exchange: Exchange) -> tuple[HttpMessage | None, bool]:
        """What a 304 refers to; and whether it cannot be read."""
        if exchange.status != 304 or not asked.conditional or asked.prior is None:
            return None, False
        try:
            return read_original(self.plan.home, records.place_of(asked.prior)).http(), False
        except ArchiveError:
            self.counts["capture/original_unreadable"] += 1
            return None, True

    def _same_payload(self, asked: Asked, exchange: Exchange, message: HttpMessage) -> bool:
        """Whether an earlier capture of this very request holds these very bytes; ``asked.prior`` then is that capture.

        Pages that are missing or refused in the same words are no news either.
        """
        if not self.plan.dedupe or self.plan.prior is None or exchange.status is None:
            return False
        entity = message.entity()
        if not entity:
            return False
        digest = build.digest(entity)
        if exchange.status == 200 and asked.prior is not None and asked.prior.payload_digest in digest_forms(digest):
            return True
        body = hashlib.sha256(asked.body).hexdigest() if asked.body else None
        try:
            found: Prior | None = self.plan.prior.prior_answer(asked.url, asked.method, body, exchange.status, digest)
        except ArchiveError:
            self._without_database()
            return False
        asked.prior = found or asked.prior
        return found is not None

    def _tls_facts(self, facts: TlsFacts | None) -> TlsFacts | None:
        """The certificate itself is written once per run, its digest with every capture."""
        if facts is None or facts.certificate_sha256 is None:
            return facts
        if facts.certificate_sha256 in self._certificates:
            return facts.model_copy(update={"certificate_pem": None})
        self._certificates.add(facts.certificate_sha256)
        return facts

    async def _note_refusal(self, asked: Asked, error: FetchError) -> None:
        """What was not asked for is recorded too, with the reason."""
        kinds: dict[type[FetchError], Literal["robots", "scope"]] = {RobotsDenied: "robots", OutOfScope: "scope"}
        kind = kinds.get(type(error))
        self.counts[f"capture/refused/{kind or 'held_back'}"] += 1
        failure = Failure(kind=kind or "other", message=str(error.args[0]))
        exchange = Exchange(asked.url, asked.method, datetime.now(UTC), failure=failure)
        payload = records.fetch_payload(self.crawl, asked, exchange, kind="none", tls=None, blocked_by=None)
        await self._write([records.metadata(payload, asked.target, date=warc_date(exchange.started))])

    async def keep_rendered(
        self,
        url: str,
        ask: Ask,
        html: bytes,
        *,
        text: bytes | None = None,
        final_url: str,
        screenshot: bytes | None,
        rendered_by: str,
        blocked_by: str | None = None,
        complete: bool = True,
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
            blocked_by: the signature, when the page is a challenge (then it is kept and does not replay).
            complete: everything that was waited for came (else it does not replay either).
        """
        prior, picture = self._prior_rendered(url, html)
        payload = FetchPayload(
            crawl=self.crawl,
            key=ask.key("GET", url),
            url=url,
            purpose=ask.purpose,
            hints=ask.hints,
            status=200,
            failure=None if complete else Failure(kind="timeout", message="what was waited for did not come"),
            rendered_by=rendered_by,
            final_url=final_url,
            blocked_by=blocked_by,
            original=records.place_of(prior) if prior is not None else None,
        )
        drafts = records.rendered_drafts(url, html, text, screenshot, payload, prior=prior, picture=picture)
        place = (await self._write(drafts))[0]
        self.counts["capture/rendered"] += 1
        kind: CaptureKind = "rendered" if prior is None else "revisit"
        return CaptureRef(
            place.record_id, kind, prior is not None, False, place.file, place.offset, place.length, blocked_by
        )

    def _prior_rendered(self, url: str, html: bytes) -> tuple[Prior | None, PriorPicture | None]:
        """An earlier capture of this very DOM, and the picture beside it."""
        if self.plan.prior is None or not self.plan.dedupe or not html:
            return None, None
        try:
            prior: Prior | None = self.plan.prior.prior_rendered(url, build.digest(html))
        except ArchiveError:
            self._without_database()
            return None, None
        if prior is None:
            return None, None
        try:
            return prior, read_picture(self.plan.home, prior)
        except ArchiveError:
            self.counts["capture/original_unreadable"] += 1
            return None, None

    def record_discovery(self, payload: DiscoveryPayload) -> None:
        """Archive what a list page held and what was decided about it; the very same is not written twice.

        It is on disk with the next answer at the latest; a crash before costs nothing, since the page replays.
        """
        if self._files is None or self._replay.has_discovery(payload):
            return
        about = payload.list_url.partition("#")[0]
        self._files.append([records.metadata(self._short(payload), about, refers_to=payload.capture)])

    def _short(self, payload: DiscoveryPayload) -> DiscoveryPayload:
        """A list that offers what it offered before refers to the record that says so."""
        if self.plan.prior is None or not self.plan.dedupe or not payload.candidates:
            return payload
        try:
            place = self.plan.prior.prior_discovery(payload.list_url, payload.column, payload.page)
        except ArchiveError:
            self._without_database()
            return payload
        if place is None:
            return payload
        try:
            return shortened(payload, place, open_storage(self.plan.home))
        except ArchiveError:
            self.counts["capture/original_unreadable"] += 1
            return payload

    def learned(self, fact: Mapping[str, Any]) -> None:
        """Note what the crawl learned about the portal; it stands in the crawl's end and becomes a proposed patch."""
        if dict(fact) not in self._learned:
            self._learned.append(dict(fact))

    @property
    def learned_facts(self) -> list[dict[str, Any]]:
        """What was noted with `learned`."""
        return [dict(fact) for fact in self._learned]

    # -- replaying ----------------------------------------------------------------------------------------------

    def _again(self, asked: Asked) -> Answer | None:
        """The answer that is held already, or None."""
        held = self._replay.find(asked.key) or self._adopted(asked)
        if held is None:
            return None
        try:
            answer = self._rendered_again(asked, held) if held.drawn else self._message_again(asked, held)
        except ArchiveError:
            self._replay.forget(asked.key)
            self.counts["capture/replay_unreadable"] += 1
            return None
        self.counts["capture/replayed"] += 1
        return answer

    def _adopted(self, asked: Asked) -> Held | None:
        """A whole answer that a crash left without its fetch record, which is written now; None where there is none.

        Nobody was given that answer, but it is kept: asking again would capture it twice.
        """
        if (
            self._files is None
            or asked.method != "GET"
            or asked.body
            or asked.ask.render
            or asked.ask.purpose == "robots"
        ):
            return None
        record = self._replay.torn(asked.target)
        if record is None or record.header("WARC-Truncated"):
            return None
        message = record.http()
        status = message.status
        if status is None or not 200 <= status < 400 or status == 304:
            return None
        if self._signatures.judge(status, message.headers, message.content(limit=MAX_CONTENT)).verdict == "blocked":
            return None
        payload = FetchPayload(
            crawl=self.crawl,
            key=asked.key,
            url=asked.url,
            purpose=asked.ask.purpose,
            attempt=asked.attempt,
            hints=asked.ask.hints,
            status=status,
            page=asked.ask.page,
            adopted=record.id,
        )
        self._files.append([records.metadata(payload, asked.target, concurrent_to=[record.id])])
        place = Original(record_id=record.id, file=record.file, offset=record.offset, length=record.length)
        return Held(asked.key, record.id, "response", record.file, record.offset, record.length, record.date, place)

    def _message_again(self, asked: Asked, held: Held) -> Answer:
        message = read_original(self.plan.home, held.content).http()
        self.cookies.store(asked.url, message.headers)
        return Answer.of(message, message.content(limit=MAX_CONTENT), url=asked.url, ref=held.ref(), date=held.date)

    def _rendered_again(self, asked: Asked, held: Held) -> Answer:
        block = read_original(self.plan.home, held.content).block
        return Answer(asked.url, 200, _HTML, block, held.ref(), held.date, 200, final_url=held.final_url)

    def _hold(self, asked: Asked, answer: Answer) -> None:
        ref = answer.ref
        if ref.kind == "response":
            content = Original(record_id=ref.record_id, file=ref.file, offset=ref.offset, length=ref.length)
            self._replay.add(
                Held(asked.key, ref.record_id, ref.kind, ref.file, ref.offset, ref.length, answer.date, content)
            )

    # -- files --------------------------------------------------------------------------------------------------

    @property
    def fatal(self) -> ArchiveError | None:
        """Why nothing more can be archived; the run must stop."""
        return self._fatal or (self._files.fatal if self._files is not None else None)

    def give_up(self, error: ArchiveError) -> None:
        """Note that the archive failed: nothing more is fetched."""
        self._fatal = self._fatal or error

    async def _write(self, drafts: Sequence[Draft]) -> list[Place]:
        """Append records that belong together, and wait until they are on disk."""
        assert self._files is not None
        places = self._files.append(drafts)
        await self._files.settle()
        return places

    async def close(self, reason: str = "finished", stats: Mapping[str, Any] | None = None) -> None:
        """End the run: seal its files and, unless it was interrupted, record the crawl's end in a file of its own.

        Args:
            reason: Scrapy's finish reason; ``shutdown`` leaves the crawl unfinished, to be continued.
            stats: as recorded in the end.
        """
        if self._closed:
            return
        self._closed = True
        try:
            await self._wire.close()
            if self._files is not None:
                self._files.close()
                if reason not in _UNFINISHED and self.fatal is None:
                    self._files.end(reason, dict(self.counts), dict(stats or {}), self._learned)
        finally:
            if self._locks is not None:
                self._locks.release()

    def _count(self, exchange: Exchange, ref: CaptureRef, verdict: str) -> None:
        counts = self.counts
        counts["capture/request_bytes"] += len(exchange.request)
        counts["capture/response_bytes"] += len(exchange.response)
        if exchange.status is not None:
            counts[f"capture/status/{exchange.status}"] += 1
        if ref.kind != "none":
            counts[f"capture/{ref.kind}s"] += 1
        if exchange.failure is not None:
            counts[f"capture/failed/{exchange.failure.kind}"] += 1
        if verdict != "ok":
            counts[f"capture/{verdict}"] += 1


def _content(exchange: Exchange, message: HttpMessage) -> bytes:
    if not message.block:
        return b""
    try:
        return message.content(limit=MAX_CONTENT)
    except WarcError as error:
        exchange.failure = exchange.failure or Failure(kind="too_large", message=str(error.args[0]))
        return b""


def _recover(home: Home) -> None:
    """Seal what dead runs left open; files of runs that live are locked and left alone."""
    if next(home.warc.glob("*.open"), None) is not None:
        from archive.warc.recover import recover_directory

        recover_directory(home)


def _first(headers: Fields, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)
