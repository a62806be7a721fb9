"""HTTP/1.x messages as they stood on the wire: heads are read without being changed, bodies are decoded when asked.

Readers of web archives meet what servers really send: lines that end in LF alone, folded lines, header bytes in GBK,
chunks with extensions, bodies cut in the middle, a coding that is declared and not applied. Nothing here raises on such
a message: what can be decoded is, and the message says with ``complete`` whether all of it could.

The rules stand in `archive.warc.heads`, `archive.warc.chunks` and `archive.warc.codings`; the wire of the crawler reads
by the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.errors import WarcError
from archive.warc.chunks import dechunk
from archive.warc.codings import MAX_CONTENT, Decoded, decode
from archive.warc.heads import HEAD_END, codings_of, find_answer, read_fields, read_status, split_head

__all__ = ["MAX_CONTENT", "Decoded", "HttpMessage", "split_head"]


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """One request or response.

    Attributes:
        block: the bytes as archived.
        start_line: first line without its end.
        status: status code of a response, None for a request or an unreadable line.
        reason: reason phrase as sent.
        method, target: of a request, else empty.
        headers: names and values in order; values without surrounding blanks, folded lines joined by one blank,
            otherwise untouched. Lines without a colon are left out.
        body_start: offset in ``block`` of the first byte after the head; ``len(block)`` when the head has no end.
        interim: status codes of 1xx responses that came before this one in the same block.
        cut: the message is known to break off.
    """

    block: bytes
    start_line: bytes
    status: int | None
    reason: bytes
    method: bytes
    target: bytes
    headers: list[tuple[bytes, bytes]] = field(repr=False)
    body_start: int
    interim: tuple[int, ...] = ()
    cut: bool = False

    @classmethod
    def parse(cls, block: bytes, *, cut: bool = False) -> HttpMessage:
        """Read a message; an unreadable start line leaves ``status`` and ``method`` empty.

        Args:
            block: the bytes as archived.
            cut: the message is known to break off (WARC-Truncated).
        """
        start, interim = 0, []
        while True:
            status = None
            if (begin := find_answer(block, start)) is not None and begin >= 0:
                status = read_status(block, begin)
            end = HEAD_END.search(block, start)
            body = end.end() if end else len(block)
            # 103 Early Hints and 100 Continue precede the answer itself on the same connection
            if status and 100 <= status.status < 200 and status.status != 101 and _answers(block, body):
                interim.append(status.status)
                start = body
                continue
            break
        head = block[begin if status and begin else start : body]
        first = head.partition(b"\n")[0].rstrip(b"\r")
        method, _, rest = (b"", b"", b"") if status else first.partition(b" ")
        target = rest.rpartition(b" ")[0] if rest.rpartition(b" ")[2].upper().startswith(b"HTTP/") else rest
        return cls(
            block=block,
            start_line=first,
            status=status.status if status else None,
            reason=status.reason if status else b"",
            method=method,
            target=target,
            headers=read_fields(head),
            body_start=body,
            interim=tuple(interim),
            cut=cut,
        )

    def header(self, name: str) -> str | None:
        """First value of a header, as Latin-1 text (``value.encode("latin-1")`` gives the bytes back), or None."""
        wanted = name.lower().encode("latin-1")
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return None

    def header_all(self, name: str) -> list[str]:
        """All values of a header in order, as Latin-1 text."""
        wanted = name.lower().encode("latin-1")
        return [value.decode("latin-1") for key, value in self.headers if key.lower() == wanted]

    @property
    def head(self) -> bytes:
        """Start line and headers with the empty line that ends them."""
        return self.block[: self.body_start]

    @property
    def body(self) -> bytes:
        """Everything after the head, as it came."""
        return self.block[self.body_start :] if self.body_start < len(self.block) else b""

    def entity(self) -> bytes:
        """The body without transfer coding; of a cut body what arrived. This is WARC's payload of an HTTP message."""
        return self.read_entity().data

    def read_entity(self) -> Decoded:
        """As `entity`, saying whether the transfer coding was whole.

        Content-Length is not applied: archives hold messages whose length belongs to another coding of the body.
        """
        codings = codings_of(self.headers, b"transfer-encoding")
        body = Decoded(self.body)
        if codings[-1:] == ["chunked"]:
            codings.pop()
            body = dechunk(self.body, cut=self.cut)
        try:
            inner = decode(codings, body.data)
        except WarcError:  # the payload of a bomb is what came: its digest must be found all the same
            return Decoded(body.data, body.fault or "damaged")
        return Decoded(inner.data, body.fault or inner.fault)

    def content(self, *, limit: int = MAX_CONTENT) -> bytes:
        """The body without transfer and content coding: what the page or file itself is.

        A coding that is declared and not applied is ignored, of a damaged one the readable part is kept.

        Raises:
            WarcError: it would decode to more than ``limit`` bytes.
        """
        return self.read_content(limit=limit).data

    def read_content(self, *, limit: int = MAX_CONTENT) -> Decoded:
        """As `content`, saying whether every coding was whole, and what was wrong with one that was not."""
        entity = self.read_entity()
        content = decode(codings_of(self.headers, b"content-encoding"), entity.data, limit)
        return Decoded(content.data, entity.fault or content.fault)


def _answers(block: bytes, start: int) -> bool:
    """Whether a further answer begins at ``start``."""
    begin = find_answer(block, start)
    return begin is not None and begin >= 0 and read_status(block, begin) is not None
