"""What a file is, told from its bytes; names and labels decide only between kinds of text.

Servers send reports as ``application/octet-stream``, pages named ``.doc`` and Word files named ``.wps``: the label is
the weakest evidence. Everything that cannot be read is refused here with a sentence that says why.
"""

from __future__ import annotations

import functools
import io
import re
import zipfile

from parsers.errors import OversizedDocument, UnreadableDocument
from parsers.formats.charset import decode
from parsers.formats.media import (
    CSV,
    DOC,
    DOCX,
    HTML,
    MARKDOWN,
    MHTML,
    ODS,
    ODT,
    PACKED,
    PDF,
    PICTURES,
    PLAIN,
    RTF,
    XLS,
    XLSX,
)
from parsers.record import Hints

_LARGEST_UNPACKED = 400 * 1024 * 1024  # a document that unpacks to more is a bomb or no report

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Tags that only a page has; looked for in the first 64 KB, because scripts and comments may come first.
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|frameset)[\s>]", re.IGNORECASE)
_FRAGMENT = re.compile(
    rb"<(?:table|tbody|tr|td|div|p|span|br|h[1-6]|ul|font|center|article|section)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_WORD_XML = re.compile(
    rb"<\?mso-application\s|<(?:w:wordDocument|Workbook|office:document|uof:UOF)[\s>]", re.IGNORECASE
)
_PIPE_RULE = re.compile(rb"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*\r?$", re.MULTILINE)
_ATX = re.compile(rb"^#{1,6}[ \t]+\S", re.MULTILINE)
# Two cells of digits or nothing, one after the other, between commas: rows of a form, and no prose.
_SEPARATED = re.compile(rb',[ \t]*"?[\d.]*"?[ \t]*,[ \t]*"?[\d.]*"?[ \t]*(?:,|\r?$)', re.MULTILINE)
_SEPARATED_LINES = 10
_SEPARATED_TYPES = {CSV, "application/csv", "text/x-csv", "text/tab-separated-values"}
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 26, 27})


def media_type(data: bytes, hints: Hints) -> str:
    """The media type of a document.

    Raises:
        UnreadableDocument: empty, encrypted, truncated, a picture, an archive, or nothing known.
    """
    subject = hints.url or ""
    if not data.strip(b"\0 \t\r\n\f"):
        raise UnreadableDocument("the file is empty", subject=subject, advice="Fetch it again")
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, subject)
    if data.startswith(_OLE):
        return _compound(data, subject)
    if data.lstrip()[:5] == b"{\\rtf":
        return RTF
    for beginning, name in PICTURES.items():
        if data.startswith(beginning) and not _looks_like_text(data):
            raise UnreadableDocument(
                f"this is a picture ({name}), it holds no text",
                subject=subject,
                advice="Look for a twin with text: pictures are not read",
            )
    for beginning, name in PACKED.items():
        if data.startswith(beginning):
            raise UnreadableDocument(f"this is {name}-compressed", subject=subject, advice="Unpack it first")
    return _text(data, hints, subject)


_CLAIMS = {"pdf": "a PDF", "doc": "a Word file", "docx": "a Word file", "xls": "a sheet", "xlsx": "a sheet"}
_TEXTUAL = {HTML: "a web page", PLAIN: "plain text", MARKDOWN: "plain text", CSV: "separated values"}


def broken_claim(kind: str, hints: Hints) -> str | None:
    """What is wrong when a file is named or served as an office format and holds text: an error page in its place.

    Pages named ``.doc`` are a habit of some portals, so this is a remark and not a refusal.
    """
    if kind not in _TEXTUAL:
        return None
    ending = (hints.url or "").partition("?")[0].rpartition(".")[2].lower()
    claim = "a PDF" if hints.media_type == PDF else _CLAIMS.get(ending)
    return f"this claims to be {claim} but holds {_TEXTUAL[kind]}" if claim else None


@functools.lru_cache(maxsize=2)  # asked again for every cell that is led back to the same file
def _zipped(data: bytes, subject: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            kind = ""
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    kind = member.read(100).decode("ascii", "replace").strip()
            unpacked = _unpacked(archive, infos)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError) as error:
        raise UnreadableDocument(
            "the file is cut off or damaged (no whole zip container)", subject=subject, advice="Fetch it again"
        ) from error
    except Exception as error:  # zlib.error and what else a damaged container provokes
        raise UnreadableDocument("the zip container is damaged", subject=subject, advice="Fetch it again") from error
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableDocument("the file is encrypted", subject=subject, advice="Ask for an open copy")
    if unpacked > _LARGEST_UNPACKED:
        raise OversizedDocument(
            "the file unpacks to more than any report holds", subject=subject, advice="Look for a twin"
        )
    if "word/document.xml" in names or any(re.match(r"word/document\d*\.xml$", name) for name in names):
        return DOCX
    if names & {"xl/workbook.xml", "xl/workbook.bin"}:
        return XLSX
    if kind.startswith(ODT):
        return ODT
    if kind.startswith(ODS):
        return ODS
    if "OFD.xml" in names:
        raise UnreadableDocument(
            "this is an OFD document, which no free reader turns into tables", subject=subject, advice="Look for a twin"
        )
    raise UnreadableDocument("this is a zip archive, not a document", subject=subject, advice="Unpack it first")


def _unpacked(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> int:
    """How many bytes the members unpack to. What they say of it is not believed: readers of sheets unpack to the end.

    Raises:
        BadZipFile: a member holds more than it says, or other bytes.
    """
    said = sum(info.file_size for info in infos)
    if said <= _LARGEST_UNPACKED and not any(info.flag_bits & 1 for info in infos):
        for info in infos:
            with archive.open(info) as member:  # ends at the size that is said, with an error when that is not the end
                while member.read(1 << 20):
                    pass
    return said


def _compound(data: bytes, subject: str) -> str:
    """Which program's file an OLE compound document is, by the names of its streams ([MS-CFB] 2.6.1, UTF-16LE)."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise UnreadableDocument("the file is encrypted", subject=subject, advice="Ask for an open copy")
    if holds("WordDocument"):
        return DOC
    if holds("Workbook") or holds("Book"):
        return XLS
    raise UnreadableDocument("this is an OLE file of an unknown program", subject=subject, advice="Look for a twin")


def _looks_like_text(data: bytes) -> bool:
    return not data[:4096].translate(None, delete=bytes(range(9, 256)))


def _text(data: bytes, hints: Hints, subject: str) -> str:
    head = data[:65536]
    wide = head[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in head[:400]
    # Half of the bytes of Chinese UTF-16 can look like control characters: it is judged by its letters.
    narrow = decode(head).text.replace("\0", "").encode("utf-8", "replace") if wide else head
    controls = len(narrow) - len(narrow.translate(None, delete=_CONTROL))
    if controls > 0.02 * len(narrow) + 2:
        raise UnreadableDocument(
            "this is no document of a known format", subject=subject, advice="Fetch it again, or look for a twin"
        )
    if re.match(rb"\s*(?:[\w-]+:[^\n]*\n)*?MIME-Version:", narrow[:2000], re.IGNORECASE) and b"boundary" in narrow:
        return MHTML
    if _WORD_XML.search(narrow[:4096]) and not _PAGE.search(narrow[:4096]):
        return DOC  # XML of Word or Excel 2003, flat OpenDocument: LibreOffice reads them all
    name = (hints.url or "").split("?")[0].split("#")[0].lower()
    said = (hints.media_type or "").split(";")[0].strip().lower()
    # Converters to Markdown wrap each table that they cannot print into a page of its own.
    marked = name.endswith((".md", ".markdown")) or said == MARKDOWN
    if _PAGE.search(narrow) and not (
        narrow.lstrip(b"\xef\xbb\xbf \t\r\n\f")[:1] != b"<" and (marked or _ATX.search(narrow))
    ):
        return HTML
    if marked:
        return MARKDOWN
    fragments = len(_FRAGMENT.findall(narrow))
    named_sheet = name.endswith((".csv", ".tsv")) or said in _SEPARATED_TYPES
    named_text = named_sheet or name.endswith(".txt") or said == PLAIN
    if fragments >= (20 if named_text else 2) or (
        fragments and (said == HTML or name.endswith((".htm", ".html", ".shtml")))
    ):
        return HTML
    if named_sheet or len(_SEPARATED.findall(narrow)) >= _SEPARATED_LINES:
        return CSV
    if not named_text and (_PIPE_RULE.search(narrow) or len(_ATX.findall(narrow)) >= 2):
        return MARKDOWN
    return PLAIN
