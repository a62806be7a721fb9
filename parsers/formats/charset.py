"""Bytes to text: which encoding a Chinese government page is really in.

Labels lie (UTF-8 under a ``gb2312`` label, GB18030 under every label), and statistical detectors fail on exactly the
documents that matter: mostly digits and markup, or one damaged byte. The cascade here asks the bytes first:
byte order mark, then strict UTF-8, then strict GB18030, then whichever of them leaves the fewest U+FFFD. Anything
called gb-something is GB18030, its superset (WHATWG Encoding Standard, "gb18030 decoder" serves gbk and gb2312).
Big5 is tried only where somebody says so, because its byte pairs are nearly all valid GB18030 too.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the UTF-16 one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# The commonest characters of administrative Chinese, simplified and traditional: decides between GB18030 and Big5 where
# both decode without an error.
_COMMON = frozenset(
    "的一是在不有人和年月日公开開信息政府机機关關申请請行为為业業工作会會务務报報告第条條及以其上中国國"
)
_FAMILIAR = 0.05  # of the letters of a Chinese text, at least, are among the commonest


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoded text.

    Attributes:
        text: without a byte order mark; undecodable bytes are U+FFFD.
        charset: Python's name of the encoding that was used.
        lossy: some bytes could not be decoded.
    """

    text: str
    charset: str
    lossy: bool = False


def canonical(label: str | None) -> str | None:
    """Python's name for a declared label; every gb* label means gb18030, every big5* label big5-hkscs."""
    if not label:
        return None
    cleaned = label.strip().strip("\"'").lower().replace("_", "-")
    if cleaned.startswith(("gb", "x-gb", "csgb", "chinese", "cp936", "ms936", "windows-936", "hz-gb", "euc-cn")):
        return "gb18030"
    if cleaned.startswith(("big5", "big-5", "x-x-big5", "cn-big5", "csbig5", "cp950")):
        return "big5hkscs"
    try:
        return codecs.lookup(cleaned).name
    except (LookupError, ValueError):  # ValueError: a label with a NUL byte
        return None


def decode(data: bytes, declared: Iterable[str | None] = ()) -> Decoded:
    """Decode ``data``; ``declared`` are labels from the server, the page and the caller, strongest first.

    A label is only evidence: it never wins over bytes that are valid UTF-8. Nothing is raised; undecodable bytes become
    U+FFFD and ``lossy`` is set.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _forced(data[len(mark) :], name)
    labels = [name for name in map(canonical, declared) if name]
    wide = _utf16_without_mark(data)
    if wide:
        return _forced(data, wide)
    gb18030 = _strict(data, "gb18030")
    utf8 = _strict(data, "utf-8")
    if utf8 is not None and not (gb18030 is not None and _two_byte_accident(utf8, gb18030, labels)):
        return Decoded(utf8, "utf-8")
    candidates: list[Decoded] = []
    if utf8 is None:
        lossy = data.decode("utf-8", "replace")
        if _mostly_utf8(lossy):
            # Damaged UTF-8 is often *valid* GB18030 (mojibake); the reverse never holds for more than a few letters.
            return Decoded(lossy, "utf-8", lossy=True)
        candidates.append(Decoded(lossy, "utf-8", lossy=True))
    if "big5hkscs" in labels:
        big5 = _strict(data, "big5hkscs")
        if big5 is not None and (gb18030 is None or _familiarity(big5) >= _familiarity(gb18030)):
            return Decoded(big5, "big5hkscs")
        candidates.append(Decoded(data.decode("big5hkscs", "replace"), "big5hkscs", lossy=True))
    if gb18030 is not None:
        return Decoded(gb18030, "gb18030")
    candidates.insert(0, Decoded(data.decode("gb18030", "replace"), "gb18030", lossy=True))
    return min(candidates, key=lambda decoded: decoded.text.count(REPLACEMENT))


def _forced(data: bytes, name: str) -> Decoded:
    text = _strict(data, name)
    return Decoded(text, name) if text is not None else Decoded(data.decode(name, "replace"), name, lossy=True)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _mostly_utf8(text: str) -> bool:
    damaged = text.count(REPLACEMENT)
    whole = len(re.findall(r"[\u0800-\ufffc\U00010000-\U0010ffff]", text))
    return whole >= 10 * damaged


def _two_byte_accident(utf8: str, gb18030: str, labels: list[str]) -> bool:
    """Short GBK text may be valid UTF-8 by chance, as two-byte letters of scripts no Chinese page uses (一小 is һС)."""
    if "utf-8" in labels or re.search(r"[\u0800-\U0010ffff]", utf8):
        return False
    foreign = re.search(r"[\u0180-\u07ff]", utf8)  # Latin letters and signs such as © or é are meant
    return foreign is not None and re.search(r"[\u4e00-\u9fff]", gb18030) is not None


def _familiarity(text: str) -> int:
    return sum(character in _COMMON for character in text)


def _utf16_without_mark(data: bytes) -> str | None:
    """Markup or digits in UTF-16 have NULs in every other byte; no 8-bit Chinese encoding holds any."""
    sample = data[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.2 * (len(sample) // 2) and even * 10 < odd:
        return "utf-16-le"
    if even > 0.2 * (len(sample) // 2) and odd * 10 < even:
        return "utf-16-be"
    # Chinese text with full-width digits has few NULs: it is told by its letters.
    for name in ("utf-16-le", "utf-16-be"):
        text = _strict(data, name)
        if text is not None and _familiarity(text) >= _FAMILIAR * len(text):
            return name
    return None
