"""What an answer is: the portal's own, a challenge or refusal, or "not found" said with status 200.

The signatures are facts (``config/signatures.yaml``, with their sources). Judging is pure and is done twice: by the
crawler, to decide how to go on, and by the index, so that better signatures judge old captures anew. Whatever the
verdict, the answer is archived; a blocked or missing page never becomes a reading.
"""

from __future__ import annotations

import codecs
import functools
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parsers.configuration import ConfigModel, facts_file, load_facts
from parsers.formats.media import DOCUMENT_BEGINNINGS, PACKED_BEGINNINGS, PICTURE_BEGINNINGS

Verdict = Literal["ok", "blocked", "soft404"]
Asking = Literal["cookie", "script", "person"]
"""What a challenge asks of its visitor: to bring a cookie back, to run its script, to be a person."""

GONE = frozenset({404, 410})
"""Statuses that say of an address that nothing is there."""

_SAMPLE = 1 << 20
_BEGINNING = 16 << 10
_TEMPLATE = r"template\b(?![^>]{0,200}shadowrootmode)"  # a declared shadow root is shown
# Possessive, so that a page made to be slow cannot make it go back; no group inside: CPython 3.11 miscounts those.
_SHOWN = re.compile(
    "(?:"
    + "|".join(
        rf"<{name}\b.*?(?:</{name}\s*>|\Z)"
        for name in ("script", "style", "noscript", r"template\b(?![^>]*shadowrootmode)")
    )
    + r"|<!--.*?(?:-->|\Z)|<[^>]*>?|&#?\w{1,8};|\s++)*+([^<&\s]++|&|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_BODY = re.compile(r"<body\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.DOTALL)
_BINARY = (*DOCUMENT_BEGINNINGS, *PACKED_BEGINNINGS, *PICTURE_BEGINNINGS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one answer, and the signature that led to it (None for ``ok``)."""

    verdict: Verdict
    signature: str | None = None

    @property
    def ok(self) -> bool:
        """True for an answer of the portal itself."""
        return self.verdict == "ok"


_OK = Judgement("ok")


class Signature(ConfigModel):
    """One entry of ``config/signatures.yaml``; all conditions that are given must hold."""

    id: str
    product: str
    verdict: Literal["blocked", "soft404"]
    status: frozenset[int] | None = None
    header: re.Pattern[str] | None = None
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    max_text: int | None = None
    max_bytes: int | None = None
    asks_for: Asking | None = None


class _SignatureFile(ConfigModel):
    signatures: tuple[Signature, ...]


class Signatures:
    """All signatures, ready to judge.

    Args:
        entries: in the order in which they are tried.
        digest: names this state of the file (``sha256:...``), so that a judgement says what it was made with.

    Attributes:
        entries: as given.
    """

    def __init__(self, entries: Iterable[Signature], digest: str) -> None:
        self.digest = digest
        self.entries = tuple(entries)
        self._rules = [_Rule(entry) for entry in self.entries]
        self._by_status: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
        self._enough = max((rule.entry.max_text or 0 for rule in self._rules), default=0)

    def __len__(self) -> int:
        return len(self._rules)

    def judge(self, status: int | None, headers: Iterable[tuple[bytes, bytes]], content: bytes) -> Judgement:
        """Judge one answer.

        Args:
            status: HTTP status, None when the answer has no status line (then nothing is known: ``ok``).
            headers: name and value as on the wire.
            content: the body without transfer and content coding.
        """
        if status is None:
            return _OK
        asked, asked_of_articles = self._asked(status)
        if not asked:
            return _OK
        page = _Page(status, headers, content, self._enough)
        for rule in asked_of_articles if page.textual and page.visible > self._enough else asked:
            if rule.matches(page):
                return Judgement(rule.entry.verdict, rule.entry.id)
        return _OK

    def _asked(self, status: int) -> tuple[list[_Rule], list[_Rule]]:
        """The rules for a status; and those of them that a page with much text can match."""
        found = self._by_status.get(status)
        if found is None:
            asked = [rule for rule in self._rules if rule.entry.status is None or status in rule.entry.status]
            found = asked, [rule for rule in asked if rule.entry.max_text is None]
            self._by_status[status] = found
        return found


def load_signatures() -> Signatures:
    """The signatures of the configuration in use.

    Raises:
        ConfigurationError: the file is missing or an entry is not as it must be; file, line and field are named.
    """
    return _load(facts_file("signatures.yaml"))


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> Signatures:
    facts = load_facts(path, _SignatureFile)
    return Signatures(facts.signatures, f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")


class _Page:
    """An answer with the things that are costly to find out, found out at most once.

    ``enough`` is the number of visible characters beyond which no signature asks.
    """

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], content: bytes, enough: int) -> None:
        self.status = status
        self.size = len(content)
        self.textual = not content.startswith(_BINARY) and b"\0" not in content[:512]
        self._headers = headers
        self._content = content[:_SAMPLE] if self.textual else b""
        self._enough = enough

    @functools.cached_property
    def lines(self) -> list[str]:
        return [f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in self._headers]

    @functools.cached_property
    def text(self) -> str:
        return _decode(self._content)

    @functools.cached_property
    def folded(self) -> str:
        return self.text.lower()

    @functools.cached_property
    def title(self) -> str:
        found = _TITLE.search(self.folded)
        return found.group(1) if found else ""

    @functools.cached_property
    def visible(self) -> int:
        """Visible characters, tags and scripts left out; counting ends where no signature would care any more."""
        if len(self._content) > 2 * _BEGINNING:  # an article shows enough before its first few kilobytes are over
            count = _count(_decode(self._content[:_BEGINNING]), self._enough)
            if count > self._enough:
                return count
        return _count(self.text, self._enough)


def _decode(content: bytes) -> str:
    try:  # what is cut may end inside a character: the decoder keeps that back
        return codecs.utf_8_decode(content, "strict", False)[0]
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _count(text: str, enough: int) -> int:
    count = 0
    body = _BODY.search(text)
    for piece in _SHOWN.finditer(text, body.start() if body else 0):
        count += len(piece[1])
        if count > enough:
            break
    return count


class _Rule:
    def __init__(self, entry: Signature) -> None:
        self.entry = entry
        self._any = [text.lower() for text in entry.any]
        self._all = [text.lower() for text in entry.all]
        self._title = [text.lower() for text in entry.title]
        self._header = re.compile(entry.header.pattern, re.IGNORECASE) if entry.header else None
        self._body = bool(entry.any or entry.all or entry.title or entry.max_text is not None)

    def matches(self, page: _Page) -> bool:
        entry = self.entry
        if entry.max_bytes is not None and page.size > entry.max_bytes:
            return False
        if self._body and not page.textual:
            return False
        # Most answers are articles: counting their text up to the limit is cheaper than looking for every phrase.
        if entry.max_text is not None and page.visible > entry.max_text:
            return False
        if self._header is not None and not any(self._header.search(line) for line in page.lines):
            return False
        if self._any and not any(text in page.folded for text in self._any):
            return False
        if not all(text in page.folded for text in self._all):
            return False
        return not self._title or any(text in page.title for text in self._title)
