"""archive.verify.wacz_signature: who signed a package, and whether it fits."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.archive.judging import verdict_on

SAMPLE = Path(__file__).resolve().parent.parent / "verdicts" / "ok" / "package.wacz"


def repack(target: Path, **changes: bytes) -> Path:
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return target


@pytest.mark.parametrize("raw", [True, False], ids=["as browsers write it", "as servers write it"])
def test_signatures(tmp_path: Path, raw: bool) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with zipfile.ZipFile(SAMPLE) as package:
        hashed = "sha256:" + hashlib.sha256(package.read("datapackage.json")).hexdigest()
    signature = key.sign(hashed.encode(), ec.ECDSA(SHA256()))
    if raw:
        r, s = utils.decode_dss_signature(signature)
        signature = r.to_bytes(32) + s.to_bytes(32)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    signed = {
        "hash": hashed,
        "signature": base64.b64encode(signature).decode(),
        "publicKey": base64.b64encode(public).decode(),
    }
    good = json.dumps({"path": "datapackage.json", "hash": hashed, "signedData": signed}).encode()
    path = repack(tmp_path / "signed.wacz", **{"datapackage-digest.json": good})
    assert [problem.code for problem in verdict_on(path).problems] == ["signed"]

    signed["signature"] = base64.b64encode(bytes(64)).decode()
    bad = json.dumps({"path": "datapackage.json", "hash": hashed, "signedData": signed}).encode()
    path = repack(tmp_path / "forged.wacz", **{"datapackage-digest.json": bad})
    found = verdict_on(path)
    assert (found.verdict, found.problems[0].code) == ("damaged", "bad-signature")


@pytest.mark.shared
def test_signed_packages_of_others(shared: Path) -> None:
    for name in ("py-wacz/valid_signed_example_1.wacz", "replayweb.page/iframetest.wacz"):
        found = verdict_on(shared / "warcs" / name)
        assert found.verdict == "note"
        assert "signed" in {problem.code for problem in found.problems}
    found = verdict_on(shared / "warcs" / "py-wacz/invalid_signed_example_1.wacz")  # a test authority's certificate
    assert (found.verdict, [problem.code for problem in found.problems]) == ("nonconformant", ["untrusted-signer"])
