"""Between the DevTools protocol and the wire: what a paused request asks, and how it is answered."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Any

from crawler._errors import FetchError, OutOfScope, RobotsDenied

# Ours to say, not the origin's: the body handed to the browser is whole and decoded.
_FRAMING = {b"content-length", b"content-encoding", b"transfer-encoding", b"connection", b"keep-alive", b"trailer"}


def refusal(event: dict[str, Any], *, local: bool) -> dict[str, Any]:
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
