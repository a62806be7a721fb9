"""Headers that need no second look: a record whose header has the shape of an earlier one that had nothing wrong.

A crawl's records differ in ids, dates, addresses, digests and lengths only. From a header that `check_header` found
nothing in, one regular expression is made that spells its lines out and leaves to those values only forms in which
`check_header` would find nothing either. A header that it matches is right; any other is looked at line by line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.verify.header_rules import STANDARD, TYPES
from archive.warc.header import Header
from archive.warc.values import Digest, digest_bytes, is_address, is_date

_MOST = 16
"""So many shapes are tried; a file with more kinds of records is odd enough to be looked at line by line."""
_TAUGHT = 64  # so many are ever made for a file: making one costs as much as fifty looks

_REFERENCE = r"<([A-Za-z][A-Za-z0-9+.\-]*:[!-;=?-~]*+)>"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*"
_URI = r"(%s:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]++|%%[0-9A-Fa-f]{2})*+)"
_SECOND = r"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_DATES = {"1.0": _SECOND + "Z)", "1.1": _SECOND + r"(?:\.\d{1,9})?Z)"}
_LENGTH = r"(\d{1,15})"
_ADDRESS = r"([0-9A-Fa-f.:]+)"
_ANYTHING = r"[\t -~]*+"
_VARIABLE = {
    "warc-record-id": _REFERENCE,
    "warc-concurrent-to": _REFERENCE,
    "warc-warcinfo-id": _REFERENCE,
    "warc-refers-to": _REFERENCE,
    "warc-target-uri": _URI % _SCHEME,
    "warc-refers-to-target-uri": _URI % _SCHEME,
    "warc-ip-address": _ADDRESS,
    "content-length": _LENGTH,
}
_TYPES = TYPES - {"warcinfo"}  # of which a file has one, which says what others do not
_DAY = len("2026-11-20")
_DATED = ("warc-date", "warc-refers-to-date")
_DIGESTS = ("warc-block-digest", "warc-payload-digest")
# what the rules compare with one another is spelt out, as in the header that taught the shape
_SPELT_OUT = frozenset({"warc-type", "content-type", "warc-truncated", "warc-profile", "warc-identified-payload-type"})


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a header of this shape says: always (``constant``), and in which group of the pattern."""

    pattern: re.Pattern[str]
    version: str
    type: str
    constant: dict[str, str]
    keys: tuple[str, ...]
    concurrent_to: tuple[int, ...]
    dates: tuple[int, ...]
    address: int | None
    digests: tuple[tuple[int, str, int] | None, ...]


class Shapes:
    """The shapes that one file's headers have."""

    def __init__(self) -> None:
        self._shapes: list[_Shape] = []
        self._taught = 0

    def recognise(self, head: bytes) -> tuple[str, Header] | None:
        """WARC version and header of a record in which nothing is wrong; None where that has to be found out."""
        if not self._shapes or not head.isascii():
            return None
        text = head.decode("ascii")
        for shape in self._shapes:
            found = shape.pattern.fullmatch(text)
            if found is not None:
                return _header(shape, found.groups())
        return None

    def learn(self, head: bytes, version: str, fields: list[tuple[str, str]], header: Header) -> None:
        """Take in the shape of a header in which nothing was wrong."""
        if self._taught >= _TAUGHT or header.type not in _TYPES or version not in STANDARD or not head.isascii():
            return
        lines = [f"WARC/{version}", *(f"{name}: {value}" for name, value in fields), "\r\n"]
        if "\r\n".join(lines).encode() != head:
            return
        shape = _shape(version, fields, header)
        if shape is not None:
            self._taught += 1
            self._shapes = [shape, *self._shapes[: _MOST - 1]]


def _shape(version: str, fields: list[tuple[str, str]], header: Header) -> _Shape | None:
    pattern, keys, constant = [re.escape(f"WARC/{version}\r\n")], list[str](), dict[str, str]()
    digests: dict[str, tuple[int, str, int]] = {}
    for name, value in fields:
        key = name.lower()
        form = _VARIABLE.get(key)
        if key in _DATED:
            form = _DATES[version]
        elif key in _DIGESTS:
            made = _digest(value, header.block_digest if key == _DIGESTS[0] else header.payload_digest)
            if made is None:
                return None
            form, algorithm, size = made
            digests[key] = len(keys), algorithm, size
        elif key == "warc-target-uri" and header.type == "resource":
            form = _URI % re.escape(value.partition(":")[0])  # what dns: is has a media type of its own
        elif key == "content-length" and "content-type" not in header.fields:
            form = "(0)"  # a block would need a media type
        if form is not None:
            keys.append(key)
        elif key in _SPELT_OUT:
            form = re.escape(value)
            constant[key] = value
        elif key.startswith("warc-segment") or key == "warc-filename":
            return None
        else:
            form = _ANYTHING
        pattern.append(f"{re.escape(name)}: {form}\r\n")
    return _Shape(
        re.compile("".join([*pattern, "\r\n"])),
        version,
        header.type,
        constant,
        tuple(keys),
        tuple(at for at, key in enumerate(keys) if key == "warc-concurrent-to"),
        tuple(at for at, key in enumerate(keys) if key in _DATED),
        keys.index("warc-ip-address") if "warc-ip-address" in keys else None,
        tuple(digests.get(key) for key in _DIGESTS),
    )


def _digest(value: str, digest: Digest | None) -> tuple[str, str, int] | None:
    """Pattern, algorithm and size of a digest; None where it cannot be told from another form."""
    label, _, text = value.partition(":")
    if digest is None:
        return None
    bare, size = text.rstrip("="), len(digest.value)
    if len(bare) == size * 2:
        form = f"([0-9A-Fa-f]{{{len(bare)}}})"
    elif len(bare) == -(-size * 8 // 5):
        form = f"([A-Za-z2-7]{{{len(bare)}}})={{0,6}}"
    else:
        return None
    return f"{re.escape(label)}:{form}", digest.algorithm, size


def _header(shape: _Shape, groups: tuple[str, ...]) -> tuple[str, Header] | None:
    for at in shape.dates:
        if not is_date(groups[at][:_DAY], "1.1"):
            return None
    if shape.address is not None and not is_address(groups[shape.address]):
        return None
    fields = dict(zip(shape.keys, groups))  # noqa: B905 - the pattern has a group for each key; this is the hot path
    fields |= shape.constant
    header = Header(shape.type, fields, [groups[at] for at in shape.concurrent_to])
    block, payload = shape.digests
    if block is not None:
        raw = digest_bytes(groups[block[0]], block[2])
        if raw is None:
            return None
        header.block_digest = Digest(block[1], raw)
    if payload is not None:
        raw = digest_bytes(groups[payload[0]], payload[2])
        if raw is None:
            return None
        header.payload_digest = Digest(payload[1], raw)
    return shape.version, header
