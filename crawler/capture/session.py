"""One crawl's capture: every request of spider, robots and browser becomes records, and then an answer.

The way of a request: replay (this crawl holds the answer already) -> scope -> robots.txt -> the site's turn ->
validators of the last capture -> wire -> judged -> archived -> on disk -> answered. Nobody sees an answer before it is
kept.

An exchange is appended as one: ``response`` (or ``revisit``), ``request``, and a ``metadata`` record with what was
known and decided (``gongkai.fetch/1``). What failed leaves the request and the metadata, or the metadata alone.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Literal, Protocol

from archive import ArchiveError, Home, WarcError
from archive.payloads import (
    CONTENT_TYPE,
    CrawlEndPayload,
    CrawlPayload,
    DiscoveryPayload,
    Failure,
    FetchPayload,
    Original,
    Payload,
    TlsFacts,
)
from archive.warc import Draft, HttpMessage, Place, WarcWriter, build, new_record_id, warc_date
from archive.warc.seal import read_seals
from crawler import blocked
from crawler._errors import FetchError, HeldBack, NotHeld, OutOfScope, RobotsDenied, WireError
from crawler.capture.ask import Ask, CaptureKind, CaptureRef, CrawlPlan, Prior, Render, SitePolicy, policy_facts
from crawler.capture.cookies import Cookies
from crawler.capture.locks import SiteLocks
from crawler.capture.replay import Held, ReplayIndex, files_of, find_unfinished, new_crawl_id, read_original
from crawler.capture.wire import Exchange, Fields, WireClient, WireRequest
from crawler.politeness import Gate
from crawler.robots import AGENT, Robots

CONTACT = "https://github.com/gongkai-project/gongkai"
ACCEPT = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT_LANGUAGE = b"zh-CN,zh;q=0.9,en;q=0.5"
# No br and no zstd: what common readers of WARC files cannot decode is not asked for.
ACCEPT_ENCODING = b"gzip, deflate"

_VALIDATORS = frozenset({b"if-none-match", b"if-modified-since", b"if-match", b"if-unmodified-since", b"range"})
_KEPT_EXCESS = 64 * 1024
_MAX_CONTENT = 512 * 1024 * 1024
_ROBOTS_ATTEMPTS = 3
_UNFINISHED = frozenset({"shutdown", "cancelled", "archive_failed"})


@dataclass(slots=True)
class Answer:
    """What a request got, content codings removed.

    Attributes:
        url: as asked.
        status: of the content; where nothing changed, the status of the original (the 304 is in ``wire_status``).
        headers: names and values as on the wire (of the original where nothing changed).
        content: the body without transfer and content coding.
        ref: where it lies.
        date: WARC-Date of the capture.
        wire_status: what the server said this time.
        truncated: why the answer is not whole, or None.
        failure: what went wrong with it, or None.
    """

    url: str
    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    ref: CaptureRef
    date: str
    wire_status: int
    reason: bytes = b""
    address: str | None = None
    tls: TlsFacts | None = None
    truncated: str | None = None
    failure: Failure | None = None
    final_url: str | None = None

    def header(self, name: str) -> str | None:
        """First value of a header as Latin-1 text, or None."""
        wanted = name.lower().encode("latin-1")
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered page as the browser gives it back."""

    html: bytes
    final_url: str
    screenshot: bytes | None
    ref: CaptureRef


class Renderer(Protocol):
    """The browser (`crawler.capture.browser`); it fetches through the session it is given to."""

    async def render(self, url: str, render: Render, ask: Ask) -> Rendered:
        """Render ``url`` and keep what was rendered."""

    async def close(self) -> None:
        """Stop the browser."""


@dataclass(slots=True)
class _Asked:
    """A request on its way."""

    url: str
    method: str
    headers: list[tuple[bytes, bytes]]
    body: bytes
    ask: Ask
    key: str
    attempt: int
    prior: Prior | None = None
    conditional: bool = False
    fields: Fields = field(default_factory=tuple)


class CaptureSession:
    """The capture of one run. Made by `open`, ended by `close`; used from one event loop.

    Attributes:
        plan: what the run covers.
        crawl: the crawl's id.
        clock: the time that decisions of this crawl use (a continued crawl keeps its first).
        resumed: an unfinished crawl is continued.
        made_up: captures are not obtained from the named hosts.
        counts: what happened, by stable names (docs/capture.md lists them).
        fatal: why nothing more can be archived; the run must stop.
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
        self.fatal: ArchiveError | None = None
        self.renderer: Renderer | None = None
        self.cookies = Cookies()
        self.gate = Gate(plan)
        self.user_agent = user_agent(plan.contact)
        self._locks = locks
        self._wire = WireClient(plan.routes())
        self._robots = Robots(self._fetch_robots, self.gate.crawl_delay)
        self._replay = ReplayIndex()
        self._certificates: set[str] = set()
        self._learned: list[dict[str, Any]] = []
        self._closed = False
        self._writer: WarcWriter | None = None

    @classmethod
    def open(cls, plan: CrawlPlan) -> CaptureSession:
        """Begin a crawl, or continue the unfinished one of the same scope.

        Raises:
            Busy: another process crawls one of the sites.
            UsageError: mappings or pace that cannot be used.
            ArchiveError: the home cannot be used.
        """
        if plan.as_of is not None:
            return cls._of_the_past(plan)
        locks = SiteLocks(plan.home, [site.host for site in plan.sites])
        try:
            _recover(plan.home)
            found = (
                None if plan.new else find_unfinished(plan.home, plan.portal, plan.scope, made_up=bool(plan.connect_to))
            )
            crawl = found.crawl if found else new_crawl_id(plan.portal, plan.now)
            clock = found.clock if found else plan.now
            session = cls(plan, crawl=crawl, clock=clock, resumed=found is not None, locks=locks)
            if found is not None:
                session._replay.add_files(found.files)
            session._writer = session._new_writer()
        except BaseException:
            locks.release()
            raise
        return session

    @classmethod
    def _of_the_past(cls, plan: CrawlPlan) -> CaptureSession:
        assert plan.as_of is not None
        session = cls(plan, crawl=f"{plan.portal}-as-of", clock=plan.as_of, resumed=False, locks=None)
        paths = [path for files in files_of(plan.home, plan.portal).values() for path in files]
        session._replay.add_files(paths, until=warc_date(plan.as_of))
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
        asked = _Asked(
            url=url,
            method=method.upper(),
            headers=list(self.default_headers() if headers is None else headers),
            body=body,
            ask=ask,
            key=ask.key(method, url, body),
            attempt=attempt,
        )
        if (answer := self._again(asked)) is not None:
            return answer
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
            await self._note_refusal(asked, error)
            raise
        if reuse and answer.failure is None and answer.status < 400 and not answer.ref.blocked_by:
            self._hold(asked, answer)
        return answer

    def default_headers(self) -> list[tuple[bytes, bytes]]:
        """What we send when nobody says otherwise."""
        return [
            (b"User-Agent", self.user_agent.encode()),
            (b"Accept", ACCEPT),
            (b"Accept-Language", ACCEPT_LANGUAGE),
            (b"Accept-Encoding", ACCEPT_ENCODING),
        ]

    async def _ask(self, asked: _Asked, site: SitePolicy) -> Answer:
        asked.prior = self._prior(asked)
        asked.conditional = asked.prior is not None and asked.ask.conditional and not self.plan.full
        fresh = cookie_tried = False
        while True:
            exchange = await self._turn(asked, site, fresh=fresh)
            message = HttpMessage.parse(exchange.response)
            answer = await self._keep(asked, exchange, message)
            if exchange.stale:
                fresh = True
            elif answer is None:
                # The original that a 304 refers to cannot be read: the full answer is needed.
                asked.prior, asked.conditional = None, False
            elif exchange.status is None:
                failure = exchange.failure
                assert failure is not None
                if failure.kind == "scope":
                    raise OutOfScope(failure.message, subject=asked.url)
                raise WireError(failure.message, subject=asked.url, kind=failure.kind)
            elif answer.ref.blocked_by and not cookie_tried and self._cookie_helps(asked, exchange, answer):
                cookie_tried = True
                self.counts["capture/asked_again_with_cookie"] += 1
            else:
                return answer
            asked.attempt += 1

    async def _turn(self, asked: _Asked, site: SitePolicy, *, fresh: bool) -> Exchange:
        """One request over the wire, in the site's turn."""
        async with self.gate.turn(asked.url, site) as turn:
            fields = self._fields(asked)
            request = WireRequest(asked.url, site, asked.method, fields, asked.body)
            exchange = await self._wire.fetch(request, fresh=fresh)
            turn.sent = exchange.sent
            if exchange.status is not None:
                self.gate.heard(site, exchange.status, _first(exchange.headers, b"retry-after"))
        self.counts["capture/requests"] += 1
        return exchange

    def _fields(self, asked: _Asked) -> Fields:
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

    def _cookie_helps(self, asked: _Asked, exchange: Exchange, answer: Answer) -> bool:
        """Whether a challenge only wants a cookie brought back that this request did not bring."""
        if asked.method != "GET" or any(name.lower() == b"cookie" for name, _value in asked.headers):
            return False
        changed = self.cookies.store(asked.url, exchange.headers)
        if (literal := blocked.script_cookie(answer.content)) is not None:
            changed = self.cookies.store(asked.url, [(b"set-cookie", literal)]) or changed
        return changed

    def _prior(self, asked: _Asked) -> Prior | None:
        look_up = self.plan.prior
        if look_up is None or asked.method != "GET" or asked.ask.purpose == "robots":
            return None
        found: Prior | None = look_up.prior(asked.url, asked.method, None)
        if found is None:
            return None
        return found

    async def _fetch_robots(self, url: str) -> Answer:
        ask = Ask(purpose="robots", conditional=False)
        for attempt in range(1, _ROBOTS_ATTEMPTS + 1):
            try:
                return await self.fetch(url, ask=ask, attempt=attempt)
            except WireError:
                if attempt == _ROBOTS_ATTEMPTS:
                    raise
        raise AssertionError

    # -- keeping ------------------------------------------------------------------------------------------------

    async def _keep(self, asked: _Asked, exchange: Exchange, message: HttpMessage) -> Answer | None:
        """Archive one exchange and wait until it is on disk.

        None means that a 304 came whose original cannot be read; it is kept as it came.
        """
        original: HttpMessage | None = None
        lost_original = False
        prior = asked.prior
        if exchange.status == 304 and asked.conditional and prior is not None:
            try:
                original = read_original(self.plan.home, _place(prior))
            except ArchiveError:
                self.counts["capture/original_unreadable"] += 1
                lost_original = True
        content = self._content(exchange, original or message)
        judgement = blocked.judge(exchange.status, message.headers, content)
        blocked_by = judgement.signature if judgement.verdict == "blocked" else None
        kind: CaptureKind = "response" if exchange.response else "none"
        whole = exchange.status is not None and exchange.failure is None
        same = original is None and whole and blocked_by is None and self._same_payload(asked, exchange, message)
        if original is not None or same:
            kind = "revisit"
        places, date = self._append_exchange(asked, exchange, message, kind=kind, identical=same, blocked_by=blocked_by)
        await self._settle()
        if lost_original:
            return None
        shown = original or message
        place = places[0]
        ref = CaptureRef(
            record_id=place.record_id,
            kind=kind,
            unchanged=kind == "revisit",
            replayed=False,
            file=place.file,
            offset=place.offset,
            length=place.length,
            blocked_by=blocked_by,
        )
        if exchange.headers and blocked_by is None:
            self.cookies.store(asked.url, exchange.headers)
        self._count(exchange, ref, judgement.verdict)
        return Answer(
            url=asked.url,
            status=shown.status or 0,
            headers=shown.headers,
            content=content,
            ref=ref,
            date=date,
            wire_status=exchange.status or 0,
            reason=shown.reason,
            address=exchange.address,
            tls=exchange.tls,
            truncated=exchange.truncated,
            failure=exchange.failure,
        )

    def _content(self, exchange: Exchange, message: HttpMessage) -> bytes:
        if not message.block:
            return b""
        try:
            return message.content(limit=_MAX_CONTENT)
        except WarcError as error:
            exchange.failure = exchange.failure or Failure(kind="too_large", message=str(error.args[0]))
            return b""

    def _same_payload(self, asked: _Asked, exchange: Exchange, message: HttpMessage) -> bool:
        prior = asked.prior
        if not self.plan.dedupe or prior is None or not prior.payload_digest or exchange.status != 200:
            return False
        entity = message.entity()
        return bool(entity) and build.digest(entity) == prior.payload_digest

    def _append_exchange(
        self,
        asked: _Asked,
        exchange: Exchange,
        message: HttpMessage,
        *,
        kind: CaptureKind,
        identical: bool,
        blocked_by: str | None,
    ) -> tuple[list[Place], str]:
        """Append the records of one exchange; the capture's place comes first."""
        date = warc_date(exchange.started)
        extra = _protocols(exchange)
        drafts: list[Draft] = []
        if kind == "revisit":
            prior = asked.prior
            assert prior is not None
            drafts.append(
                build.revisit(
                    asked.url.partition("#")[0],
                    message.head if identical else exchange.response,
                    date=date,
                    profile="identical-payload-digest" if identical else "server-not-modified",
                    refers_to=prior.record_id,
                    refers_to_uri=prior.url,
                    refers_to_date=prior.date,
                    payload_digest=prior.payload_digest,
                    ip=exchange.address,
                    truncated=exchange.truncated,
                    extra=extra,
                )
            )
        elif kind == "response":
            drafts.append(
                build.response(
                    asked.url.partition("#")[0],
                    exchange.response,
                    date=date,
                    ip=exchange.address,
                    truncated=exchange.truncated,
                    extra=extra,
                )
            )
        beside = [draft.record_id for draft in drafts]
        if exchange.request:
            drafts.append(
                build.request(
                    asked.url.partition("#")[0],
                    exchange.request,
                    date=date,
                    ip=exchange.address,
                    concurrent_to=beside,
                    extra=extra,
                )
            )
            beside = beside or [drafts[-1].record_id]
        payload = self._fetch_payload(asked, exchange, kind, blocked_by)
        drafts.append(self._metadata(payload, asked.url.partition("#")[0], date, concurrent_to=beside))
        places = self._append(drafts)
        return (places if kind != "none" else places[::-1]), date

    def _fetch_payload(
        self, asked: _Asked, exchange: Exchange, kind: CaptureKind, blocked_by: str | None
    ) -> FetchPayload:
        return FetchPayload(
            crawl=self.crawl,
            key=asked.key,
            url=asked.url,
            method=asked.method,
            body_digest=hashlib.sha256(asked.body).hexdigest() if asked.body else None,
            purpose=asked.ask.purpose,
            attempt=asked.attempt,
            hints=asked.ask.hints,
            status=exchange.status,
            tls=self._tls_facts(exchange.tls),
            failure=exchange.failure,
            blocked_by=blocked_by,
            page=asked.ask.page,
            elapsed_ms=round(exchange.elapsed * 1000),
            excess_bytes=len(exchange.after) or None,
            interim=_base64(exchange.before),
            excess=_base64(exchange.after[:_KEPT_EXCESS]),
            garbage=_base64(exchange.garbage[:_KEPT_EXCESS]),
            original=_place(asked.prior) if kind == "revisit" and asked.prior is not None else None,
        )

    def _tls_facts(self, facts: TlsFacts | None) -> TlsFacts | None:
        """The certificate itself is written once per run, its digest with every capture."""
        if facts is None or facts.certificate_sha256 is None:
            return facts
        if facts.certificate_sha256 in self._certificates:
            return facts.model_copy(update={"certificate_pem": None})
        self._certificates.add(facts.certificate_sha256)
        return facts

    async def _note_refusal(self, asked: _Asked, error: FetchError) -> None:
        """What was not asked for is recorded too, with the reason."""
        kinds: dict[type[FetchError], Literal["robots", "scope", "other"]] = {
            RobotsDenied: "robots",
            OutOfScope: "scope",
        }
        kind = kinds.get(type(error), "other")
        self.counts[f"capture/refused/{'held_back' if kind == 'other' else kind}"] += 1
        failure = Failure(kind=kind, message=str(error.args[0]))
        exchange = Exchange(asked.url, asked.method, datetime.now(UTC), failure=failure)
        payload = self._fetch_payload(asked, exchange, "none", None)
        with contextlib.suppress(WarcError):  # an address that no record can name: the refusal itself still stands
            self._append([self._metadata(payload, asked.url.partition("#")[0], warc_date(exchange.started))])
            await self._settle()

    # -- rendered pages, discoveries ----------------------------------------------------------------------------

    async def keep_rendered(
        self,
        url: str,
        ask: Ask,
        html: bytes,
        *,
        final_url: str,
        screenshot: bytes | None,
        rendered_by: str,
        blocked_by: str | None = None,
    ) -> CaptureRef:
        """Archive a rendered page: its DOM (``urn:dom:``, UTF-8) and its picture (``urn:view:``, PNG), as one.

        Args:
            url: as asked.
            ask: with its ``render`` steps; they are part of the key under which the page replays.
            html: the DOM.
            final_url: where the page ended up.
            screenshot: PNG.
            rendered_by: name and version of the browser.
            blocked_by: the signature, when the page is a challenge.
        """
        date = warc_date(datetime.now(UTC))
        plain = url.partition("#")[0]
        dom = build.resource(f"urn:dom:{plain}", html, "text/html; charset=utf-8", date=date)
        drafts = [dom]
        if screenshot is not None:
            drafts.append(
                build.resource(f"urn:view:{plain}", screenshot, "image/png", date=date, concurrent_to=[dom.record_id])
            )
        payload = FetchPayload(
            crawl=self.crawl,
            key=ask.key("GET", url),
            url=url,
            purpose=ask.purpose,
            hints=ask.hints,
            status=200,
            rendered_by=rendered_by,
            final_url=final_url,
            blocked_by=blocked_by,
        )
        drafts.append(self._metadata(payload, plain, date, concurrent_to=[dom.record_id]))
        place = self._append(drafts)[0]
        await self._settle()
        self.counts["capture/rendered"] += 1
        return CaptureRef(place.record_id, "rendered", False, False, place.file, place.offset, place.length, blocked_by)

    def record_discovery(self, payload: DiscoveryPayload) -> None:
        """Archive what a list page held and what was decided about it; the very same is not written twice."""
        if self.plan.as_of is not None or self._replay.has_discovery(payload.as_bytes()):
            return
        self._append(
            [self._metadata(payload, payload.list_url, warc_date(datetime.now(UTC)), refers_to=payload.capture)]
        )

    def learned(self, fact: Mapping[str, Any]) -> None:
        """Note what the crawl learned about the portal; it stands in the crawl's end and becomes a proposed patch."""
        if dict(fact) not in self._learned:
            self._learned.append(dict(fact))

    # -- replaying ----------------------------------------------------------------------------------------------

    def _again(self, asked: _Asked) -> Answer | None:
        """The answer that is held already, or None."""
        held = self._replay.find(asked.key)
        if held is None:
            return None
        try:
            answer = self._rendered_again(asked, held) if held.kind == "rendered" else self._message_again(asked, held)
        except ArchiveError:
            self._replay.forget(asked.key)
            self.counts["capture/replay_unreadable"] += 1
            return None
        self.counts["capture/replayed"] += 1
        return answer

    def _message_again(self, asked: _Asked, held: Held) -> Answer:
        message = read_original(self.plan.home, held.content)
        self.cookies.store(asked.url, message.headers)
        return Answer(
            url=asked.url,
            status=message.status or 0,
            headers=message.headers,
            content=message.content(limit=_MAX_CONTENT),
            ref=_ref(held),
            date=held.date,
            wire_status=message.status or 0,
            reason=message.reason,
        )

    def _rendered_again(self, asked: _Asked, held: Held) -> Answer:
        from archive.warc import read_at

        record = read_at(self.plan.home.warc, held.file, held.offset, held.length)
        return Answer(
            url=asked.url,
            status=200,
            headers=[(b"Content-Type", b"text/html; charset=utf-8")],
            content=record.block,
            ref=_ref(held),
            date=held.date,
            wire_status=200,
            final_url=held.final_url,
        )

    def rendered(self, url: str, ask: Ask) -> Answer | None:
        """A rendered page that this crawl holds already: it replays whole, or is rendered anew."""
        asked = _Asked(url=url, method="GET", headers=[], body=b"", ask=ask, key=ask.key("GET", url), attempt=1)
        answer = self._again(asked)
        if answer is None and self.plan.as_of is not None:
            self.counts["capture/as_of_missed"] += 1
            raise NotHeld("no crawl up to that day holds it rendered", subject=url)
        return answer

    def _hold(self, asked: _Asked, answer: Answer) -> None:
        ref = answer.ref
        if ref.kind != "response":
            return
        content = Original(record_id=ref.record_id, file=ref.file, offset=ref.offset, length=ref.length)
        self._replay.add(
            Held(asked.key, ref.record_id, ref.kind, ref.file, ref.offset, ref.length, answer.date, content)
        )

    # -- files --------------------------------------------------------------------------------------------------

    def crawl_payload(self) -> CrawlPayload:
        """What stands at the head of every file of this crawl."""
        plan = self.plan
        arguments = plan.recorded_arguments()
        arguments["sites"] = [policy_facts(site) for site in plan.sites]
        return CrawlPayload(
            crawl=self.crawl,
            portal=plan.portal,
            scope=plan.scope,
            arguments=arguments,
            profile=plan.profile,
            profile_digest=plan.profile_digest,
            configuration=plan.configuration,
            clock=self.clock.astimezone(UTC).isoformat(),
            vantage=dict(plan.vantage),
            connect_to=list(plan.connect_to),
            made_up=self.made_up,
            software=_software(),
        )

    def _new_writer(self) -> WarcWriter:
        info = {
            "software": f"gongkai/{version('gongkai')}",
            "isPartOf": self.crawl,
            "robots": "obey (RFC 9309)",
            "http-header-user-agent": self.user_agent,
            **self.plan.settings_note,
        }
        if self.made_up:
            info["description"] = "NOT OBTAINED FROM THE NAMED HOSTS: connections were mapped with --connect-to"
        head = self._metadata(self.crawl_payload(), None, warc_date(datetime.now(UTC)))
        return WarcWriter(self.plan.home.warc, self.crawl, info, preamble=[head], made_up=self.made_up)

    def _metadata(
        self,
        payload: Payload,
        uri: str | None,
        date: str,
        *,
        concurrent_to: Sequence[str] = (),
        refers_to: str | None = None,
    ) -> Draft:
        return build.metadata(
            payload.as_bytes(),
            CONTENT_TYPE,
            date=date,
            uri=uri,
            record_id=new_record_id(),
            concurrent_to=concurrent_to,
            refers_to=refers_to,
        )

    def _append(self, drafts: Sequence[Draft]) -> list[Place]:
        if self.fatal is not None:
            raise self.fatal
        if self._writer is None:
            raise WarcError("nothing is written on this run", subject=self.crawl)
        try:
            return self._writer.append(drafts)
        except ArchiveError as error:
            self.fatal = error
            raise

    async def _settle(self) -> None:
        assert self._writer is not None
        try:
            await self._writer.settle()
        except ArchiveError as error:
            self.fatal = error
            raise

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
            if self._writer is not None:
                self._finish(reason, dict(stats or {}))
        finally:
            if self._locks is not None:
                self._locks.release()

    def _finish(self, reason: str, stats: dict[str, Any]) -> None:
        assert self._writer is not None
        with contextlib.suppress(ArchiveError) if self.fatal is not None else contextlib.nullcontext():
            self._writer.close()
        if reason in _UNFINISHED or self.fatal is not None:
            return
        mine = f"{self.crawl}-"
        seals = [seal for name, seal in read_seals(self.plan.home.warc).items() if name.startswith(mine)]
        end = CrawlEndPayload(
            crawl=self.crawl,
            portal=self.plan.portal,
            reason=reason,
            counts=dict(self.counts),
            stats=_plain(stats),
            files=[seal.as_dict() for seal in seals],
            learned=self._learned,
        )
        # In a file of its own: only sealed files can be listed, and whether a crawl ended is seen at a file's head.
        writer = self._new_writer()
        writer.append([self._metadata(end, None, warc_date(datetime.now(UTC)))])
        writer.close()

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


def user_agent(contact: str | None = None) -> str:
    """Who we say we are: honest, with an address at which a portal's operator reaches whoever runs this.

    ``contact``, else ``GONGKAI_CONTACT``, else the project's page.
    """
    where = contact or os.environ.get("GONGKAI_CONTACT") or CONTACT
    clean = "".join(char for char in where if char.isascii() and char.isprintable() and char not in "()")
    return f"Mozilla/5.0 (compatible; {AGENT}/{version('gongkai')}; +{clean})"


def _recover(home: Home) -> None:
    """Seal what dead runs left open; files of runs that live are locked and left alone."""
    if next(home.warc.glob("*.open"), None) is not None:
        from archive.warc.recover import recover_directory

        recover_directory(home)


def _ref(held: Held) -> CaptureRef:
    kind: CaptureKind = "rendered" if held.kind == "rendered" else "revisit" if held.kind == "revisit" else "response"
    return CaptureRef(held.record_id, kind, kind == "revisit", True, held.file, held.offset, held.length)


def _place(prior: Prior) -> Original:
    return Original(record_id=prior.record_id, file=prior.warc_file, offset=prior.offset, length=prior.length)


def _protocols(exchange: Exchange) -> list[tuple[str, str]]:
    fields = [("WARC-Protocol", "http/1.1")]
    if exchange.tls is not None and exchange.tls.version:
        fields.append(("WARC-Protocol", exchange.tls.version.lower().replace("v", "/", 1)))
        if exchange.tls.cipher:
            fields.append(("WARC-Cipher-Suite", exchange.tls.cipher))
    return fields


def _first(headers: Fields, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)


def _base64(data: bytes) -> str | None:
    return base64.b64encode(data).decode("ascii") if data else None


def _software() -> dict[str, str]:
    import platform

    names = ("gongkai", "scrapy", "warcio", "fastwarc")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def _plain(stats: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, (int, float, str, bool, type(None))) else str(value)
        for key, value in stats.items()
    }
