"""Between the DevTools protocol and the wire: what a paused request asks, and how it is answered.

A document that does not come must not cost the page that stands there: its request is called off (``Aborted``), so that
the browser shows no error page of its own in the portal's place.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
from collections.abc import Awaitable, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from crawler.capture.browser.visit import Visit
from crawler.errors import FetchError, OutOfScope, RobotsDenied

logger = logging.getLogger(__name__)

# Ours to say, not the origin's: the body handed to the browser is whole and decoded.
_FRAMING = {b"content-length", b"content-encoding", b"transfer-encoding", b"connection", b"keep-alive", b"trailer"}


def refusal_parameters(event: dict[str, Any], *, local: bool) -> dict[str, Any]:
    """Parameters with which a request goes on inside the browser (``local``) or is refused."""
    parameters: dict[str, Any] = {"requestId": event["requestId"]}
    if not local:
        parameters["errorReason"] = "BlockedByClient"
    return parameters


def reason_of(error: FetchError) -> str:
    """What the browser is told of a request that failed."""
    if isinstance(error, (OutOfScope, RobotsDenied)):
        return "BlockedByClient"
    return "TimedOut" if "time" in str(error).lower() else "ConnectionFailed"


def request_headers(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """The page's request headers as bytes, in the browser's order."""
    return [(name.encode("latin-1"), value.encode("utf-8")) for name, value in headers.items()]


def request_body(request: dict[str, Any]) -> bytes:
    """The request body, which may be binary (``postDataEntries``)."""
    if not request.get("hasPostData"):
        return b""
    entries = request.get("postDataEntries") or []
    if entries:
        return b"".join(base64.b64decode(entry.get("bytes", "")) for entry in entries)
    text: str = request.get("postData", "")
    return text.encode()


def response_headers(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The answer's headers as the protocol takes them: lines between NULs, without those that frame the body."""
    lines = []
    for name, value in headers:
        if name.strip().lower() in _FRAMING or not name.strip():
            continue
        lines.append(name.strip() + b": " + re.sub(rb"[\r\n\0]+[ \t]*", b" ", value).strip())
    return b"\0".join(lines)


class Speaks(Protocol):
    """The browser's DevTools session (`chromium.Running`); ``windows`` names all that are open."""

    windows: set[str]

    def send(self, method: str, parameters: dict[str, Any]) -> Awaitable[None]:
        """Say something to the browser."""


async def answer_request(event: dict[str, Any], visit: Visit | None, browser: Speaks) -> None:
    """Answer one paused request from the capture session.

    Args:
        event: ``Fetch.requestPaused``.
        visit: the page that is being rendered, if one is.
        browser: is told the answer.
    """
    url: str = event["request"]["url"] + event["request"].get("urlFragment", "")
    if visit is None or not url.startswith(("http://", "https://")):
        # data: and blob: never leave the browser; anything else has no business here.
        local = url.startswith(("data:", "blob:", "about:"))
        method = "Fetch.continueRequest" if local else "Fetch.failRequest"
        await browser.send(method, refusal_parameters(event, local=local))
        return
    top = visit.is_top(event)
    if _is_nobodys(event, url, visit, browser.windows) or visit.over(event) is not None:
        await _fail(event, visit, "BlockedByClient", browser)
        return
    visit.traffic.begin()
    try:
        reply = await _reply(visit, event, url, top=top)
    except FetchError as error:
        visit.failed(event, url, error, top=top)
        await _fail(event, visit, reason_of(error), browser)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        # A page must not hang on a request we could not answer; the crawl decides about the error itself.
        logger.exception("answering %s for the browser", url)
        visit.failed(event, url, error, top=top)
        await _fail(event, visit, "Failed", browser)
    else:
        await browser.send("Fetch.fulfillRequest", reply)
    finally:
        visit.traffic.end()


def _is_nobodys(event: dict[str, Any], url: str, visit: Visit, windows: set[str]) -> bool:
    """Whether nobody looks at the answer: another window's, which is being closed, an icon that no page named, a film.

    What is played has no text, and may have no end; a portal need not send it.
    """
    frame = event.get("frameId")
    if event.get("resourceType") == "Media":
        return True
    if frame != visit.frame and frame in windows:
        return True
    return event.get("resourceType") == "Other" and urlsplit(url).path == "/favicon.ico"


async def _reply(visit: Visit, event: dict[str, Any], url: str, *, top: bool) -> dict[str, Any]:
    """What the capture session says to a request, as the protocol takes it."""
    request = event["request"]
    said = None
    if top and url == visit.url and visit.last is None:
        said = visit.given
    if said is None:
        said = await visit.network.fetch(
            visit.ask_of(url, top=top),
            url,
            method=request["method"],
            headers=request_headers(request["headers"]),
            body=request_body(request),
        )
    visit.answered(event, url, said, top=top)
    return {
        "requestId": event["requestId"],
        "responseCode": said.status,
        "responsePhrase": said.reason.decode("latin-1") or "OK",
        # Base64 of NUL-separated lines: the only form in which header bytes that are not ASCII survive.
        "binaryResponseHeaders": base64.b64encode(response_headers(said.headers)).decode(),
        "body": base64.b64encode(said.content).decode(),
    }


async def _fail(event: dict[str, Any], visit: Visit, reason: str, browser: Speaks) -> None:
    """Have a request fail in the browser; one for a further document is called off, so that the page stays."""
    stays = visit.is_top(event) and visit.last is not None
    parameters = {"requestId": event["requestId"], "errorReason": "Aborted" if stays else reason}
    await browser.send("Fetch.failRequest", parameters)
