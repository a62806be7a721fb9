"""What an answer is: the portal's own, a challenge or refusal, or "not found" said with status 200.

The signatures are facts (``config/signatures.yaml``, with their sources). Judging is pure and is done twice: by the
crawler, to decide how to go on, and by the index, so that better signatures judge old captures anew. Whatever the
verdict, the answer is archived; a blocked or missing page never becomes a reading.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from parsers import ConfigurationError
from parsers.configuration import configuration_directory, line_of, parse_yaml

Verdict = Literal["ok", "blocked", "soft404"]

_SAMPLE = 1 << 20
_HIDDEN = re.compile(rb"(?is)<(script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
_TAG = re.compile(rb"(?s)<[^>]*>?")
_ENTITY = re.compile(rb"&#?\w{1,8};")
_TITLE = re.compile(rb"(?is)<title[^>]*>(.*?)</title")
_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one answer, and the signature that led to it (None for ``ok``)."""

    verdict: Verdict
    signature: str | None = None

    @property
    def ok(self) -> bool:
        """True for an answer of the portal itself."""
        return self.verdict == "ok"


class Signature(BaseModel):
    """One entry of ``config/signatures.yaml``; all conditions that are given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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


class Signatures:
    """All signatures, ready to judge.

    Args:
        entries: in the order in which they are tried.
        digest: names this state of the file (``sha256:...``), so that a judgement says what it was made with.
    """

    def __init__(self, entries: Iterable[Signature], digest: str) -> None:
        self.digest = digest
        self._rules = [_Rule(entry) for entry in entries]

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
            return Judgement("ok")
        page = _Page(status, headers, content)
        for rule in self._rules:
            if rule.matches(page):
                return Judgement(rule.entry.verdict, rule.entry.id)
        return Judgement("ok")


def load_signatures() -> Signatures:
    """The signatures of the configuration in use.

    Raises:
        ConfigurationError: the file is missing or an entry is not as it must be; file, line and field are named.
    """
    return _load(configuration_directory() / "signatures.yaml")


@functools.lru_cache(maxsize=4)
def _load(path: Path) -> Signatures:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot be read ({error.strerror})", subject=str(path)) from error
    data: Any = parse_yaml(text, str(path))
    entries = data.get("signatures") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise ConfigurationError("has no list named 'signatures'", subject=str(path))
    found = []
    for number, entry in enumerate(entries):
        try:
            found.append(Signature.model_validate(entry))
        except ValidationError as error:
            first = error.errors()[0]
            line = line_of(text, ("signatures", number, *first["loc"]))
            field = ".".join(str(step) for step in first["loc"])
            raise ConfigurationError(
                f"{field or 'entry'}: {first['msg']}", subject=f"{path} line {line}", advice="Correct this signature"
            ) from error
    return Signatures(found, f"sha256:{hashlib.sha256(text.encode()).hexdigest()}")


class _Page:
    """An answer with the things that are costly to find out, found out at most once."""

    def __init__(self, status: int, headers: Iterable[tuple[bytes, bytes]], content: bytes) -> None:
        self.status = status
        self.size = len(content)
        self._headers = headers
        self.textual = not content.startswith(_BINARY) and b"\0" not in content[:512]
        self._content = content[:_SAMPLE] if self.textual else b""

    @functools.cached_property
    def lines(self) -> list[str]:
        return [f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in self._headers]

    @functools.cached_property
    def folded(self) -> bytes:
        return self._content.lower()

    @functools.cached_property
    def title(self) -> bytes:
        found = _TITLE.search(self.folded)
        return found.group(1) if found else b""

    @functools.cached_property
    def text_length(self) -> int:
        """Visible characters, tags and scripts left out; a Chinese character counts as one in either encoding."""
        seen = _ENTITY.sub(b"", _TAG.sub(b" ", _HIDDEN.sub(b" ", self._content)))
        seen = b"".join(seen.split())
        try:
            return len(seen.decode("utf-8"))
        except UnicodeDecodeError:
            return len(seen.decode("gb18030", "replace"))


class _Rule:
    def __init__(self, entry: Signature) -> None:
        self.entry = entry
        self._any = [_forms(text) for text in entry.any]
        self._all = [_forms(text) for text in entry.all]
        self._title = [_forms(text) for text in entry.title]
        self._header = re.compile(entry.header.pattern, re.IGNORECASE) if entry.header else None
        self._body = bool(entry.any or entry.all or entry.title or entry.max_text is not None)

    def matches(self, page: _Page) -> bool:
        entry = self.entry
        if entry.status is not None and page.status not in entry.status:
            return False
        if entry.max_bytes is not None and page.size > entry.max_bytes:
            return False
        if self._body and not page.textual:
            return False
        if self._header is not None and not any(self._header.search(line) for line in page.lines):
            return False
        if self._any and not any(_in(forms, page.folded) for forms in self._any):
            return False
        if not all(_in(forms, page.folded) for forms in self._all):
            return False
        if self._title and not any(_in(forms, page.title) for forms in self._title):
            return False
        return entry.max_text is None or page.text_length <= entry.max_text


def _forms(text: str) -> tuple[bytes, ...]:
    lower = text.lower()
    # Folding bytes also touches second bytes of GB18030 characters: the pattern is folded in the same way.
    return tuple(dict.fromkeys((lower.encode("utf-8"), lower.encode("gb18030").lower())))


def _in(forms: tuple[bytes, ...], content: bytes) -> bool:
    return any(form in content for form in forms)
