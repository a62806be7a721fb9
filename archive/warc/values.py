"""What values of header fields look like: digests, dates, URIs, media types, addresses (ISO 28500, 4 and 5)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.IGNORECASE | re.ASCII)
_DATE_1_1 = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?Z)?)?)?", re.IGNORECASE | re.ASCII
)
_READABLE = re.compile(
    r"(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:T(\d\d?)(?::(\d\d?)(?::(\d\d?)(?:\.(\d*))?)?)?)?)?)?Z?", re.IGNORECASE | re.ASCII
)
_YEARS = range(1990, 3000)
"""In which something may have been captured: there was no Web before (RFC 1945 tells of 1990), and a later year is a
broken clock's. Year 1 is what Go programs write for "no time"."""

_USUAL = {20, 27}
"""Lengths of a date to the second and to the microsecond: nearly all are."""

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
    """Whether ``value`` is a date that this version of the standard allows, and one of which something may be."""
    form = _DATE_1_1 if version == "1.1" else _DATE
    if not form.fullmatch(value):
        return False
    try:
        read_date(value)
    except ValueError:
        return False
    return True


def read_date(text: str) -> datetime:
    """A WARC-Date as an aware datetime in UTC: the only reader of dates, for verify, import and index alike.

    It takes any precision from year to nanosecond whatever the version, small letters, and what is no date of the
    standard and clear all the same (no ``Z``, one digit for two). The 60th second, a leap second, is the last moment
    of the 59th: Python knows no other, and order is kept.

    Raises:
        ValueError: no such date, or of a year in which nothing was captured; the message says which.
    """
    if len(text) in _USUAL and text[10] == "T" and text[-1] == "Z" and text[17:19] != "60":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = _read_parts(text)
    else:
        moment = _read_parts(text)
    if moment.year not in _YEARS:
        raise ValueError(f"{text[:40]!r} is no date of a capture (years {_YEARS[0]} to {_YEARS[-1]} are)")
    return moment


def _read_parts(text: str) -> datetime:
    found = _READABLE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text[:40]!r} is no date")
    *whole, fraction = found.groups()
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in whole)
    if second > 60:
        raise ValueError(f"{text[:40]!r} is no date")
    part = int(((fraction or "") + "000000")[:6])
    second, part = (59, 999_999) if second == 60 else (second, part)
    try:
        return datetime(
            year, 1 if whole[1] is None else month, 1 if whole[2] is None else day, hour, minute, second, part, UTC
        )
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no date ({error})") from error


def wire_uri(text: str) -> str:
    """An address as it goes over the wire: bytes that are no UTF-8, and NUL, as percent escapes; all else as written.

    Some tools write an address in the page's own encoding (GBK) into the header. The server was asked for those bytes,
    and escapes are what asks for them again.

    Args:
        text: as a header was decoded (UTF-8, ``surrogateescape``).
    """
    if text.isascii():
        return text.replace("\0", "%00")
    try:
        text.encode()
    except UnicodeEncodeError:
        raw = text.encode("utf-8", "surrogateescape")
        text = "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)
    return text.replace("\0", "%00")


def storable(text: str) -> str:
    r"""``text`` as every database holds it: bytes that are no UTF-8, and NUL, written out (``\xc4``, ``\x00``)."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("\0", "\\x00")


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
