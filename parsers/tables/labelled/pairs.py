"""Words with the value behind each: ``自然人31件，商业企业7件``, ``总计77（自然人14；科研机构5）``, ``结果维持：2``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.forms.values import ValueReader

_UNIT_SAID = re.compile(r"[(（]单位[^()（）]*[)）]")
_APART = re.compile(r"[；;、。\n()（）]|(?<!\d)[,，]|[,，](?!\d{3}(?!\d))")
_FILLER = re.compile(r"[\s,，:：]*(?:其中|内含|包括)?[\s,，:：]*")
_PAIR = re.compile(
    r"(?P<word>[^\d\s:：][^\d:：]*?)\s*(?P<colon>[:：])?\s*(?P<value>[-+−－]?\d\S*(?:\s*[^\d\s]{1,3})?|[/—―-]+|[无零〇])?\s*"
)

_LONGEST = 80  # characters of a line of one pair


@dataclass(frozen=True, slots=True)
class Pair:
    """A word and the value behind it, each as (start, end) in the text."""

    word: tuple[int, int]
    value: tuple[int, int]


def read_pairs(text: str, start: int, end: int, values: ValueReader) -> list[Pair | None]:
    """The pairs of a stretch of text from left to right; None for every piece that is no word with a value."""
    # The unit in a word's brackets parts nothing.
    shown = _UNIT_SAID.sub(lambda match: "＿" * len(match[0]), text[start:end])
    found: list[Pair | None] = []
    at = 0
    for mark in [*_APART.finditer(shown), None]:
        stop = mark.start() if mark else len(shown)
        piece = _FILLER.match(shown, at, stop)
        first = piece.end() if piece else at
        if shown[first:stop].strip():
            found.append(_read_pair(shown, first, stop, start, values))
        at = mark.end() if mark else stop
    return found


def read_pair(text: str, values: ValueReader) -> Pair | None:
    """The only pair that a text is, its word and value parted by a colon; the value may be lacking."""
    if len(text) > _LONGEST or not (":" in text or "：" in text):
        return None  # most lines of a document; a look at them would cost as much as they are long, twice
    match = _PAIR.fullmatch(_UNIT_SAID.sub(lambda said: "＿" * len(said[0]), text.rstrip("；;，,。 \n")))
    if match is None or not match["colon"]:
        return None
    return _pair(match, 0, values)


def _read_pair(shown: str, first: int, stop: int, start: int, values: ValueReader) -> Pair | None:
    match = _PAIR.fullmatch(shown, first, stop)
    return _pair(match, start, values) if match is not None and match["value"] else None


def _pair(match: re.Match[str], start: int, values: ValueReader) -> Pair | None:
    if match["value"] and not values.could_be(match["value"]):
        return None
    value = match.span("value") if match["value"] else (match.end(), match.end())
    word = match.span("word")
    return Pair((start + word[0], start + word[1]), (start + value[0], start + value[1]))
