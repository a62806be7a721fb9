"""The records of one exchange, and of a crawl as a whole, ready to be written."""

from __future__ import annotations

import base64
import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from archive.access.captures import Prior
from archive.metadata import (
    CONTENT_TYPE,
    MADE_UP,
    CrawlEndMetadata,
    CrawlMetadata,
    FetchMetadata,
    Metadata,
    TlsFacts,
)
from archive.warc import Draft, HttpMessage, build, warc_date
from archive.warc.seal import Seal
from crawler.capture.request import CaptureKind, PendingRequest
from crawler.capture.wire.client import Exchange
from crawler.crawl_plan import CrawlPlan, policy_facts

# Of bytes that no HTTP record can hold, so many stand in the metadata itself; where there are more, all of them stand
# in a record of their own beside it.
KEPT_BYTES = 64 * 1024


def exchange_drafts(
    asked: PendingRequest,
    exchange: Exchange,
    message: HttpMessage,
    payload: FetchMetadata,
    kind: CaptureKind,
    *,
    identical: bool,
) -> list[Draft]:
    """The capture (if bytes of an answer came), the request (if one was sent), the metadata: in this order.

    Before the metadata, which is always the last, stand bytes that no HTTP record can hold and that are many.
    """
    date = warc_date(exchange.started)
    extra = _protocols(exchange)
    ids = build.new_record_ids()
    drafts: list[Draft] = []
    if kind == "revisit":
        prior = asked.prior
        assert prior is not None
        drafts.append(
            build.revisit(
                asked.target,
                message.head if identical else exchange.response,
                date=date,
                record_id=next(ids),
                profile="identical-payload-digest" if identical else "server-not-modified",
                refers_to=prior.location.record_id,
                refers_to_uri=prior.url,
                refers_to_date=warc_date(prior.date),
                payload_digest=prior.payload_digest,
                ip=exchange.address,
                truncated=exchange.truncated,
                extra=extra,
            )
        )
    elif kind == "response":
        drafts.append(
            build.response(
                asked.target,
                exchange.response,
                date=date,
                record_id=next(ids),
                ip=exchange.address,
                truncated=exchange.truncated,
                extra=extra,
            )
        )
    beside = [draft.record_id for draft in drafts]
    if exchange.request:
        # Address and protocol stand with the answer; where none came, here.
        alone = not beside
        sent = build.request(
            asked.target,
            exchange.request,
            date=date,
            record_id=next(ids),
            ip=exchange.address if alone else None,
            concurrent_to=beside,
            extra=extra if alone else (),
        )
        drafts.append(sent)
        beside = beside or [sent.record_id]
    for name, data in (("interim", exchange.before), ("excess", exchange.after), ("garbage", exchange.garbage)):
        if len(data) > KEPT_BYTES:
            drafts.append(
                build.metadata(
                    data,
                    "application/octet-stream",
                    date=date,
                    uri=f"urn:gongkai:{name}:{asked.target}",
                    record_id=next(ids),
                    concurrent_to=beside,
                )
            )
    drafts.append(metadata_draft(payload, asked.target, date=date, record_id=next(ids), concurrent_to=beside))
    return drafts


def fetch_payload(
    crawl: str,
    asked: PendingRequest,
    exchange: Exchange,
    *,
    kind: CaptureKind,
    tls: TlsFacts | None,
    blocked_by: str | None,
) -> FetchMetadata:
    """What was known of an exchange: ``gongkai.fetch/1``."""
    return FetchMetadata(
        crawl=crawl,
        key=asked.key,
        url=asked.url,
        method=asked.method,
        body_digest=hashlib.sha256(asked.body).hexdigest() if asked.body else None,
        purpose=asked.ask.purpose,
        attempt=asked.attempt,
        hints=asked.ask.hints,
        status=exchange.status,
        tls=tls,
        failure=exchange.failure,
        blocked_by=blocked_by,
        page=asked.ask.page,
        elapsed_ms=round(exchange.elapsed * 1000),
        excess_bytes=len(exchange.after) or None,
        interim_bytes=_if_more(exchange.before),
        garbage_bytes=_if_more(exchange.garbage),
        interim=_base64(exchange.before),
        excess=_base64(exchange.after),
        garbage=_base64(exchange.garbage),
        original=asked.prior.location if kind == "revisit" and asked.prior is not None else None,
    )


@dataclass(frozen=True, slots=True)
class PriorPicture:
    """The picture beside an earlier rendered page."""

    record_id: str
    date: str
    payload_digest: str


def rendered_drafts(
    url: str,
    html: bytes,
    text: bytes | None,
    screenshot: bytes | None,
    payload: FetchMetadata,
    *,
    prior: Prior | None = None,
    picture: PriorPicture | None = None,
) -> list[Draft]:
    """A rendered page: its DOM (``urn:dom:``), its picture (``urn:view:``), its text (``urn:text:``), the metadata.

    The text is a conversion of the DOM and stands beside it. Where an earlier capture has the very same DOM (``prior``)
    or picture, a revisit of it stands in its place, and the text is not written again. There is no head to keep, so a
    revisit's block is empty.
    """
    date = warc_date(datetime.now(UTC))
    plain = url.partition("#")[0]
    if prior is None:
        dom = build.resource(f"urn:dom:{plain}", html, "text/html; charset=utf-8", date=date)
    else:
        same = prior.payload_digest or build.digest(html)
        dom = _same(f"urn:dom:{plain}", prior.location.record_id, warc_date(prior.date), same, date=date)
    drafts = [dom]
    if screenshot is not None:
        uri, beside = f"urn:view:{plain}", [dom.record_id]
        if picture is not None and picture.payload_digest in build.digest_forms(build.digest(screenshot)):
            view = _same(uri, picture.record_id, picture.date, picture.payload_digest, date=date, concurrent_to=beside)
        else:
            view = build.resource(uri, screenshot, "image/png", date=date, concurrent_to=beside)
        drafts.append(view)
    if text is not None and prior is None:
        drafts.append(
            build.conversion(f"urn:text:{plain}", text, "text/plain; charset=utf-8", date=date, refers_to=dom.record_id)
        )
    drafts.append(metadata_draft(payload, plain, date=date, concurrent_to=[dom.record_id]))
    return drafts


def _same(
    uri: str, refers_to: str, refers_to_date: str, digest: str, *, date: str, concurrent_to: Sequence[str] = ()
) -> Draft:
    return build.revisit(
        uri,
        b"",
        date=date,
        profile="identical-payload-digest",
        refers_to=refers_to,
        refers_to_uri=uri,
        refers_to_date=refers_to_date,
        payload_digest=digest,
        concurrent_to=concurrent_to,
    )


def metadata_draft(
    payload: Metadata,
    about: str | None = None,
    *,
    date: str | None = None,
    record_id: str | None = None,
    concurrent_to: Sequence[str] = (),
    refers_to: str | None = None,
) -> Draft:
    """One of our payloads as a ``metadata`` record.

    Its target is ``urn:gongkai:<kind>:<URL>`` and not the URL itself: pywb replays a metadata record of a URL in place
    of the page that was captured in the same second.
    """
    kind = str(payload.model_dump(include={"schema_"})["schema_"]).removeprefix("gongkai.").partition("/")[0]
    return build.metadata(
        payload.as_bytes(),
        CONTENT_TYPE,
        date=date or warc_date(datetime.now(UTC)),
        uri=None if about is None else f"urn:gongkai:{kind}:{about}",
        record_id=record_id,
        concurrent_to=concurrent_to,
        refers_to=refers_to,
    )


def crawl_payload(plan: CrawlPlan, crawl: str, clock: datetime) -> CrawlMetadata:
    """What stands at the head of every file of a crawl: ``gongkai.crawl/1``."""
    return CrawlMetadata(
        crawl=crawl,
        portal=plan.portal,
        scope=plan.scope,
        arguments={**plan.recorded_arguments(), "sites": [policy_facts(site) for site in plan.sites]},
        profile=plan.profile,
        profile_digest=plan.profile_digest,
        configuration=plan.configuration,
        clock=clock.astimezone(UTC).isoformat(),
        vantage=dict(plan.vantage),
        connect_to=list(plan.connect_to),
        made_up=bool(plan.connect_to),
        software=_software(),
    )


def crawl_end_payload(
    plan: CrawlPlan,
    crawl: str,
    *,
    reason: str,
    counts: dict[str, int],
    stats: dict[str, Any],
    seals: Sequence[Seal],
    learned: list[dict[str, Any]],
    problems: Sequence[str] = (),
    columns: Sequence[dict[str, Any]] = (),
) -> CrawlEndMetadata:
    """The end of a crawl: ``gongkai.crawl-end/1``."""
    plain = {
        key: value if isinstance(value, (int, float, str, bool, type(None))) else str(value)
        for key, value in stats.items()
    }
    return CrawlEndMetadata(
        crawl=crawl,
        portal=plan.portal,
        reason=reason,
        counts=counts,
        stats=plain,
        files=[seal.as_dict() for seal in seals],
        learned=learned,
        problems=list(problems),
        columns=list(columns),
    )


def warcinfo_fields(plan: CrawlPlan, crawl: str, user_agent: str) -> dict[str, str]:
    """Fields of every file's warcinfo."""
    fields = {
        "software": " ".join(f"{name}/{number}" for name, number in _software().items()),
        "isPartOf": crawl,
        "configuration": plan.configuration,
        "robots": "obey (RFC 9309)",
        "http-header-user-agent": user_agent,
    }
    if plan.operator:
        fields["operator"] = plan.operator
    if plan.connect_to:
        fields["description"] = f"{MADE_UP.upper()}S: connections were mapped with --connect-to"
    return fields


def _software() -> dict[str, str]:
    """What takes part in writing a file: name and version."""
    names = ("gongkai", "scrapy", "playwright", "isal")
    return {**{name: version(name) for name in names}, "python": platform.python_version()}


def _protocols(exchange: Exchange) -> list[tuple[str, str]]:
    """``WARC-Protocol`` and ``WARC-Cipher-Suite`` (iipc/warc-specifications issue 42)."""
    fields = [("WARC-Protocol", "http/1.1")]
    if exchange.tls is not None and exchange.tls.version:
        fields.append(("WARC-Protocol", exchange.tls.version.lower().replace("v", "/", 1)))
        if exchange.tls.cipher:
            fields.append(("WARC-Cipher-Suite", exchange.tls.cipher))
    return fields


def _if_more(data: bytes) -> int | None:
    """How many bytes there are, where the metadata holds the first of them only."""
    return len(data) if len(data) > KEPT_BYTES else None


def _base64(data: bytes) -> str | None:
    return base64.b64encode(data[:KEPT_BYTES]).decode("ascii") if data else None
