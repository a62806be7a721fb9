"""WACZ packages: the archive files in them, and what the package says of itself.

Format: Web Archive Collection Zipped 1.1.1 (Webrecorder): a ZIP file with ``archive/*.warc[.gz]``, ``indexes/``,
``pages/pages.jsonl``, ``datapackage.json`` (size and SHA-256 of every resource) and, optionally,
``datapackage-digest.json`` with a signature (WACZ Signing and Verification 0.1.0). Several packages may lie in one
whose profile is ``multi-wacz-package`` (what Browsertrix gives of a crawl), or be listed in such a
``datapackage.json`` alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from archive._errors import DamagedWarc
from archive.warc.framing import Finding

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from cryptography.x509.verification import Store

    from archive.warc.verify import FileVerdict

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
    *(UnicodeDecodeError, struct.error),  # of names and extra fields that are damaged
)


def verify_wacz(file: BinaryIO, verdict: FileVerdict, *, within: bool = False) -> None:
    """Judge a package and every archive file in it; offsets are within the inner file, which the message names.

    A package that lies ``within`` another is not looked through for further ones.
    """
    try:
        package = zipfile.ZipFile(file)
    except _ZIP_ERRORS as error:
        verdict.add(Finding("bad-zip", "damaged", f"the ZIP file cannot be read ({error})"))
        return
    with package:
        names = set(package.namelist())
        archives = sorted(name for name in names if name.endswith(_ARCHIVES))
        if "datapackage.json" not in names and not archives:
            message = "this is a ZIP file, but no WACZ package: no datapackage.json, no archive files"
            verdict.add(Finding("unknown-format", "damaged", message, 0))
            return
        _check_zip(file, package, verdict)
        several = _check_package(package, names, verdict) and not within
        packages = sorted(name for name in names if name.endswith(".wacz")) if several else []
        if not archives and not packages:
            verdict.add(Finding("no-records", "damaged", "the package holds no archive file"))
        for name in archives:
            if not name.startswith("archive/"):
                message = f"{name} is an archive file outside archive/, where readers do not look"
                verdict.add(Finding("misplaced-archive", "nonconformant", message))
        for name in archives + packages:
            _check_archive(package, name, verdict)


def verify_list(file: BinaryIO, verdict: FileVerdict) -> None:
    """Judge a list of packages (``multi-wacz-package`` as JSON alone)."""
    verdict.add(Finding("index-file", "note", "this is a list of WACZ packages: it holds no captures"))
    file.seek(0)
    try:
        for resource in json.load(file)["resources"]:
            verdict.records += 1
            if not (resource.get("path") or resource.get("url")):
                verdict.add(Finding("bad-line", "nonconformant", f"package {verdict.records} has no path or url"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        verdict.add(Finding("bad-datapackage", "nonconformant", f"the list cannot be read ({error!r})"))


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


def _check_archive(package: zipfile.ZipFile, name: str, verdict: FileVerdict) -> None:
    from dataclasses import replace

    from archive.warc.verify import FileVerdict, verify_open_file

    try:
        unpacked = _unpack(package, name)
    except DamagedWarc as error:
        verdict.add(Finding("bad-zip", "damaged", str(error.args[0])))
        return
    with unpacked:
        if name.endswith(".wacz"):
            inner = FileVerdict(name)
            verify_wacz(unpacked, inner, within=True)  # type: ignore[arg-type]  # it can seek
        else:
            inner = verify_open_file(unpacked, name=name.rpartition("/")[2])  # type: ignore[arg-type]
    inner.problems = [replace(finding, message=f"{name}: {finding.message}") for finding in inner.problems]
    verdict.merge(inner)


def _check_zip(file: BinaryIO, package: zipfile.ZipFile, verdict: FileVerdict) -> None:
    """Bytes around the ZIP file, names that stand twice, files that were compressed again."""
    entries = package.infolist()
    before = min((entry.header_offset for entry in entries), default=0)
    if before:
        verdict.add(Finding("garbage", "damaged", f"{before} bytes before the ZIP file are no part of it", 0))
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    end = tail.rfind(_END)
    behind = len(tail) - end - 22 - int.from_bytes(tail[end + 20 : end + 22], "little")
    if behind > 0:
        message = f"{behind} bytes behind the ZIP file are no part of it"
        verdict.add(Finding("garbage", "damaged", message, size - behind))
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name in seen:
            message = f"{name} stands twice in the package: readers differ on which they take"
            verdict.add(Finding("repeated-resource", "note", message))
        seen.add(name)
        if entry.compress_type != zipfile.ZIP_STORED and name.endswith(_PACKED):
            message = f"{name} was compressed again: records in it cannot be read by their offsets"
            verdict.add(Finding("compressed-again", "nonconformant", message))


def _check_package(package: zipfile.ZipFile, names: set[str], verdict: FileVerdict) -> bool:
    """Whether the package says of itself what is in it. Returns whether it is one of several packages."""
    if "datapackage.json" not in names:
        verdict.add(Finding("missing-datapackage", "nonconformant", "there is no datapackage.json in the package"))
        return False
    try:
        text = _read(package, "datapackage.json")
        description = json.loads(text)
        resources = description["resources"]
        paths = {str(resource["path"]): dict(resource) for resource in resources}
    except (*_ZIP_ERRORS, ValueError, KeyError, TypeError, RecursionError) as error:
        verdict.add(Finding("bad-datapackage", "nonconformant", f"datapackage.json cannot be read ({error!r})"))
        return False
    several: bool = description.get("profile") == _MULTI
    if not several and description.get("profile") != "data-package":
        verdict.add(Finding("bad-datapackage", "nonconformant", "the profile in datapackage.json is not data-package"))
    if not several and not description.get("wacz_version"):
        verdict.add(Finding("bad-datapackage", "nonconformant", "datapackage.json does not say its wacz_version"))
    for path, resource in paths.items():
        _check_resource(package, names, path, resource, verdict)
    for name in sorted(names - paths.keys()):
        if not name.endswith("/") and name not in {"datapackage.json", "datapackage-digest.json"}:
            message = f"{name} is not listed in datapackage.json"
            verdict.add(Finding("unlisted-resource", "nonconformant", message))
    for wanted in () if several else ("pages/pages.jsonl", "indexes/"):
        if not any(name.startswith(wanted) for name in names):
            verdict.add(Finding("missing-resource", "nonconformant", f"{wanted} is missing in the package"))
    if "datapackage-digest.json" in names:
        _check_signature(package, text, verdict)
    return several


def _check_resource(
    package: zipfile.ZipFile, names: set[str], path: str, resource: dict[str, Any], verdict: FileVerdict
) -> None:
    if path not in names:
        verdict.add(Finding("missing-resource", "damaged", f"{path} is listed in datapackage.json and missing"))
        return
    label, colon, wanted = str(resource.get("hash", "")).partition(":")
    if label and not (colon and wanted):
        verdict.add(Finding("bad-digest", "nonconformant", f"{path}: {label[:80]!r} is no labelled hash"))
        wanted = label = ""
    elif not wanted:
        verdict.add(Finding("missing-digest", "nonconformant", f"{path}: datapackage.json says no hash"))
    name = label.lower().replace("-", "")
    if label and name not in _DIGESTS:
        verdict.add(Finding("unknown-digest", "note", f"{path}: {label[:80]!r} cannot be checked here"))
        wanted = ""
    size = 0
    try:
        made = hashlib.new(name if wanted else "sha256", usedforsecurity=False)
        with package.open(path) as member:
            while piece := member.read(_PIECE):
                made.update(piece)
                size += len(piece)
    except _ZIP_ERRORS as error:
        verdict.add(Finding("bad-zip", "damaged", f"{path} cannot be read ({error})"))
        return
    if wanted and made.hexdigest() != wanted.lower():
        verdict.add(Finding("resource-changed", "damaged", f"{path} does not have the hash that datapackage.json says"))
    if resource.get("bytes") not in {None, size}:
        verdict.add(Finding("resource-changed", "damaged", f"{path} has {size} bytes, not {resource.get('bytes')}"))


def _check_signature(package: zipfile.ZipFile, text: bytes, verdict: FileVerdict) -> None:
    """The digest of datapackage.json, and who signed it. Whether to trust the signer is the reader's to decide."""
    try:
        value = json.loads(_read(package, "datapackage-digest.json"))
        wanted = str(value["hash"])
        signed = value.get("signedData")
    except (*_ZIP_ERRORS, ValueError, KeyError, TypeError, AttributeError) as error:
        verdict.add(Finding("bad-datapackage", "nonconformant", f"datapackage-digest.json cannot be read ({error!r})"))
        return
    if wanted != "sha256:" + hashlib.sha256(text).hexdigest():
        message = "datapackage.json does not have the hash that datapackage-digest.json says"
        verdict.add(Finding("resource-changed", "damaged", message))
    if not signed:
        return
    if not isinstance(signed, dict):
        verdict.add(Finding("bad-signature", "nonconformant", "the signature cannot be read (it is no object)"))
        return
    if signed.get("hash") != wanted:
        verdict.add(Finding("bad-signature", "damaged", "what is signed is not this package's hash"))
        return
    try:
        who, holds, vouched = _signer(signed)
    except ImportError:
        message = "it is signed, but signatures cannot be checked without the `cryptography` package"
        verdict.add(Finding("signature-not-checked", "note", message))
    except (ValueError, KeyError, TypeError) as error:
        verdict.add(Finding("bad-signature", "nonconformant", f"the signature cannot be read ({error!r})"))
    else:
        if not holds:
            verdict.add(Finding("bad-signature", "damaged", f"the signature by {who} does not fit the package"))
        elif not vouched:
            message = f"signed by {who}, for whom no authority that is trusted here vouched at that time"
            verdict.add(Finding("untrusted-signer", "nonconformant", message))
        else:
            verdict.add(Finding("signed", "note", f"signed by {who}; what that says is the reader's to judge"))


def _signer(signed: dict[str, Any]) -> tuple[str, bool, bool]:
    """Who signed, whether the signature fits, and whether it is known to be theirs (an unnamed key claims nobody)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, utils
    from cryptography.hazmat.primitives.hashes import SHA256, SHA384
    from cryptography.hazmat.primitives.serialization import load_der_public_key
    from cryptography.x509 import load_pem_x509_certificates

    signature = base64.b64decode(signed["signature"])
    vouched = True
    if "domainCert" in signed:
        chain = load_pem_x509_certificates(str(signed["domainCert"]).encode())
        key: object = chain[0].public_key()
        who = f"the holder of {signed.get('domain')} (certificate by {chain[0].issuer.rfc4514_string()})"
        vouched = _is_vouched(chain, str(signed.get("domain")), str(signed.get("created")))
    else:
        key = load_der_public_key(base64.b64decode(signed["publicKey"]))
        who = "an unnamed key"
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("not an elliptic curve key")
    half = (key.curve.key_size + 7) // 8
    if len(signature) == 2 * half:  # as browsers write it: the two numbers side by side
        numbers = (int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
        signature = utils.encode_dss_signature(*numbers)
    for algorithm in (SHA256(), SHA384()):
        try:
            key.verify(signature, str(signed["hash"]).encode(), ec.ECDSA(algorithm))
        except InvalidSignature:
            continue
        return who, True, vouched
    return who, False, vouched


def _is_vouched(chain: list[Certificate], domain: str, created: str) -> bool:
    """Whether a trusted authority said, at the time of signing, that the key is the domain's."""
    from cryptography.x509 import DNSName
    from cryptography.x509.verification import PolicyBuilder, VerificationError

    moment = datetime.fromisoformat(created).astimezone(UTC).replace(tzinfo=None)
    verifier = PolicyBuilder().store(_authorities()).time(moment).build_server_verifier(DNSName(domain))
    try:
        verifier.verify(chain[0], chain[1:])
    except VerificationError:
        return False
    return True


@cache
def _authorities() -> Store:
    from cryptography.x509 import load_der_x509_certificate
    from cryptography.x509.verification import Store

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some roots have oddities of their own; that is not this package's fault
        found = ssl.create_default_context(cafile=_bundle()).get_ca_certs(binary_form=True)
        return Store([load_der_x509_certificate(one) for one in found])


def _bundle() -> str | None:
    """The list of certifi where it is installed (Scrapy brings it), else that of the system."""
    try:
        import certifi
    except ImportError:
        return None
    return str(certifi.where())
