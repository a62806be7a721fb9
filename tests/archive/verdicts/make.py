"""Makes the files of this folder anew: ``python tests/archive/verdicts/make.py``.

Each file lies in the folder of the verdict that it must get, and is named after the code that must be among its
problems (files in ``ok`` after what is unusual and right about them). All of them are made here, from a few records.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import zstandard

HERE = Path(__file__).resolve().parent
DATE = "2026-01-15T08:00:00Z"
URI = "http://www.example.gov.cn/"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n"
BODY = b"<p>page</p>\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n<p>page</p>\n\r\n0\r\n\r\n"

DICTIONARY = b"WARC/1.1 WARC-Type: WARC-Record-ID: <urn:uuid:> WARC-Date: WARC-Block-Digest: sha256: " + HTTP

PLACE = '"filename":"{}.warc.gz","offset":"{}"'

Fields = dict[str, str | None]


def digest(data: bytes, name: str = "sha256") -> str:
    return f"{name}:" + base64.b32encode(hashlib.new(name, data).digest()).decode()


def ident(number: int) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"


def record(
    kind: str | None = "response",
    block: bytes = HTTP + BODY,
    *,
    number: int = 1,
    version: str = "WARC/1.1",
    length: str | None = None,
    end: bytes = b"\r\n\r\n",
    line: str = "\r\n",
    raw: str = "",
    **changes: str | None,
) -> bytes:
    """One record; ``changes`` set (or with None leave out) fields, underscores standing for hyphens."""
    media_type = {"response": "application/http;msgtype=response", "request": "application/http;msgtype=request"}
    fields: Fields = {
        "WARC-Type": kind,
        "WARC-Record-ID": ident(number),
        "WARC-Date": DATE,
        "WARC-Target-URI": None if kind == "warcinfo" else URI,
        "WARC-Block-Digest": digest(block),
        "Content-Type": media_type.get(kind or "", "application/warc-fields" if kind == "warcinfo" else "text/plain"),
        "Content-Length": str(len(block)) if length is None else length,
    }
    fields.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = [version, *(f"{name}: {value}" for name, value in fields.items() if value is not None)]
    head = line.join(lines) + line + raw + line
    return head.encode("utf-8", "surrogateescape") + block + end


def info(
    number: int = 0, block: bytes = b"software: hand\r\nformat: WARC File Format 1.1\r\n", **changes: str | None
) -> bytes:
    return record("warcinfo", block, number=number, **changes)


def zipped(data: bytes) -> bytes:
    """A gzip member; by zlib itself, since the header that `gzip` writes differs between versions of Python."""
    return zlib.compress(data, 9, wbits=31)


def pack(*records: bytes) -> bytes:
    return b"".join(zipped(one) for one in records)


def arc(*documents: tuple[str, bytes], end: bytes = b"\n", version: bytes = b"1 0 Hand\n") -> bytes:
    about = version + b"URL IP-address Archive-date Content-type Archive-length\n"
    out = b"filedesc://x.arc 0.0.0.0 20080430204825 text/plain %d\n%s\n" % (len(about), about)
    for line, block in documents:
        out += f"{line} {len(block)}\n".encode() + block + end
    return out


ARC = (f"{URI} 192.0.2.1 20080430204826 text/html", HTTP + BODY)


ABOUT_2 = (
    b"2 0 Hand\nURL IP-address Archive-date Content-type Result-code Checksum Location Offset Filename Archive-length\n"
)
ARC_2 = b"filedesc://x.arc 0.0.0.0 20080430204825 text/plain 200 - - 0 x.arc %d\n%s\n" % (len(ABOUT_2), ABOUT_2)
ARC_2_PAGE = b"%s 192.0.2.1 20080430204826 text/html 200 A - %d x.arc %d\n%s\n" % (
    URI.encode(),
    len(ARC_2),
    len(HTTP + BODY),
    HTTP + BODY,
)


def wacz(archive: bytes, **changes: object) -> bytes:
    members = {
        "archive/data.warc.gz": archive,
        "indexes/index.cdxj": b"",
        "pages/pages.jsonl": b'{"format":"json-pages-1.0","id":"pages","title":"All"}\n',
    }
    resources = [
        {
            "path": name,
            "name": name.rpartition("/")[2],
            "bytes": len(data),
            "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
        }
        for name, data in members.items()
    ]
    package: dict[str, object] = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
    package.update(changes.pop("package", {}))  # type: ignore[call-overload]
    text = json.dumps(package).encode()
    members["datapackage.json"] = text
    members["datapackage-digest.json"] = json.dumps(
        {"path": "datapackage.json", "hash": "sha256:" + hashlib.sha256(text).hexdigest()}
    ).encode()
    members.update(changes)  # type: ignore[arg-type]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package_file:
        for name, data in members.items():
            if data is not None:
                package_file.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def repacked(package: bytes, *, again: str | None = None, method: int = zipfile.ZIP_STORED) -> bytes:
    """A package put together anew: compressed, or with one of its files twice."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        warnings.simplefilter("ignore")  # that a name stands twice is the point
        for name in [*old.namelist(), *([again] if again else [])]:
            new.writestr(zipfile.ZipInfo(name), old.read(name), method)
    return out.getvalue()


def package_of(members: dict[str, bytes]) -> bytes:
    """A package with these members instead of, or besides, the usual ones, all of them rightly listed."""
    usual = {
        "indexes/index.cdxj": b"",
        "pages/pages.jsonl": b'{"format":"json-pages-1.0","id":"pages","title":"All"}\n',
    }
    everything = {**usual, **members}
    resources = [
        {"path": name, "bytes": len(data), "hash": "sha256:" + hashlib.sha256(data).hexdigest()}
        for name, data in everything.items()
    ]
    package = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in {**everything, "datapackage.json": json.dumps(package).encode()}.items():
            file.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def several(members: dict[str, bytes], *, description: bool = True) -> bytes:
    """Packages within a package; without its description any ZIP file."""
    resources = [
        {"path": name, "bytes": len(data), "hash": "sha256:" + hashlib.sha256(data).hexdigest()}
        for name, data in members.items()
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data)
        if description:
            text = json.dumps({"profile": "multi-wacz-package", "resources": resources})
            package.writestr(zipfile.ZipInfo("datapackage.json"), text)
    return out.getvalue()


def skippable(data: bytes, kind: int = 13) -> bytes:
    """A zstd frame that holds nothing of the stream; the kind 13 holds a dictionary."""
    return bytes([0x50 + kind]) + b"\x2a\x4d\x18" + len(data).to_bytes(4, "little") + data


def with_dictionary(data: bytes, ident: int = 0) -> bytes:
    """A zstd frame that needs `DICTIONARY`, and names it by a number where it has one."""
    packed = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(DICTIONARY)).compress(data)
    if not ident:
        return packed
    # the frame's header: flags, then (content size of one byte or two) the window is left out; add the number
    flags = packed[4]
    return packed[:4] + bytes([flags | 1, ident]) + packed[5:]


def rest(segment: int = 2, *, total: int | None = None, number: int = 2, **changes: str | None) -> bytes:
    """A later segment of the record that begins the file."""
    fields: Fields = {
        "WARC_Segment_Number": str(segment),
        "WARC_Segment_Origin_ID": ident(1),
        "WARC_Segment_Total_Length": None if total is None else str(total),
        "Content_Type": None,
    }
    return record("continuation", BODY, number=number, **{**fields, **changes})


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def files() -> Iterator[tuple[str, bytes]]:
    page = record()
    member = zipped(page)
    lead = pack(info())
    spec = digest(BODY)

    first = record(block=HTTP, WARC_Segment_Number="1")

    yield "ok/plain.warc", info() + page
    yield "ok/by-record.warc.gz", pack(info(), page)
    yield "ok/folded-fields.warc", record(raw="WARC-IP-Address:\r\n 192.0.2.1\r\n")
    yield "ok/lower-case.warc", record("response", version="warc/1.0").replace(b"WARC-Type", b"warc-type")
    yield "ok/empty-block.warc", record("metadata", b"")
    yield (
        "ok/date-of-1.1.warc",
        record(WARC_Date="2026-01-15T08:00:00.123456789Z") + record(number=2, WARC_Date="2026-01"),
    )
    yield "ok/digest-in-base-16.warc", record(WARC_Block_Digest="sha1:" + hashlib.sha1(HTTP + BODY).hexdigest())
    yield (
        "ok/digest-in-base-64.warc",
        record(WARC_Block_Digest="md5:" + base64.b64encode(hashlib.md5(HTTP + BODY).digest()).decode()),
    )
    yield "ok/payload-without-chunks.warc", record(block=CHUNKED, WARC_Payload_Digest=spec)
    yield "ok/gzip-header-fields.warc.gz", b"\x1f\x8b\x08\x0c\0\0\0\0\0\xff\x04\0sl\0\0name\0" + member[10:]
    yield (
        "ok/revisit.warc",
        record(WARC_Payload_Digest=spec)
        + record(
            "revisit",
            HTTP,
            number=2,
            WARC_Payload_Digest=spec,
            WARC_Refers_To=ident(1),
            WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            WARC_Truncated="length",
            Content_Type="application/http;msgtype=response",
        ),
    )
    yield "ok/zstd.warc.zst", b"".join(zstandard.compress(one) for one in (info(), page))
    yield "ok/version-1.arc", arc(ARC)
    yield "ok/by-record.arc.gz", zipped(arc()) + zipped(arc(ARC)[len(arc()) :])
    yield "ok/package.wacz", wacz(pack(info(), page))

    yield "ok/refers-to-fields-of-1.0.warc", record(version="WARC/1.0", WARC_Refers_To_Target_URI=URI)
    yield "ok/digest-sha3.warc", record(WARC_Block_Digest="sha3-256:" + hashlib.sha3_256(HTTP + BODY).hexdigest())
    yield "ok/digest-sha512-256.warc", record(WARC_Block_Digest=digest(HTTP + BODY, "sha512_256").replace("_", "-"))
    yield "ok/segments.warc", first + rest(total=len(HTTP + BODY))
    whole = record(block=HTTP, WARC_Segment_Number="1", WARC_Payload_Digest=digest(BODY))
    yield "ok/segments-with-payload-digest.warc.gz", pack(whole, rest(total=len(HTTP + BODY)))
    yield "ok/zstd-dictionary.warc.zst", skippable(DICTIONARY) + with_dictionary(info()) + with_dictionary(page)
    packed = skippable(zstandard.compress(DICTIONARY))
    yield "ok/zstd-dictionary-compressed.warc.zst", packed + with_dictionary(page)
    yield "ok/zstd-skippable.warc.zst", zstandard.compress(info()) + skippable(b"x", 0) + zstandard.compress(page)
    yield "ok/version-2.arc", ARC_2 + ARC_2_PAGE
    yield "ok/no-address.arc", arc(ARC).replace(b" 0.0.0.0 ", b" 0 ").replace(b" 192.0.2.1 ", b" - ")
    yield "ok/several.wacz", several({"a.wacz": wacz(pack(page)), "b.wacz": wacz(pack(record(number=2)))})

    yield "note/draft-version.warc", record(version="WARC/0.18")
    yield "note/filename-differs.warc", info(WARC_Filename="other.warc")
    yield "note/missing-content-type.warc", record("metadata", b"x", Content_Type=None)
    yield "note/not-understood.warc", record("metadata", b'{"schema":"gongkai.crawl-end/1","files":null}')
    yield "note/not-understood.json.warc", record("metadata", b'{"schema": "gongkai.fetch/1", "crawl": "x')
    yield "note/unknown-type.warc", record("snapshot", WARC_Target_URI=None)
    yield "note/loose-uri.warc", record(WARC_Target_URI=URI + "a|b")
    yield "note/uri-in-brackets.warc", record(version="WARC/1.0", WARC_Target_URI=f"<{URI}>")
    yield "note/unknown-digest.warc", record(WARC_Block_Digest="crc32:00000000")
    yield "note/unknown-reason.warc", record(WARC_Truncated="bored")
    yield (
        "note/unknown-profile.warc",
        record(WARC_Payload_Digest=spec)
        + record(
            "revisit",
            b"",
            number=2,
            WARC_Refers_To=ident(1),
            WARC_Profile="http://example.org/another",
            Content_Type=None,
        ),
    )
    yield "note/concurrent-to-nothing.warc", record(WARC_Concurrent_To=ident(7))
    yield "note/refers-to-nothing.warc", record("metadata", b"x", WARC_Refers_To=ident(7))
    yield "note/no-warcinfo.warc", record(WARC_Warcinfo_ID=ident(7))
    yield (
        "note/orphan-revisit.warc",
        record(
            "revisit",
            b"",
            WARC_Refers_To=ident(7),
            WARC_Payload_Digest=spec,
            WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            Content_Type=None,
        ),
    )
    yield (
        "note/orphan-continuation.warc",
        record("continuation", b"x", WARC_Segment_Number="2", WARC_Segment_Origin_ID=ident(7), Content_Type=None),
    )
    yield (
        "note/payload-digest-over-chunks.warc",
        record(block=CHUNKED, WARC_Payload_Digest=digest(CHUNKED.partition(b"\r\n\r\n")[2])),
    )
    coded = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + zipped(BODY)
    yield "note/payload-digest-over-content.warc", record(block=coded, WARC_Payload_Digest=spec)
    yield "note/short-body.warc", record(block=HTTP.replace(b"12", b"99") + BODY)
    yield "note/not-http.warc", record(block=b"nothing of the kind")
    yield "note/bad-warc-fields.warc", info(block=b"software\r\n")
    yield (
        "note/field-not-allowed.warc",
        record(WARC_Profile="http://netpreserve.org/warc/1.1/revisit/server-not-modified"),
    )
    yield "note/many-records-in-one-member.warc.gz", zipped(info() + page)
    yield "note/empty-member.warc.gz", lead + zipped(b"") + member
    yield "note/record-end.arc", arc(ARC, end=b"")
    yield (
        "note/index-file.cdxj",
        b'cn,gov,example)/ 20260115080000 {"url":"%s","filename":"x.warc.gz"}\n' % URI.encode(),
    )
    yield "note/not-sorted.cdx", b" CDX N b a\nb)/ 20260115080000 http://b/\na)/ 20260115080000 http://a/\n"

    yield "note/index-file.idx", b"cn,gov,example)/ 20260115080000\tpart\t0\t276\t1\n"
    line = b'(cn,gov,example,)/ 2026-01-15T08:00:00Z response {"ref":"warcfile:x.warc.gz#0"}\n'
    yield "note/index-file.openwayback.cdxj", b"!OpenWayback-CDXJ 1.0\n" + line
    yield "note/index-file.9-columns.cdx", b" CDX N b a m s k r V g\na)/ 20260115080000 http://a/ a/b 200 A - 0 x.arc\n"
    yield "note/index-file.packages.json", b'{"profile": "multi-wacz-package", "resources": [{"path": "a.wacz"}]}'
    yield "note/repeated-resource.wacz", repacked(wacz(pack(page)), again="archive/data.warc.gz")
    yield "note/field-not-allowed.payload.warc", record("metadata", b"x", WARC_Payload_Digest=digest(b"x"))
    yield "note/missing-segment.warc", first
    yield "note/not-http.request.warc", record("request")
    yield "note/short-body.chunks.warc", record(block=CHUNKED[:-7])
    packed = {"archive/data.warc": pack(info(), page)}
    yield "note/misplaced-archive.name.wacz", package_of(packed)
    yield "note/missing-segment.between.warc", first + rest(3, total=len(HTTP + BODY))

    yield "nonconformant/missing-field.warc", record(WARC_Date=None)
    yield "nonconformant/missing-field.length.warc", record(Content_Length=None)
    yield "nonconformant/missing-field.uri.warc", record(WARC_Target_URI=None)
    yield "nonconformant/missing-field.profile.warc", record("revisit", b"", WARC_Refers_To=ident(1), Content_Type=None)
    yield "nonconformant/repeated-field.warc", record(raw=f"WARC-Date: {DATE}\r\n")
    yield "nonconformant/empty-field.warc", record(WARC_IP_Address="")
    yield "nonconformant/bad-field.warc", record(raw="no colon here\r\n")
    yield "nonconformant/bad-field.name.warc", record(raw="X Y : z\r\n")
    yield "nonconformant/field-not-allowed.warc", record(WARC_Filename="x.warc")
    yield (
        "nonconformant/field-not-allowed.concurrent.warc",
        info() + record("conversion", b"x", WARC_Concurrent_To=ident(0)),
    )
    yield "nonconformant/bad-version.warc", record(version="WARC/1.2")
    yield "nonconformant/bad-date.warc", record(WARC_Date="2026-02-30T00:00:00Z")
    yield "nonconformant/bad-date.fraction.warc", record(version="WARC/1.0", WARC_Date="2026-01-15T08:00:00.5Z")
    yield "nonconformant/bad-date.year.warc", record(WARC_Date="0001-01-01T00:00:00Z")
    yield "nonconformant/bad-date.zone.warc", record(WARC_Date="2026-01-15T08:00:00+08:00")
    yield "nonconformant/bad-length.warc", record(length="many")
    yield "nonconformant/bad-record-id.warc", record(WARC_Record_ID="urn:uuid:00000000-0000-4000-8000-000000000001")
    yield "nonconformant/bad-record-id.scheme.warc", record(WARC_Record_ID="<one>")
    yield "nonconformant/bad-uri.warc", record(WARC_Target_URI=URI + "a b")
    yield "nonconformant/bad-uri.relative.warc", record(WARC_Target_URI="index.html")
    yield "nonconformant/uri-in-brackets.warc", record(WARC_Target_URI=f"<{URI}>")
    yield "nonconformant/bad-digest.warc", record(WARC_Block_Digest="sha1:ABC")
    yield "nonconformant/bad-digest.label.warc", record(WARC_Block_Digest="unlabelled")
    yield "nonconformant/bad-media-type.warc", record("resource", b"x", Content_Type="text")
    yield "nonconformant/bad-media-type.msgtype.warc", record(Content_Type="application/http;msgtype=other")
    yield "nonconformant/wrong-media-type.warc", record(Content_Type="application/http;msgtype=request")
    yield "nonconformant/bad-address.warc", record(WARC_IP_Address="300.1.1.1")
    yield "nonconformant/bad-profile.warc", record("revisit", b"", WARC_Profile="not modified", Content_Type=None)
    yield "nonconformant/bad-segment.warc", record(WARC_Segment_Number="2")
    yield "nonconformant/bad-segment.digits.warc", record(WARC_Segment_Number="9" * 5000)
    yield (
        "nonconformant/bad-segment.first.warc",
        record("continuation", b"x", WARC_Segment_Number="1", WARC_Segment_Origin_ID=ident(7), Content_Type=None),
    )
    yield "nonconformant/bare-line-feed.warc", record(line="\n")
    yield "nonconformant/not-utf-8.warc", record(raw="X-Name: \udcc4\udce3\r\n")
    yield "nonconformant/record-end.warc", record(end=b"\r\n") + record(number=2)
    yield "nonconformant/record-end.warc.gz", pack(record(end=b"\r\n"), record(number=2))
    yield "nonconformant/extra-blank-lines.warc", record(end=b"\r\n\r\n\r\n") + record(number=2)
    yield "nonconformant/duplicate-record-id.warc", page + page
    half = len(page) // 2
    yield "nonconformant/record-spans-members.warc.gz", lead + pack(page[:half], page[half:])
    yield "nonconformant/record-spans-members.block.warc.gz", lead + pack(page[:-20], page[-20:])
    yield "nonconformant/block-digest-of-nothing.warc", record(WARC_Block_Digest=digest(b"", "sha1"))
    yield "nonconformant/payload-digest.warc", record(WARC_Payload_Digest=digest(b"other"))
    yield "nonconformant/payload-digest-over-block.warc", record(WARC_Payload_Digest=digest(HTTP + BODY))
    yield (
        "nonconformant/revisit-digest.warc",
        record(WARC_Payload_Digest=spec)
        + record(
            "revisit",
            b"",
            number=2,
            WARC_Refers_To=ident(1),
            WARC_Payload_Digest=digest(b"other"),
            WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            Content_Type=None,
        ),
    )
    yield (
        "nonconformant/revisit-circle.warc",
        record(
            "revisit",
            b"",
            WARC_Refers_To=ident(1),
            WARC_Profile="http://netpreserve.org/warc/1.1/revisit/server-not-modified",
            Content_Type=None,
        ),
    )
    yield "nonconformant/record-end.arc", arc(ARC, ARC, end=b"")
    yield "nonconformant/bad-field.arc", arc((f"{URI} 192.0.2.1 20080430204826 text/html 200", HTTP + BODY))
    yield "nonconformant/bad-date.arc", arc((f"{URI} 192.0.2.1 20081330204826 text/html", HTTP + BODY))
    yield "nonconformant/bad-version.arc", arc(ARC, version=b"9 0 Hand\n")
    yield "nonconformant/missing-filedesc.arc", arc(ARC)[len(arc()) :]
    archives = {"archive/data.warc.gz": pack(info(), page)}
    title = b'{"format":"json-pages-1.0","id":"pages"}\n'
    yield (
        "nonconformant/bad-line.page.wacz",
        package_of({**archives, "pages/pages.jsonl": title + b'{"url":"http://a.cn/"}'}),
    )
    yield "nonconformant/bad-line.page-json.wacz", package_of({**archives, "pages/pages.jsonl": title + b"{"})
    for name, place in (("file", PLACE.format("other", 0)), ("offset", PLACE.format("data", 7))):
        line = f'cn,gov,example)/ 20260115080000 {{"url":"{URI}",{place},"length":"9"}}\n'.encode()
        yield f"nonconformant/bad-line.index-{name}.wacz", package_of({**archives, "indexes/index.cdxj": line})
    yield "nonconformant/bad-line.cdx", b" CDX N b a\na)/ today http://a/\n"
    yield "nonconformant/missing-datapackage.wacz", wacz(pack(info(), page), **{"datapackage.json": None})
    yield "nonconformant/bad-datapackage.wacz", wacz(pack(info(), page), package={"wacz_version": None})
    yield "nonconformant/unlisted-resource.wacz", wacz(pack(info(), page), **{"extra.txt": b"x"})
    yield (
        "nonconformant/missing-digest.wacz",
        wacz(pack(info(), page), package={"resources": [{"path": "archive/data.warc.gz"}]}),
    )

    yield "nonconformant/bad-field.control.warc", record(raw="X-Name: a\0b\r\n")
    yield "nonconformant/field-not-allowed.refers.warc", record("metadata", b"x", WARC_Refers_To_Date=DATE)
    look_up: dict[str, str | None] = {"WARC_Target_URI": "dns:example.gov.cn", "Content_Type": "text/plain"}
    yield "nonconformant/wrong-media-type.dns.warc", record("resource", b"x", **look_up)
    whole = record(block=HTTP, WARC_Segment_Number="1", WARC_Payload_Digest=digest(b"other"))
    yield "nonconformant/payload-digest.segments.warc", whole + rest(total=len(HTTP + BODY))
    yield "nonconformant/bad-segment.uri.warc", first + rest(total=len(HTTP + BODY), WARC_Target_URI=URI + "other")
    yield "nonconformant/bad-segment.unnumbered.warc", record(block=HTTP) + rest(total=len(HTTP + BODY))
    yield "nonconformant/bad-segment.twice.warc", first + rest() + rest(total=len(HTTP + 2 * BODY), number=3)
    yield "nonconformant/record-end.line-feeds.warc", record(end=b"\n\n") + record(number=2, end=b"\n\n")
    yield "nonconformant/bad-length.arc", arc(ARC) + f"{URI} 192.0.2.1 20080430204826 text/html -1\n\n".encode()
    _, _, behind = arc(ARC).partition(b"\n")
    yield "nonconformant/bad-length.first.arc", b"filedesc://x.arc 0.0.0.0 20080430204825 text/plain one\n" + behind
    yield "nonconformant/bad-date.dashes.arc", b"filedesc:// - - - %d\n" % (len(arc().partition(b"\n")[2]) - 1) + behind
    yield "nonconformant/bad-address.arc", arc((f"{URI} 300.0.2.1 20080430204826 text/html", HTTP + BODY))
    changed: dict[str, object] = {"archive/data.warc.gz": None, "data/data.warc.gz": pack(page)}
    yield "nonconformant/misplaced-archive.wacz", wacz(pack(page), **changed, package={"resources": []})
    yield "nonconformant/compressed-again.wacz", repacked(wacz(pack(page)), method=zipfile.ZIP_DEFLATED)
    listed = {"path": "archive/data.warc.gz", "hash": 5}
    yield "nonconformant/bad-digest.wacz", wacz(pack(page), package={"resources": [listed]})
    yield "nonconformant/bad-datapackage.profile.wacz", wacz(pack(page), package={"profile": "other"})
    text = zipfile.ZipFile(io.BytesIO(wacz(pack(page)))).read("datapackage-digest.json")
    changed = {"datapackage-digest.json": text.replace(b"{", b'{"signedData": 5, ', 1)}
    yield "nonconformant/bad-signature.object.wacz", wacz(pack(page), **changed)

    yield "damaged/empty-file.warc.gz", b""
    yield "damaged/unknown-format.bin", b"\x89PNG\r\n\x1a\n nothing archival"
    yield "damaged/garbage.warc", b"garbage\r\n" + page
    yield "damaged/garbage.byte-order-mark.warc", b"\xef\xbb\xbf" + page
    yield "damaged/garbage.between.warc.gz", lead + b"garbage" + member
    yield "damaged/garbage.behind.warc.gz", lead + member + b"\0" * 20
    yield "damaged/cut-header.warc", page[:60]
    yield "damaged/cut-record.warc", info() + page[:-10]
    many = "9" * 5000  # more digits than Python reads
    yield "damaged/cut-record.digits.warc", record(length=many)
    yield "damaged/cut-record.digits.arc", arc() + f"{URI} 192.0.2.1 20080430204826 text/html {many}\n".encode() + BODY
    yield "damaged/cut-record.end.warc", info() + page[:-1]
    yield "damaged/cut-member.warc.gz", lead + member[:-60]
    yield "damaged/cut-member.one-byte.warc.gz", lead + member[:1]
    yield "damaged/missing-trailer.warc.gz", lead + member[:-6]
    yield "damaged/missing-trailer.all.warc.gz", lead + member[:-8]
    yield "damaged/bad-checksum.warc.gz", lead + flip(member, len(member) - 6) + pack(record(number=2))
    yield "damaged/bad-checksum.length.warc.gz", lead + flip(member, len(member) - 2)
    yield "damaged/corrupt-member.warc.gz", lead + member[:10] + b"\x07" + member[11:] + pack(record(number=2))
    yield "damaged/wrong-length.warc", record(length=str(len(HTTP + BODY) - 3)) + record(number=2)
    yield "damaged/wrong-length.warc.gz", pack(record(length=str(len(HTTP + BODY) + 40)), record(number=2))
    yield "damaged/block-digest.warc", record(block=HTTP + b"<p>pale</p>\n", WARC_Block_Digest=digest(HTTP + BODY))
    yield "damaged/payload-digest.warc", record(WARC_Block_Digest=None, WARC_Payload_Digest=digest(b"other"))
    yield "damaged/cut-record.arc", arc(ARC)[:-20]
    yield "damaged/cut-header.arc", arc(ARC) + b"http://www.exa"
    size = b" %d\n" % len(HTTP + BODY)
    yield "damaged/wrong-length.arc", arc(ARC, ARC).replace(size, b" 60\n", 1)
    yield "damaged/wrong-length.between.arc", arc() + b"garbage\n" + arc(ARC)[len(arc()) :]
    yield "damaged/garbage.arc", b"garbage\n" + arc(ARC)
    yield "damaged/bad-zip.wacz", wacz(pack(info(), page))[:-30]
    yield "damaged/resource-changed.wacz", wacz(pack(info(), page), **{"pages/pages.jsonl": b"{}"})
    yield "damaged/missing-resource.wacz", wacz(pack(info(), page), **{"pages/pages.jsonl": None})
    changed = {"datapackage-digest.json": b'{"hash":"sha256:00"}'}
    yield "damaged/resource-changed.package.wacz", wacz(pack(info(), page), **changed)
    signed = json.loads(zipfile.ZipFile(io.BytesIO(wacz(pack(info(), page)))).read("datapackage-digest.json"))
    signed["signedData"] = {"hash": "sha256:of another package", "signature": "", "publicKey": ""}
    changed = {"datapackage-digest.json": json.dumps(signed).encode()}
    yield "damaged/bad-signature.wacz", wacz(pack(info(), page), **changed)
    yield "damaged/no-records.wacz", wacz(pack(info(), page), **{"archive/data.warc.gz": None})
    yield "damaged/cut-member.warc.zst", zstandard.compress(info()) + zstandard.compress(page)[:-9]
    yield "damaged/no-records.warc", b"\r\n"
    yield "damaged/no-records.warc.gz", zipped(b"")
    yield "damaged/no-records.warc.zst", skippable(DICTIONARY)
    yield "damaged/corrupt-member.dictionary.warc.zst", skippable(b"\x28\xb5\x2f\xfd junk") + with_dictionary(page)
    changed_dictionary = skippable(b"\x37\xa4\x30\xec not what was trained")
    yield "damaged/corrupt-member.changed-dictionary.warc.zst", changed_dictionary + with_dictionary(page)
    yield "damaged/corrupt-member.no-dictionary.warc.zst", zstandard.compress(info()) + with_dictionary(page, ident=7)
    yield "damaged/cut-member.dictionary.warc.zst", skippable(DICTIONARY)[:-9]
    yield "damaged/wrong-length.segments.warc", first + rest(total=7)
    lost = record(block=HTTP, WARC_Segment_Number="1", WARC_Payload_Digest=digest(b"other"), WARC_Block_Digest=None)
    yield "damaged/payload-digest.segments.warc", lost + rest(total=len(HTTP + BODY))
    yield "damaged/bad-zip.name.wacz", several({"\u9875.txt": b"x"}).replace("\u9875".encode(), b"\xff\xff\xff")
    yield "damaged/garbage.before.wacz", b"garbage" + wacz(pack(page))
    yield "damaged/garbage.behind.wacz", wacz(pack(page)) + b"\0" * 20
    yield "damaged/unknown-format.zip.warc.gz", several({"word/document.xml": b"<x/>"}, description=False)


def main() -> None:
    for verdict in ("ok", "note", "nonconformant", "damaged"):
        shutil.rmtree(HERE / verdict, ignore_errors=True)
        (HERE / verdict).mkdir()
    for name, data in files():
        (HERE / name).write_bytes(data)


if __name__ == "__main__":
    main()
