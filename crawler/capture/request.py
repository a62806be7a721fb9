"""What the spiders and the capture say to each other, as plain data.

``CaptureRequest`` travels in ``request.meta["gongkai"]`` and says why an address is fetched; ``CaptureRef`` comes back
in ``response.meta["capture"]`` and says where the answer lies. ``CrawlPlan`` is one run: which portal, which sites at
which pace, into which home. ``SitePolicy`` is all that capture and politeness know of a portal profile.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

from archive.access.captures import Prior
from archive.metadata import Hint, Purpose, replay_key
from archive.signatures import Judgement
from archive.warc.location import RecordLocation

META_ASK = "gongkai"
META_CAPTURE = "capture"
META_WAITS = "waits"
"""How often a request was made again because its server had asked for a wait."""
META_BEFORE = "asked_before"
"""How often a request was made before its present try, apart from Scrapy's own count of failures."""

CaptureKind = Literal["response", "revisit", "rendered", "none"]
_OWN = Judgement("ok")


@dataclass(frozen=True, slots=True)
class Render:
    """How a page is to be rendered before it is read.

    Args:
        wait_for: CSS selector that must match before the page counts as ready.
        scroll: how many times to scroll to the end of the page (lists that grow).
        grows: after that, scroll on as long as it brings new entries; no other answer, so no part of `digest`.
        clicks: CSS selectors clicked in this order, each followed by a wait for the network to fall silent.
        timeout: seconds without any progress (an answer to one of the page's requests) after which waiting ends.
        screenshot: keep a picture beside the DOM.
    """

    wait_for: str | None = None
    scroll: int = 0
    grows: bool = False
    clicks: tuple[str, ...] = ()
    timeout: float = 60.0
    screenshot: bool = True

    def digest(self) -> str:
        """Short name of these steps: the same page rendered otherwise is another answer."""
        steps = {"wait_for": self.wait_for, "scroll": self.scroll, "clicks": self.clicks}
        return hashlib.sha256(json.dumps(steps, sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """Why an address is fetched.

    ``conditional`` false asks for the full answer even where an earlier capture could be confirmed by a 304.
    ``page`` is the page a sub-resource belongs to. ``browser`` false keeps a challenge from being shown to the browser
    (``render: never``).
    """

    purpose: Purpose = "page"
    hints: Hint = field(default_factory=Hint)
    render: Render | None = None
    conditional: bool = True
    page: str | None = None
    browser: bool = True

    def key(self, method: str, url: str, body: bytes = b"") -> str:
        """Replay key of this ask (`archive.metadata.replay_key`); steps of rendering are part of it."""
        purpose = self.purpose if self.render is None else f"{self.purpose}+render:{self.render.digest()}"
        return replay_key(method, url, body, purpose)


@dataclass(frozen=True, slots=True)
class CaptureRef:
    """Where an answer lies in the archive.

    Attributes:
        location: of the capture's record; of the fetch metadata record when nothing else came (``none``).
        kind: ``response``, ``revisit`` (nothing new was said), ``rendered`` (a DOM), ``none``.
        unchanged: the portal said, or the bytes show, that nothing changed since an earlier capture.
        replayed: no request went out; this crawl (or, with ``--as-of``, an earlier one) held the answer.
        judgement: what the answer is, by the signatures: judged where it was kept or read back, and nowhere else.
        loss: what is missing or damaged of the answer, in a sentence; None of one that is whole. Whatever the way of
            being cut (a length or a last chunk that did not come, a coding that breaks off or does not fit its
            checksum, a limit, a time-out, a reset, a rendered page that waited in vain), it stands here; the response
            then has the flag ``dataloss``, and ``gongkai.fetch/1`` a ``failure`` beside its ``status``.
    """

    location: RecordLocation
    kind: CaptureKind
    unchanged: bool = False
    replayed: bool = False
    judgement: Judgement = _OWN
    loss: str | None = None

    @property
    def blocked_by(self) -> str | None:
        """The signature that says this is a challenge or a refusal and no page of the portal, or None."""
        return self.judgement.signature if self.judgement.verdict == "blocked" else None

    @property
    def record_id(self) -> str:
        """WARC-Record-ID of the capture, by which other records name it."""
        return self.location.record_id


@dataclass(slots=True)
class PendingRequest:
    """A request on its way.

    Attributes:
        key: its replay key.
        attempt: counts from 1.
        prior: the capture that validators and deduplication refer to, if there is one.
        conditional: validators are sent.
        browser: the browser asks; its own cookies go with it and no others.
        cookies: what it brought of this run's.
    """

    url: str
    method: str
    headers: list[tuple[bytes, bytes]]
    body: bytes
    ask: CaptureRequest
    key: str
    attempt: int = 1
    prior: Prior | None = None
    conditional: bool = False
    browser: bool = False
    cookies: bytes | None = None

    @property
    def target(self) -> str:
        """The URL without fragment: what is asked of the server."""
        return self.url.partition("#")[0]
