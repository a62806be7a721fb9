"""Who signed a WACZ package, and whether the signature fits (WACZ Signing and Verification 0.1.0)."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import warnings
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from archive.verify.verdict import FileVerdict
from archive.warc.problem import Problem

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from cryptography.x509.verification import Store


def check_signature(digest: bytes, text: bytes, verdict: FileVerdict) -> None:
    """The digest of datapackage.json, and who signed it. Whether to trust the signer is the reader's to decide.

    Args:
        digest: what datapackage-digest.json holds.
        text: what datapackage.json holds.
        verdict: of the package.
    """
    try:
        value = json.loads(digest)
        wanted = str(value["hash"])
        signed = value.get("signedData")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        verdict.add(Problem("bad-datapackage", "nonconformant", f"datapackage-digest.json cannot be read ({error!r})"))
        return
    if wanted != "sha256:" + hashlib.sha256(text).hexdigest():
        message = "datapackage.json does not have the hash that datapackage-digest.json says"
        verdict.add(Problem("resource-changed", "damaged", message))
    if not signed:
        return
    if not isinstance(signed, dict):
        verdict.add(Problem("bad-signature", "nonconformant", "the signature cannot be read (it is no object)"))
        return
    if signed.get("hash") != wanted:
        verdict.add(Problem("bad-signature", "damaged", "what is signed is not this package's hash"))
        return
    try:
        who, holds, vouched = _signer(signed)
    except ImportError:
        message = "it is signed, but signatures cannot be checked without the `cryptography` package"
        verdict.add(Problem("signature-not-checked", "note", message))
    except (ValueError, KeyError, TypeError) as error:
        verdict.add(Problem("bad-signature", "nonconformant", f"the signature cannot be read ({error!r})"))
    else:
        if not holds:
            verdict.add(Problem("bad-signature", "damaged", f"the signature by {who} does not fit the package"))
        elif not vouched:
            message = f"signed by {who}, for whom no authority that is trusted here vouched at that time"
            verdict.add(Problem("untrusted-signer", "nonconformant", message))
        else:
            verdict.add(Problem("signed", "note", f"signed by {who}; what that says is the reader's to judge"))


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
