"""From an answer as it came to what it holds, and whether that is all: here loss inside a body is noticed.

What the wire notices (a length that was promised, a last chunk, a limit, a time-out, a reset) is the exchange's failure
already; here codings are added that break off, are damaged or do not fit their checksum, and content too large to read.
"""

from __future__ import annotations

from archive import WarcError
from archive.metadata import Failure
from archive.warc import HttpMessage
from archive.warc.codings import Decoded, Fault
from archive.warc.heads import codings_of, read_length
from crawler.capture.answer import MAX_CONTENT, MAX_TEXT
from crawler.capture.wire.client import Exchange

_BEGINNING = 1024
_FAULTS: dict[Fault, Failure] = {
    "cut": Failure(kind="truncated", message="the content coding breaks off"),
    "damaged": Failure(kind="protocol", message="the content coding is damaged"),
    "checksum": Failure(kind="checksum", message="the checksum of the content coding does not fit the content"),
}


def read_content(exchange: Exchange, original: HttpMessage | None, message: HttpMessage) -> bytes:
    """What the answer holds, nothing when that is too much; what is wrong with it becomes the exchange's failure.

    Args:
        exchange: as it happened; ``failure`` and ``truncated`` are changed.
        original: what a 304 confirmed.
        message: the answer itself.
    """
    try:
        if original is not None:
            return original.content(limit=MAX_CONTENT)
        if not message.block:
            return b""
        decoded = message.read_content(limit=MAX_CONTENT)
    except WarcError as error:
        exchange.failure = exchange.failure or Failure(kind="too_large", message=str(error.args[0]))
        return b""
    except Exception as error:  # noqa: BLE001 - whatever a stranger's bytes bring about, they are archived
        exchange.failure = exchange.failure or Failure(kind="other", message=f"could not be decoded ({error!r})")
        return b""
    if len(decoded.data) > MAX_TEXT and b"\0" not in decoded.data[:_BEGINNING]:
        said = f"a page of {len(decoded.data)} bytes: more than {MAX_TEXT} are not read"
        exchange.failure = exchange.failure or Failure(kind="too_large", message=said)
        return b""
    if exchange.status is None:
        return decoded.data
    if exchange.truncated in {"disconnect", "time"} and _length_of_content(message, decoded):
        exchange.truncated = exchange.failure = None
    if exchange.failure is None and exchange.status != 206 and decoded.fault is not None:
        exchange.failure = _FAULTS.get(decoded.fault)
    return decoded.data


def _length_of_content(message: HttpMessage, decoded: Decoded) -> bool:
    """Whether Content-Length says how long the content is and not its coded form: then all of it came.

    As browsers: only where it fits to the byte.
    """
    coded = bool(codings_of(message.headers, b"content-encoding"))
    return coded and decoded.complete and read_length(message.headers).bytes == len(decoded.data)
