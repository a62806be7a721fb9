"""archive.warc.wacz: packages and the archives in them. The verdict folders hold a sample of each defect."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from archive import DamagedWarc
from archive.warc import wacz
from archive.warc.verify import verify_file
from archive.warc.wacz import open_archives

SAMPLE = Path(__file__).resolve().parent.parent / "verdicts" / "ok" / "package.wacz"


def repack(target: Path, **changes: bytes) -> Path:
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return target


def test_the_archives_are_unpacked_one_by_one() -> None:
    with SAMPLE.open("rb") as file, open_archives(file) as archives:
        found = []
        for name, archive in archives:
            with archive:
                found.append((name, archive.read(2)))
    assert found == [("archive/data.warc.gz", b"\x1f\x8b")]


def test_what_is_no_package() -> None:
    with pytest.raises(DamagedWarc, match="ZIP file cannot be read"), open_archives(io.BytesIO(b"PK")):
        pass


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
    assert [problem.code for problem in verify_file(path).problems] == ["signed"]

    signed["signature"] = base64.b64encode(bytes(64)).decode()
    bad = json.dumps({"path": "datapackage.json", "hash": hashed, "signedData": signed}).encode()
    path = repack(tmp_path / "forged.wacz", **{"datapackage-digest.json": bad})
    found = verify_file(path)
    assert (found.verdict, found.problems[0].code) == ("damaged", "bad-signature")


def test_what_is_wrong_inside_names_the_inner_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(SAMPLE) as package:
        inner = package.read("archive/data.warc.gz")
    path = repack(tmp_path / "cut.wacz", **{"archive/data.warc.gz": inner[:-20]})
    messages = [problem.message for problem in verify_file(path).problems if problem.code == "cut-member"]
    assert len(messages) == 1
    assert messages[0].startswith("archive/data.warc.gz: ")


@pytest.mark.shared
def test_signed_packages_of_others(shared: Path) -> None:
    for name in ("py-wacz/valid_signed_example_1.wacz", "replayweb.page/iframetest.wacz"):
        found = verify_file(shared / "warcs" / name)
        assert found.verdict == "note"
        assert "signed" in {problem.code for problem in found.problems}
    found = verify_file(shared / "warcs" / "py-wacz/invalid_signed_example_1.wacz")  # a test authority's certificate
    assert (found.verdict, [problem.code for problem in found.problems]) == ("nonconformant", ["untrusted-signer"])


def test_what_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wacz, "_BOMB_SIZE", 1 << 16)
    monkeypatch.setattr(wacz, "_LONGEST_JSON", 1 << 16)
    bomb = tmp_path / "bomb.wacz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("archive/a.warc", bytes(1 << 22))
        package.writestr("datapackage.json", b"[" + b" " * (1 << 20))
    verdict = verify_file(bomb)
    said = [finding.message for finding in verdict.problems]
    assert verdict.verdict == "damaged"
    assert any("archive/a.warc would unpack to 4194304 bytes" in message for message in said)
    assert any("has more than 65536 bytes" in message for message in said)
    with bomb.open("rb") as file, open_archives(file) as archives, pytest.raises(DamagedWarc, match="would unpack"):
        next(archives)
