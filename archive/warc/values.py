"""What values of header fields look like: digests, dates, URIs, media types, addresses (ISO 28500, 4 and 5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.IGNORECASE | re.ASCII)
_DATE_1_1 = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?Z)?)?)?", re.IGNORECASE | re.ASCII
)
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
LOOSE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\x00-\x1f\x7f]*")
_MEDIA_TYPE = re.compile(
    r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
    r"(?:\s*;\s*(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+=(?:\"[^\"]*\"|[^;\"]*))?)*\s*"
)
_MSGTYPE = re.compile(r"application/http\s*;.*\bmsgtype\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE | re.ASCII)
SIZES = {
    "sha512": 64,
    "sha384": 48,
    "sha256": 32,
    "sha224": 28,
    "sha1": 20,
    "md5": 16,
    "blake2b": 64,
    "blake2s": 32,
    "sha512_224": 28,
    "sha512_256": 32,
    "sha3_224": 28,
    "sha3_256": 32,
    "sha3_384": 48,
    "sha3_512": 64,
}
"""Of digests in bytes, by hashlib's names."""

_LABELS = {name.replace("_", ""): name for name in SIZES if name in hashlib.algorithms_available}
"""hashlib's names by labels as they are written: ``SHA-1``, ``sha3-256``, ``sha512-256``."""

_BASE32 = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz2345670189",
    b"0123456789abcdefghijklmnop0123456789abcdefghijklmnopqrstuv!!!!",
)


_MAX_DIGITS = 18
BEYOND = 10**_MAX_DIGITS
"""Stands for every larger number: no file is so long, and Python refuses to read numbers of thousands of digits."""


def number_of(text: str) -> int | None:
    """A number without sign, at most `BEYOND`; None when ``text`` is none."""
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) <= _MAX_DIGITS else BEYOND


@dataclass(slots=True)  # not frozen: there are two for each record, and a frozen one costs three times as much
class Digest:
    """A labelled digest: hashlib's name of the algorithm and the value's bytes."""

    algorithm: str
    value: bytes

    def new(self) -> hashlib._Hash:
        """A fresh hash of the same kind."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def of(self, data: bytes | memoryview) -> bool:
        """Whether ``data`` has this digest."""
        made = (
            hashlib.sha256(data)
            if self.algorithm == "sha256"
            else hashlib.new(self.algorithm, data, usedforsecurity=False)
        )
        return made.digest() == self.value


@lru_cache(maxsize=256)
def algorithm_of(label: str) -> str:
    """Hashlib's name for a digest's label, as far as there is one; nothing for what is no label."""
    if not _TOKEN.fullmatch(label):
        return ""
    plain = label.lower().replace("-", "").replace("_", "")
    return _LABELS.get(plain, plain)


def digest_bytes(text: str, size: int) -> bytes | None:
    """A digest's value; the standard names no base, so base 32 (usual), 16 and 64 are read, told apart by length."""
    bare = text.rstrip("=")
    try:
        if len(bare) == -(-size * 8 // 5):
            # base 32 through the interpreter's own base-32 integers, twenty times faster than the base64 module
            return (int(bare.encode("ascii").translate(_BASE32), 32) >> (len(bare) * 5 - size * 8)).to_bytes(size)
        if len(bare) == size * 2:
            return bytes.fromhex(bare)
        if len(bare) == -(-size * 8 // 6):
            return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
    return None


@lru_cache(maxsize=4096)
def is_date(value: str, version: str) -> bool:
    """Whether ``value`` is a date that this version of the standard allows."""
    if version != "1.1" and not _DATE.fullmatch(value):
        return False
    found = _DATE_1_1.fullmatch(value)
    if not found:
        return False
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups())
    try:
        datetime(year, month or 1, day or 1, hour, minute, min(second, 59))  # noqa: DTZ001 - only whether it exists
    except ValueError:
        return False
    return second <= 60


@lru_cache(maxsize=1024)
def is_media_type(value: str) -> bool:
    """Whether ``value`` is a media type, with or without parameters."""
    return bool(_MEDIA_TYPE.fullmatch(value))


@lru_cache(maxsize=1024)
def msgtype(value: str) -> str | None:
    """Which kind of HTTP message a media type says, in small letters."""
    found = _MSGTYPE.match(value)
    return found[1].lower() if found else None


@lru_cache(maxsize=1024)
def is_address(value: str) -> bool:
    """Whether ``value`` is an IP address."""
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def is_token(key: str) -> bool:
    """Whether ``key`` may be the name of a field."""
    return bool(_TOKEN.fullmatch(key))
