"""Seals: what a finished WARC file was when it was finished.

Beside every sealed file stands its seal (``x.warc.gz``: ``x.gz.seal``; a name that no ``*.warc*`` catches, since others
look for archive files so), one JSON object:

    {"schema": "gongkai.seal/1", "file", "sha256", "size", "records", "sealed_at",
     "previous": [{"file", "seal"}, ...], "made_up"?, "recovered"?, "imported"?, "signature"?: {"key", "value"}}

``previous`` names the seals before this one by their own SHA-256: a writer's first seal names all heads it found in the
directory (seals that no other names), each further one its predecessor. So the seals form a graph like commits: a file
that was changed, removed or swapped contradicts a seal, a seal that was changed or removed contradicts the ones after
it, and no writer waits for another. Whoever holds a copy of the heads (the operator's key may sign them)
can tell whether anything before them was touched.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from archive.errors import HomeError, WarcError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEAL_SUFFIX = ".seal"
_ENDINGS = {".warc.gz": ".gz", ".warc.zst": ".zst", ".warc": ".plain"}
_PIECE = 8 << 20
KEY_VARIABLE = "GONGKAI_SIGNING_KEY"
_KEY = "Name an Ed25519 key in PEM"
_SCHEMA = "gongkai.seal/1"


@dataclass(frozen=True, slots=True)
class Link:
    """An earlier seal: the file it seals and the SHA-256 of the seal itself."""

    file: str
    seal: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What a finished file was.

    Attributes:
        file: its name.
        sha256: of its bytes, hexadecimal.
        size: in bytes.
        records: how many.
        sealed_at: UTC.
        previous: the seals before this one.
        made_up: captures in it were not obtained from the named hosts.
        recovered: sealed after a crash; bytes of the torn tail that was put aside.
        imported: made by others; SHA-256 of the file as it was given.
        signature: of the operator, over everything else.
    """

    file: str
    sha256: str
    size: int
    records: int
    sealed_at: str
    previous: tuple[Link, ...] = ()
    made_up: bool = False
    recovered: int | None = None
    imported: str | None = None
    signature: tuple[str, str] | None = None

    def statement(self) -> bytes:
        """What a signature signs: canonical JSON without the signature."""
        value: dict[str, Any] = {
            "schema": _SCHEMA,
            "file": self.file,
            "sha256": self.sha256,
            "size": self.size,
            "records": self.records,
            "sealed_at": self.sealed_at,
            "previous": [{"file": link.file, "seal": link.seal} for link in self.previous],
        }
        if self.made_up:
            value["made_up"] = True
        if self.recovered is not None:
            value["recovered"] = self.recovered
        if self.imported is not None:
            value["imported"] = self.imported
        return _canonical(value)

    def as_bytes(self) -> bytes:
        """The seal file's content."""
        value = json.loads(self.statement())
        if self.signature:
            value["signature"] = {"key": self.signature[0], "value": self.signature[1]}
        return _canonical(value) + b"\n"

    @property
    def link(self) -> Link:
        """How a later seal names this one."""
        return Link(self.file, hashlib.sha256(self.as_bytes()).hexdigest())

    def as_dict(self) -> dict[str, Any]:
        """For the list that the end of a crawl archives."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "size": self.size,
            "records": self.records,
            "seal": self.link.seal,
        }

    @classmethod
    def read(cls, path: Path) -> Seal:
        """Read a seal file.

        Raises:
            WarcError: it is none.
        """
        return cls.parse(path.read_bytes(), str(path))

    @classmethod
    def parse(cls, data: bytes, subject: str) -> Seal:
        """A seal from the bytes of its file; ``subject`` names it in an error.

        Raises:
            WarcError: it is none.
        """
        try:
            value = json.loads(data)
            if value["schema"] != _SCHEMA:
                raise WarcError(f"is of the unknown kind {value['schema']!r}", subject=subject, advice="Update gongkai")
            signature = value.get("signature")
            return cls(
                file=str(value["file"]),
                sha256=str(value["sha256"]),
                size=int(value["size"]),
                records=int(value["records"]),
                sealed_at=str(value["sealed_at"]),
                previous=tuple(Link(str(link["file"]), str(link["seal"])) for link in value["previous"]),
                made_up=bool(value.get("made_up", False)),
                recovered=value.get("recovered"),
                imported=value.get("imported"),
                signature=(str(signature["key"]), str(signature["value"])) if signature else None,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise WarcError(
                f"is no seal ({error!r})", subject=subject, advice="Restore it from a copy of the archive"
            ) from error

    def signed(self, key: Ed25519PrivateKey) -> Seal:
        """This seal with the operator's signature."""
        from dataclasses import replace

        public = base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")
        return replace(self, signature=(public, base64.b64encode(key.sign(self.statement())).decode("ascii")))

    def verify_signature(self) -> bool:
        """Whether the signature fits the seal and the key it names (whose key that is, only the operator can say)."""
        if self.signature is None:
            return False
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError as error:
            raise _needs_cryptography() from error
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.signature[0], validate=True))
            key.verify(base64.b64decode(self.signature[1], validate=True), self.statement())
        except (InvalidSignature, ValueError):
            return False
        return True


def seal_path(file: Path) -> Path:
    """Where the seal of ``file`` stands."""
    return file.with_name(beside(file.name) + SEAL_SUFFIX)


def beside(file: str) -> str:
    """What the names of things that stand beside a WARC file begin with: one for each file, and without ``.warc``."""
    for ending, short in _ENDINGS.items():
        if file.endswith(ending):
            return file.removesuffix(ending) + short
    return file


def sealed_name(path: Path) -> str:
    """Of which file a seal file is, by its name (the reverse of `seal_path`)."""
    name = path.name.removesuffix(SEAL_SUFFIX)
    for ending, short in _ENDINGS.items():
        if name.endswith(short):
            return name.removesuffix(short) + ending
    return name


def read_seals(directory: Path) -> dict[str, Seal]:
    """All seals of a directory by the file they stand beside; unreadable ones are left out."""
    seals: dict[str, Seal] = {}
    for path in sorted(directory.glob("*" + SEAL_SUFFIX)):
        try:
            seals[sealed_name(path)] = Seal.read(path)
        except (WarcError, FileNotFoundError):
            continue  # `gongkai verify` names it
    return seals


def heads(seals: Mapping[str, Seal]) -> tuple[Link, ...]:
    """The seals that no other seal names: whoever keeps a copy of these can prove the rest."""
    named = {link.seal for seal in seals.values() for link in seal.previous}
    return tuple(link for seal in seals.values() if (link := seal.link).seal not in named)


def write_seal(directory: Path, seal: Seal) -> None:
    """Put a seal beside its file, whole or not at all, and on disk."""
    path = seal_path(directory / seal.file)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(seal.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(directory)


def sync_directory(directory: Path) -> None:
    """Make names (creations, renames) of a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def signing_key() -> Ed25519PrivateKey | None:
    """The operator's key: the PEM file named by GONGKAI_SIGNING_KEY; None when there is none.

    Raises:
        HomeError: the variable is set and the key cannot be used. Not signing silently would be worse.
    """
    named = os.environ.get(KEY_VARIABLE)
    if not named:
        return None
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise _needs_cryptography() from error
    try:
        key = load_pem_private_key(Path(named).read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise HomeError(
            "the signing key cannot be read",
            subject=named,
            advice=f"{KEY_VARIABLE} names an Ed25519 key in PEM, unencrypted",
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise HomeError("is no Ed25519 key", subject=named, advice="Make one with `openssl genpkey -algorithm ed25519`")
    return key


def public_key(path: Path) -> str:
    """A public key (PEM) in the form in which signatures name it.

    Raises:
        HomeError: the file holds none.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError as error:
        raise _needs_cryptography() from error
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise HomeError(f"the key cannot be read ({error.strerror})", subject=str(path), advice=_KEY) from error
    except ValueError as error:
        raise HomeError("is no public key in PEM", subject=str(path), advice=_KEY) from error
    if not isinstance(key, Ed25519PublicKey):
        raise HomeError("is no Ed25519 key", subject=str(path), advice=_KEY)
    return base64.b64encode(key.public_bytes_raw()).decode("ascii")


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def is_sealed_name(name: str) -> bool:
    """Whether a file of this name is a sealed one: no file being written, no seal, no temporary copy."""
    return name.endswith(tuple(_ENDINGS)) and not name.startswith(".")


def sha256_of(file: _Readable, progress: Callable[[int], None] | None = None) -> str:
    """SHA-256 (hexadecimal) of what is left to be read of a file.

    Args:
        file: open for reading; local or in a storage.
        progress: told after each piece how many bytes have been read.
    """
    digest = hashlib.sha256()
    done = 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        done += len(piece)
        if progress is not None:
            progress(done)
    return digest.hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _needs_cryptography() -> WarcError:
    return WarcError("signatures need the `cryptography` package", advice="Install it")


__all__ = [
    "KEY_VARIABLE",
    "SEAL_SUFFIX",
    "Link",
    "Seal",
    "beside",
    "heads",
    "is_sealed_name",
    "public_key",
    "read_seals",
    "seal_path",
    "sealed_name",
    "sha256_of",
    "signing_key",
    "sync_directory",
    "write_seal",
]
