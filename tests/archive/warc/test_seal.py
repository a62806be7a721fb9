"""archive.warc.seal: seals say what a file was, name the ones before, and can be signed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive import WarcError
from archive.warc.seal import Link, Seal, heads, read_seals, seal_path, sealed_name, write_seal

SEAL = Seal(
    file="henan-1.warc.gz",
    sha256="ab" * 32,
    size=10,
    records=3,
    sealed_at="2026-11-20T08:00:00.000000Z",
    previous=(Link("henan-0.warc.gz", "cd" * 32),),
    made_up=True,
    recovered=7,
    imported="ef" * 32,
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_seal(tmp_path, SEAL)
    assert Seal.read(seal_path(tmp_path / SEAL.file)) == SEAL
    assert read_seals(tmp_path) == {SEAL.file: SEAL}
    assert [path.name for path in tmp_path.iterdir()] == ["henan-1.gz.seal"]


def test_a_seal_is_the_same_bytes_every_time() -> None:
    again = Seal.parse(SEAL.as_bytes(), "x")
    assert again.as_bytes() == SEAL.as_bytes()
    assert again.link == SEAL.link


def test_heads_are_what_no_other_names() -> None:
    later = Seal("henan-2.warc.gz", "0", 1, 1, "t", previous=(SEAL.link,))
    aside = Seal("shanxi-1.warc.gz", "0", 1, 1, "t")
    seals = {seal.file: seal for seal in (SEAL, later, aside)}
    assert {link.file for link in heads(seals)} == {later.file, aside.file}
    assert heads({}) == ()


@pytest.mark.parametrize("name", ["x.warc.gz", "x.warc", "x.warc.zst", "x.gz.warc", "x.gz.warc.gz", "x.plain.warc.zst"])
def test_a_seals_name_says_whose_it_is_and_is_not_taken_for_an_archive_file(name: str) -> None:
    path = seal_path(Path(name))
    assert sealed_name(path) == name
    assert not path.match("*.warc*")


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"schema":"gongkai.seal/1"}', b"\xff"])
def test_what_is_no_seal(data: bytes) -> None:
    with pytest.raises(WarcError, match="is no seal"):
        Seal.parse(data, "x.seal")


def test_a_seal_of_the_future() -> None:
    with pytest.raises(WarcError, match="unknown kind"):
        Seal.parse(b'{"schema":"gongkai.seal/9"}', "x.seal")


def test_unreadable_seals_do_not_stop_a_writer(tmp_path: Path) -> None:
    (tmp_path / "x.gz.seal").write_text("{")
    assert read_seals(tmp_path) == {}


def test_a_signature_covers_everything_else() -> None:
    signed = SEAL.signed(Ed25519PrivateKey.generate())
    assert signed.verify_signature()
    assert Seal.parse(signed.as_bytes(), "x") == signed
    assert not SEAL.verify_signature()
    value = json.loads(signed.as_bytes())
    changes = {"file": "y", "sha256": "0", "size": 11, "records": 4, "sealed_at": "t", "previous": [], "recovered": 0}
    for name, other in changes.items():
        assert not Seal.parse(json.dumps({**value, name: other}).encode(), "x").verify_signature(), name
    assert not Seal.parse(
        json.dumps({**value, "signature": {"key": "?", "value": "?"}}).encode(), "x"
    ).verify_signature()
