"""TLS for the wire: contexts of the standard library, and what TLS said of a host (identity is evidence).

Many portals have broken chains or expired certificates. Under ``record`` (the default) a certificate that does not
verify is accepted and the reason kept beside the capture; under ``require`` it is refused. ``legacy`` admits what old
servers need: TLS 1.0, ciphers below today's security level, and renegotiation without RFC 5746.
"""

from __future__ import annotations

import functools
import hashlib
import ssl
import warnings
from typing import Any

from archive.metadata import TlsFacts

# Not in the standard library's vocabulary before Python 3.12.
_OP_LEGACY_SERVER_CONNECT = 0x4


@functools.lru_cache(maxsize=16)
def context(policy: str, *, verified: bool, cafile: str | None = None) -> ssl.SSLContext:
    """The client context for ``policy`` (``default`` or ``legacy``).

    Args:
        policy: how old a server may be.
        verified: check chain and host name; otherwise anything is accepted.
        cafile: further trusted roots (PEM), for tests and private authorities.
    """
    made = ssl.create_default_context(cafile=None)
    if cafile:
        made.load_verify_locations(cafile)
    if not verified:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    made.sslobject_class = _KeepingObject
    # HTTP/2 has no exact message to keep: only HTTP/1.1 is offered.
    made.set_alpn_protocols(["http/1.1"])
    if policy == "legacy":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = ssl.TLSVersion.TLSv1
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.options |= _OP_LEGACY_SERVER_CONNECT
    return made


class _KeepingObject(ssl.SSLObject):
    """Gives what was decrypted before it gives the error that came in the same segment.

    asyncio reads a segment's records in one go and, when the last of them breaks TLS, throws those before it away. Here
    the error waits until they have been handed on (``broken`` says that it is there).
    """

    _handed_on = True
    broken: ssl.SSLError | None = None

    def read(self, len: int = 1024, buffer: Any = None) -> Any:  # noqa: A002 - the base class calls it so
        """As the base class."""
        if self.broken is not None:
            raise self.broken
        try:
            data = super().read(len, buffer)
        except (ssl.SSLWantReadError, ssl.SSLSyscallError):
            self._handed_on = True
            raise
        except ssl.SSLError as error:
            if self._handed_on:
                raise
            self.broken = error
            raise ssl.SSLWantReadError from error
        self._handed_on = not data
        return data


def broken(connection: object) -> ssl.SSLError | None:
    """The error behind the bytes that a connection has just handed on, if there is one."""
    return connection.broken if isinstance(connection, _KeepingObject) else None


def facts(connection: ssl.SSLObject, verify_error: str | None) -> TlsFacts:
    """Version, cipher and certificate of an established connection."""
    certificate = connection.getpeercert(binary_form=True)
    cipher = connection.cipher()
    return TlsFacts(
        version=connection.version(),
        cipher=cipher[0] if cipher else None,
        certificate_sha256=hashlib.sha256(certificate).hexdigest() if certificate else None,
        certificate_pem=ssl.DER_cert_to_PEM_cert(certificate) if certificate else None,
        verified=verify_error is None,
        verify_error=verify_error,
    )
