"""Values written in scripts: a small reader of JavaScript literals, and look-ups of single settings.

Lists stand in pages as ``articleList = [...]``, ``window._CONFIG = {...}`` or ``queryData="{'webId':'1'}"``: not JSON
(keys without quotes, single quotes, trailing commas), but literals all the same. What is no literal (a call, a
variable) reads as None, so that one odd member does not lose the rest.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from crawler.cms.data import whole

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*(?:[^*]|\*(?!/)){0,5000}\*/)*")
_NUMBER = re.compile(r"-?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
# Behind a statement only an array is one: a brace begins a block there.
_OPENING = re.compile(r"(?:=|:|\(|,|return)\s*(?=[\[{])|[;{}]\s*(?=\[)|^\s*(?=[\[{])")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_MAX_DEPTH = 40
_MAX_BRACES = 6
# Attempts at what a page repeats end: a list's settings stand in it once or a few times.
_MOST_TRIES = 50
_WASTE = 200_000
_LONGEST = 300
_LONGEST_CODE = 20_000
_CODE_STRING = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|`([^`$]*)`")
_OPEN_BRACKETS, _CLOSE_BRACKETS = "([{", ")]}"


class _NoLiteral(ValueError):
    """What stands here is no literal; ``at`` is how far it was read."""

    def __init__(self, at: int = 0) -> None:
        super().__init__()
        self.at = at


def values(script: str) -> Iterator[Any]:
    """Every outermost array or object literal that is assigned, returned or passed in ``script``.

    Reading ends when as much as `_WASTE` characters were read in vain: brackets that nothing closes.
    """
    position = wasted = 0
    while True:
        match = _OPENING.search(script, position)
        if match is None:
            return
        start = match.end()
        try:
            value, position = read(script, start)
        except _NoLiteral as error:
            position = start + 1
            wasted += max(0, error.at - start)
            if wasted > _WASTE:
                return
            continue
        if value:
            yield value


def read(text: str, start: int = 0) -> tuple[Any, int]:
    """The literal at ``start`` and where it ends.

    Raises:
        ValueError: no literal stands there.
    """
    position = _skip(text, start)
    if not re.match(r"[\[{'\"`\d-]|(?:true|false|null)\b", text[position : position + 6]):
        raise _NoLiteral(position)
    return _value(text, position, 0)


def count_of(text: object, most: int = 10_000_000) -> int | None:
    """The whole number that ``text`` is, if it is one of at most ``most``."""
    plain = text.strip() if isinstance(text, str) else ""
    return int(plain) if re.fullmatch(r"[0-9]{1,9}", plain) and int(plain) <= most else None


def around(text: str, core: str, before: str = r"\w./:-") -> str | None:
    """The first address in ``text`` that has ``core`` (a pattern) in it: what stands before it, without what ends it.

    Args:
        text: a page's source.
        core: pattern of the part that tells the address.
        before: characters that may stand before that part, as of a character class.
    """
    match = re.search(core, text, re.IGNORECASE)
    if match is None:
        return None
    head = re.search(rf"[{before}]*+$", text[max(0, match.start() - _LONGEST) : match.start()])
    return f"{head.group() if head else ''}{match.group()}"


def setting(text: str, *names: str) -> str | None:
    """The value of the first of ``names`` that is set anywhere in ``text``: ``name: 'v'``, ``name = 12``, ``name=v&``.

    A value that is a name itself (``channelid: SiteInfo.searchId``) is looked up once more.
    """
    for name in names:
        found = re.finditer(
            rf"(?<![\w$]){re.escape(name)}['\"]?\s{{0,99}}[:=]\s{{0,99}}"
            rf"(?:'([^'\n]{{0,2000}})'|\"([^\"\n]{{0,2000}})\"|([\w.$%-]{{1,{_LONGEST}}}))",
            text,
            re.IGNORECASE,
        )
        for match in itertools.islice(found, _MOST_TRIES):
            quoted = match.group(1) if match.group(1) is not None else match.group(2)
            if quoted is not None:
                if quoted.strip():
                    return quoted.strip()
                continue
            bare = match.group(3)
            if re.fullmatch(r"-?\d[\w-]*", bare) or not re.match(r"[A-Za-z_$]", bare):
                return bare
            last = bare.rsplit(".", 1)[-1]
            target = re.search(
                rf"(?<![\w$]){re.escape(last)}['\"]?\s{{0,99}}[:=]\s{{0,99}}"
                r"(?:'([^'\n]{1,2000})'|\"([^\"\n]{1,2000})\"|(\d{1,30}))",
                text,
            )
            if target:
                return next(group for group in target.groups() if group is not None)
            if match.end() < len(text) and text[match.end()] in "&\"'":
                return bare
    return None


def holding(text: str, *names: str) -> dict[str, Any] | None:
    """The innermost object literal that has all of ``names`` among its own keys; variables in it read as None."""
    found = re.finditer(rf"(?<![\w$]){re.escape(names[0])}['\"]?\s{{0,99}}:", text)
    for match in itertools.islice(found, _MOST_TRIES):
        start = match.start()
        for _ in range(_MAX_BRACES):
            start = text.rfind("{", 0, start)
            if start < 0:
                break
            try:
                value, end = read(text[: start + 20_000], start)
            except _NoLiteral:
                continue
            if end > match.start() and isinstance(value, dict) and all(name in value for name in names):
                return value
    return None


def inside(text: str, opening: int) -> str:
    """What stands between the bracket at ``opening`` and the one that closes it; nothing where none does."""
    depth, index = 0, opening
    limit = min(len(text), opening + _LONGEST_CODE)
    while index < limit:
        character = text[index]
        quoted = _CODE_STRING.match(text, index, limit) if character in "'\"`" else None
        if quoted:
            index = quoted.end()
            continue
        depth += (character in _OPEN_BRACKETS) - (character in _CLOSE_BRACKETS)
        if depth == 0:
            return text[opening + 1 : index]
        index += 1
    return ""


def split(text: str, mark: str = ",") -> list[str]:
    """Parts between commas (or plus signs) that stand outside of brackets and strings."""
    parts, depth, start, index = [], 0, 0, 0
    while index < len(text):
        quoted = _CODE_STRING.match(text, index) if text[index] in "'\"`" else None
        if quoted:
            index = quoted.end()
            continue
        depth += (text[index] in _OPEN_BRACKETS) - (text[index] in _CLOSE_BRACKETS)
        if text[index] == mark and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
        index += 1
    return [part for part in (*parts, text[start:].strip()) if part]


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _value(text: str, position: int, depth: int) -> tuple[Any, int]:
    if position >= len(text) or depth > _MAX_DEPTH:
        raise _NoLiteral(position)
    character = text[position]
    if character == "{":
        return _object(text, position + 1, depth)
    if character == "[":
        return _array(text, position + 1, depth)
    if character in "'\"`":
        return _concatenated(text, position)
    number = _NUMBER.match(text, position)
    if number:
        digits = number.group()
        return (float(digits) if re.search(r"[.eE]", digits) else int(digits)), number.end()
    name = _NAME.match(text, position)
    if name and name.group() in _WORDS:
        return _WORDS[name.group()], name.end()
    return None, _past_expression(text, position)


def _object(text: str, position: int, depth: int) -> tuple[dict[str, Any], int]:
    result: dict[str, Any] = {}
    while True:
        position = _skip(text, position)
        if position >= len(text):
            raise _NoLiteral(position)
        if text[position] == "}":
            return result, position + 1
        if text[position] == ",":
            position += 1
            continue
        key, position = _key(text, position)
        position = _skip(text, position)
        if position >= len(text) or text[position] != ":":
            raise _NoLiteral(position)
        result[key], position = _value(text, _skip(text, position + 1), depth + 1)


def _array(text: str, position: int, depth: int) -> tuple[list[Any], int]:
    result: list[Any] = []
    while True:
        position = _skip(text, position)
        if position >= len(text):
            raise _NoLiteral(position)
        if text[position] == "]":
            return result, position + 1
        if text[position] == ",":
            position += 1
            continue
        item, position = _value(text, position, depth + 1)
        result.append(item)


def _key(text: str, position: int) -> tuple[str, int]:
    if text[position] in "'\"":
        return _string(text, position)
    match = _NAME.match(text, position) or _NUMBER.match(text, position)
    if match is None:
        raise _NoLiteral(position)
    return match.group(), match.end()


def _concatenated(text: str, position: int) -> tuple[str, int]:
    result, position = _string(text, position)
    while True:
        after = _skip(text, position)
        if after < len(text) and text[after] == "+":
            after = _skip(text, after + 1)
            if after < len(text) and text[after] in "'\"":
                more, position = _string(text, after)
                result += more
                continue
            return result, _past_expression(text, position)
        return result, position


def _string(text: str, position: int) -> tuple[str, int]:
    quote = text[position]
    pieces: list[str] = []
    index = position + 1
    while index < len(text):
        character = text[index]
        if character == quote:
            return whole("".join(pieces)), index + 1
        if character == "\\" and index + 1 < len(text):
            escaped = text[index + 1]
            if escaped == "u" and re.fullmatch(r"[0-9a-fA-F]{4}", text[index + 2 : index + 6]):
                pieces.append(chr(int(text[index + 2 : index + 6], 16)))
                index += 6
                continue
            pieces.append(_ESCAPES.get(escaped, escaped))
            index += 2
            continue
        pieces.append(character)
        index += 1
    raise _NoLiteral(index)


def _past_expression(text: str, position: int) -> int:
    """Behind an expression that is no literal: up to the comma or bracket that ends this member."""
    depth = 0
    index = position
    while index < len(text):
        character = text[index]
        if character in "'\"`":
            _, index = _string(text, index)
            continue
        if character in "([{":
            depth += 1
        elif character in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif character == "," and depth == 0:
            break
        elif character == ";" and depth == 0:
            raise _NoLiteral(index)
        index += 1
    if index == position:
        raise _NoLiteral(index)
    return index
