"""WACZ packages: the archive files in them, and what the package says of itself.

Format: Web Archive Collection Zipped 1.1.1 (Webrecorder): a ZIP file with ``archive/*.warc[.gz]``, ``indexes/``,
``pages/pages.jsonl``, ``datapackage.json`` (size and SHA-256 of every resource) and, optionally,
``datapackage-digest.json`` with a signature (WACZ Signing and Verification 0.1.0). Several packages may lie in one
whose profile is ``multi-wacz-package`` (what Browsertrix gives of a crawl), or be listed in such a
``datapackage.json`` alone.
"""

from __future__ import annotations

import hashlib
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import IO, Any, BinaryIO

from archive.errors import DamagedWarc
from archive.verify.verdict import FileVerdict
from archive.verify.wacz_indexes import INDEXES, Offsets, check_index, check_name, check_pages
from archive.verify.wacz_signature import check_signature
from archive.warc.problem import Problem

JudgeFile = Callable[[BinaryIO, str], FileVerdict]
"""Judges an open archive file of this name."""

_IN_MEMORY = 16 << 20
_LONGEST_JSON = 64 << 20  # a list of a million files
# What unpacks to so much, and to so many times its size, holds no records: it is made to fill the disk.
_BOMB_SIZE, _BOMB_TIMES = 1 << 30, 300
_PIECE = 1 << 20
_MULTI = "multi-wacz-package"
_ARCHIVES = (".warc", ".warc.gz", ".arc", ".arc.gz", ".warc.zst")
_PACKED = (".gz", ".zst", ".wacz")
_DIGESTS = frozenset(name for name in hashlib.algorithms_guaranteed if hashlib.new(name).digest_size)
_END = b"PK\x05\x06"  # of a ZIP file: a record of 22 bytes and a comment
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(ValueError, struct.error),  # of names, offsets and extra fields that are damaged
)


def verify_wacz(file: BinaryIO, verdict: FileVerdict, judge: JudgeFile, *, within: bool = False) -> None:
    """Judge a package and every archive file in it; offsets are within the inner file, which the message names.

    Args:
        file: the package.
        verdict: takes what is found.
        judge: judges an archive file of the package (`archive.verify.file.verify_open_file`).
        within: the package lies in another one, and is not looked through for further ones.
    """
    try:
        package = zipfile.ZipFile(file)
    except _ZIP_ERRORS as error:
        verdict.add(Problem("bad-zip", "damaged", f"the ZIP file cannot be read ({error})"))
        return
    with package:
        names = set(package.namelist())
        archives = sorted(name for name in names if name.endswith(_ARCHIVES))
        if "datapackage.json" not in names and not archives:
            message = "this is a ZIP file, but no WACZ package: no datapackage.json, no archive files"
            verdict.add(Problem("unknown-format", "damaged", message, 0))
            return
        _check_zip(file, package, verdict)
        several = _check_package(package, names, verdict) and not within
        packages = sorted(name for name in names if name.endswith(".wacz")) if several else []
        if not archives and not packages:
            verdict.add(Problem("no-records", "damaged", "the package holds no archive file"))
        for name in archives:
            if not name.startswith("archive/"):
                message = f"{name} is an archive file outside archive/, where readers do not look"
                verdict.add(Problem("misplaced-archive", "nonconformant", message))
        offsets: dict[str, Container[int] | None] = {}
        for name in archives + packages:
            offsets[name.rpartition("/")[2]] = _check_archive(package, name, verdict, judge)
        if not several:
            _check_lists(package, offsets, verdict)


def verify_list(file: BinaryIO, verdict: FileVerdict) -> None:
    """Judge a list of packages (``multi-wacz-package`` as JSON alone)."""
    verdict.add(Problem("index-file", "note", "this is a list of WACZ packages: it holds no captures"))
    file.seek(0)
    try:
        for resource in json.load(file)["resources"]:
            verdict.records += 1
            if not (resource.get("path") or resource.get("url")):
                verdict.add(Problem("bad-line", "nonconformant", f"package {verdict.records} has no path or url"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        verdict.add(Problem("bad-datapackage", "nonconformant", f"the list cannot be read ({error!r})"))


def is_list(start: bytes) -> bool:
    """Whether a file that begins so is a list of packages."""
    return start.lstrip()[:1] == b"{" and _MULTI.encode() in start


@contextmanager
def open_archives(file: BinaryIO, *, within: bool = False) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The archive files of a package (and of packages in it), each unpacked into a temporary file of its own.

    Raises:
        DamagedWarc: the package cannot be read.
    """
    try:
        package = zipfile.ZipFile(file)
    except _ZIP_ERRORS as error:
        raise DamagedWarc(f"the ZIP file cannot be read ({error})", subject=str(getattr(file, "name", ""))) from error
    with package:
        yield _unpacked(package, within=within)


def _unpacked(package: zipfile.ZipFile, *, within: bool) -> Iterator[tuple[str, IO[bytes]]]:
    for name in sorted(set(package.namelist())):
        if name.endswith(_ARCHIVES):
            yield name, _unpack(package, name)
        elif name.endswith(".wacz") and not within:
            with (
                _unpack(package, name) as inner,
                open_archives(inner, within=True) as archives,  # type: ignore[arg-type]  # it can seek
            ):
                yield from archives


def _unpack(package: zipfile.ZipFile, name: str) -> IO[bytes]:
    info = package.getinfo(name)
    if info.file_size > max(_BOMB_SIZE, _BOMB_TIMES * info.compress_size):
        message = f"{name} would unpack to {info.file_size} bytes, from {info.compress_size}"
        raise DamagedWarc(message, subject=str(package.filename))
    unpacked: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with package.open(name) as member:
            while piece := member.read(_PIECE):
                unpacked.write(piece)
    except _ZIP_ERRORS as error:
        unpacked.close()
        raise DamagedWarc(f"{name} cannot be read ({error})", subject=str(package.filename)) from error
    unpacked.seek(0)
    return unpacked


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > _LONGEST_JSON:
        raise ValueError(f"it has more than {_LONGEST_JSON} bytes")
    return package.read(name)


def _check_lists(package: zipfile.ZipFile, offsets: Offsets, verdict: FileVerdict) -> None:
    """The package's pages and indexes; what cannot be unpacked is said elsewhere."""
    for name in sorted(set(package.namelist())):
        pages = name.startswith("pages/") and name.endswith(".jsonl")
        if not pages and not (name.startswith("indexes/") and name.endswith(INDEXES)):
            continue
        with suppress(DamagedWarc), _unpack(package, name) as unpacked:
            if pages:
                check_pages(unpacked, name, verdict)
            else:
                check_index(unpacked, name, offsets, verdict)


def _check_archive(
    package: zipfile.ZipFile, name: str, verdict: FileVerdict, judge: JudgeFile
) -> Container[int] | None:
    """Judge an archive file. Returns where its records begin, None when that is not known for certain."""
    try:
        unpacked = _unpack(package, name)
    except DamagedWarc as error:
        verdict.add(Problem("bad-zip", "damaged", str(error.args[0])))
        return None
    with unpacked:
        check_name(name, unpacked.read(4), verdict)
        unpacked.seek(0)
        if name.endswith(".wacz"):
            inner = FileVerdict(name)
            verify_wacz(unpacked, inner, judge, within=True)  # type: ignore[arg-type]  # it can seek
        else:
            inner = judge(unpacked, name.rpartition("/")[2])  # type: ignore[arg-type]
    sure = len(inner.contents.ids) == inner.records and inner.verdict != "damaged"
    offsets = frozenset(inner.contents.ids.values()) if sure else None
    inner.problems = [replace(finding, message=f"{name}: {finding.message}") for finding in inner.problems]
    verdict.merge(inner)
    return offsets


def _check_zip(file: BinaryIO, package: zipfile.ZipFile, verdict: FileVerdict) -> None:
    """Bytes around the ZIP file, names that stand twice, files that were compressed again."""
    entries = package.infolist()
    before = min((entry.header_offset for entry in entries), default=0)
    if before:
        verdict.add(Problem("garbage", "damaged", f"{before} bytes before the ZIP file are no part of it", 0))
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    end = tail.rfind(_END)
    behind = len(tail) - end - 22 - int.from_bytes(tail[end + 20 : end + 22], "little")
    if behind > 0:
        message = f"{behind} bytes behind the ZIP file are no part of it"
        verdict.add(Problem("garbage", "damaged", message, size - behind))
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name in seen:
            message = f"{name} stands twice in the package: readers differ on which they take"
            verdict.add(Problem("repeated-resource", "note", message))
        seen.add(name)
        if entry.compress_type != zipfile.ZIP_STORED and name.endswith(_PACKED):
            message = f"{name} was compressed again: records in it cannot be read by their offsets"
            verdict.add(Problem("compressed-again", "nonconformant", message))


def _check_package(package: zipfile.ZipFile, names: set[str], verdict: FileVerdict) -> bool:
    """Whether the package says of itself what is in it. Returns whether it is one of several packages."""
    if "datapackage.json" not in names:
        verdict.add(Problem("missing-datapackage", "nonconformant", "there is no datapackage.json in the package"))
        return False
    try:
        text = _read(package, "datapackage.json")
        description = json.loads(text)
        resources = description["resources"]
        paths = {str(resource["path"]): dict(resource) for resource in resources}
    except (*_ZIP_ERRORS, KeyError, TypeError, RecursionError) as error:
        verdict.add(Problem("bad-datapackage", "nonconformant", f"datapackage.json cannot be read ({error!r})"))
        return False
    several: bool = description.get("profile") == _MULTI
    if not several and description.get("profile") != "data-package":
        verdict.add(Problem("bad-datapackage", "nonconformant", "the profile in datapackage.json is not data-package"))
    if not several and not description.get("wacz_version"):
        verdict.add(Problem("bad-datapackage", "nonconformant", "datapackage.json does not say its wacz_version"))
    for path, resource in paths.items():
        _check_resource(package, names, path, resource, verdict)
    for name in sorted(names - paths.keys()):
        if not name.endswith("/") and name not in {"datapackage.json", "datapackage-digest.json"}:
            message = f"{name} is not listed in datapackage.json"
            verdict.add(Problem("unlisted-resource", "nonconformant", message))
    for wanted in () if several else ("pages/pages.jsonl", "indexes/"):
        if not any(name.startswith(wanted) for name in names):
            verdict.add(Problem("missing-resource", "nonconformant", f"{wanted} is missing in the package"))
    if "datapackage-digest.json" in names:
        try:
            check_signature(_read(package, "datapackage-digest.json"), text, verdict)
        except _ZIP_ERRORS as error:
            message = f"datapackage-digest.json cannot be read ({error!r})"
            verdict.add(Problem("bad-datapackage", "nonconformant", message))
    return several


def _check_resource(
    package: zipfile.ZipFile, names: set[str], path: str, resource: dict[str, Any], verdict: FileVerdict
) -> None:
    if path not in names:
        verdict.add(Problem("missing-resource", "damaged", f"{path} is listed in datapackage.json and missing"))
        return
    label, colon, wanted = str(resource.get("hash", "")).partition(":")
    if label and not (colon and wanted):
        verdict.add(Problem("bad-digest", "nonconformant", f"{path}: {label[:80]!r} is no labelled hash"))
        wanted = label = ""
    elif not wanted:
        verdict.add(Problem("missing-digest", "nonconformant", f"{path}: datapackage.json says no hash"))
    name = label.lower().replace("-", "")
    if label and name not in _DIGESTS:
        verdict.add(Problem("unknown-digest", "note", f"{path}: {label[:80]!r} cannot be checked here"))
        wanted = ""
    size = 0
    try:
        made = hashlib.new(name if wanted else "sha256", usedforsecurity=False)
        with package.open(path) as member:
            while piece := member.read(_PIECE):
                made.update(piece)
                size += len(piece)
    except _ZIP_ERRORS as error:
        verdict.add(Problem("bad-zip", "damaged", f"{path} cannot be read ({error})"))
        return
    if wanted and made.hexdigest() != wanted.lower():
        verdict.add(Problem("resource-changed", "damaged", f"{path} does not have the hash that datapackage.json says"))
    if resource.get("bytes") not in {None, size}:
        verdict.add(Problem("resource-changed", "damaged", f"{path} has {size} bytes, not {resource.get('bytes')}"))
