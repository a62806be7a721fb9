"""A certificate for the sample portals, made when the server starts and known to nobody.

It is signed by itself and names the hosts that are played; a client that judges certificates finds it untrusted, as it
should. The key exists in memory and, for a moment, in a private temporary file: `ssl` takes files only.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path


def self_signed(hosts: Sequence[str]) -> tuple[bytes, bytes]:
    """A certificate for ``hosts`` and its key, both PEM; valid from yesterday for thirty days."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Gongkai sample portals (made up)")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def server_context(hosts: Sequence[str]) -> ssl.SSLContext:
    """A server's TLS context with a fresh self-signed certificate for ``hosts``."""
    certificate, key = self_signed(hosts or ["localhost"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory(prefix="gongkai-samples-") as directory:
        file = Path(directory) / "both.pem"
        file.touch(mode=0o600)
        file.write_bytes(key + certificate)
        context.load_cert_chain(file)
    return context
