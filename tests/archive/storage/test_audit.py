"""archive.storage.audit: a changed, removed, swapped or added file of a home is found."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from archive import HomeError
from archive.home import Home
from archive.metadata import CrawlEndMetadata
from archive.storage.audit import verify_home
from archive.verify.verdict import FileVerdict
from archive.warc import WarcWriter, build
from archive.warc.seal import KEY_VARIABLE, Seal, public_key, seal_path
from tests.archive.exchanges import DATE, INFO, make_exchange
from tests.archive.verify.test_file import mutate


def fill(home: Home, crawl: str = "henan-1") -> list[Seal]:
    """Three files of captures and one that ends the crawl and lists them."""
    writer = WarcWriter(home.warc, crawl, INFO, max_bytes=4000, durable=False)
    chance = random.Random(1)
    for number in range(9):
        writer.append(make_exchange(number, chance.randbytes(600)))
    seals = writer.close()
    end = CrawlEndMetadata(
        crawl=crawl, portal="henan", reason="finished", counts={}, stats={}, files=[seal.as_dict() for seal in seals]
    )
    last = WarcWriter(home.warc, crawl, INFO, durable=False)
    last.append([build.metadata(end.as_bytes(), "application/json", date=DATE)])
    return [*seals, *last.close()]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "archive", create=True)


def problems(verdicts: list[FileVerdict]) -> dict[str, set[str]]:
    return {Path(found.file).name: {problem.code for problem in found.problems} for found in verdicts if found.problems}


def test_an_untouched_home_is_ok(home: Home) -> None:
    seals = fill(home)
    assert len(seals) >= 3
    told: list[tuple[str, int, int]] = []
    verdicts = verify_home(home, progress=lambda *args: told.append(args))
    assert {found.verdict for found in verdicts} == {"ok"}
    assert len(verdicts) == len(seals)
    assert told[-1][1:] == (len(seals), len(seals))


def test_many_processes_say_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seals = fill(home)
    (home.warc / seals[1].file).write_bytes((home.warc / seals[1].file).read_bytes()[:-5])
    one = [found.as_dict() for found in verify_home(home)]
    monkeypatch.setattr("archive.verify.files._PARALLEL_FROM", 0)
    assert [found.as_dict() for found in verify_home(home, processes=2)] == one


def test_a_changed_byte(home: Home) -> None:
    seals = fill(home)
    path = home.warc / seals[0].file
    data = bytearray(path.read_bytes())
    data[9] ^= 1  # the operating system in a gzip header: no reader and no checksum looks at it
    path.write_bytes(data)
    assert problems(verify_home(home)) == {seals[0].file: {"changed"}}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [("size", 7, "seal-changed"), ("records", 7, "record-count"), ("sha256", "0" * 64, "changed")],
)
def test_a_field_of_the_newest_seal_that_was_changed(home: Home, field: str, value: object, code: str) -> None:
    """No later seal names it: what it says is held against the file."""
    newest = fill(home)[-1].file
    path = seal_path(home.warc / newest)
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    assert code in problems(verify_home(home))[newest]


def trials(home: Home, count: int, seed: int) -> None:
    seals = fill(home)
    chance = random.Random(seed)
    whole = {seal.file: (home.warc / seal.file).read_bytes() for seal in seals}
    for number in range(count):
        name = chance.choice(sorted(whole))
        (home.warc / name).write_bytes(mutate(whole[name], chance))
        found = {Path(one.file).name: one for one in verify_home(home)}
        assert found[name].verdict == "damaged", number
        (home.warc / name).write_bytes(whole[name])
    assert {found.verdict for found in verify_home(home)} == {"ok"}


def test_bytes_flipped_inserted_and_removed_at_random(home: Home) -> None:
    trials(home, 40, seed=1)


@pytest.mark.trial
def test_a_thousand_bytes_flipped_inserted_and_removed(home: Home) -> None:
    trials(home, 1000, seed=2)


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("with_seal", [True, False])
def test_a_removed_file(home: Home, which: int, with_seal: bool) -> None:
    seals = fill(home)
    gone = home.warc / seals[which].file
    gone.unlink()
    if with_seal:
        seal_path(gone).unlink()
    found = problems(verify_home(home))
    assert "missing-file" in found[gone.name]


def test_a_removed_newest_file_is_found_by_later_files_or_the_index(home: Home) -> None:
    last = fill(home)[-1]
    fill(home, "shanxi-1")
    (home.warc / last.file).unlink()
    seal_path(home.warc / last.file).unlink()
    assert "missing-file" in problems(verify_home(home))[last.file]

    newest = max(home.warc.glob("shanxi-*.warc.gz"))
    newest.unlink()
    seal_path(newest).unlink()
    assert newest.name not in problems(verify_home(home))
    assert problems(verify_home(home, known=[newest.name]))[newest.name] == {"missing-file"}


def test_two_files_swapped(home: Home) -> None:
    one, two = fill(home)[:2]
    for with_seals in (False, True):
        paths = [home.warc / seal.file for seal in (one, two)]
        pairs = [paths, [seal_path(path) for path in paths]] if with_seals else [paths]
        for first, second in pairs:
            spare = home.warc / "spare"
            first.rename(spare)
            second.rename(first)
            spare.rename(second)
        found = problems(verify_home(home))
        assert {one.file, two.file} <= found.keys(), with_seals
        assert found[one.file] & {"changed", "swapped"}
        # back again
        for first, second in pairs:
            first.rename(spare)
            second.rename(first)
            spare.rename(second)


def test_a_file_replaced_together_with_its_seal(home: Home, tmp_path: Path) -> None:
    seals = fill(home)
    other = Home.at(tmp_path / "other", create=True)
    forged = fill(other)[0]
    shutil.copy(other.warc / forged.file, home.warc / seals[0].file)
    fake = json.loads(seal_path(other.warc / forged.file).read_bytes())
    fake["file"] = seals[0].file
    seal_path(home.warc / seals[0].file).write_text(json.dumps(fake))
    assert {"seal-changed", "changed"} <= problems(verify_home(home))[seals[0].file]


def test_a_file_that_nobody_sealed(home: Home, sealed: Path) -> None:
    fill(home)
    shutil.copy(sealed, home.warc / "slipped-in.warc.gz")
    found = verify_home(home)
    assert problems(found) == {"slipped-in.warc.gz": {"not-sealed", "filename-differs"}}
    assert {one.verdict for one in found} == {"ok", "nonconformant"}


def test_a_record_id_in_two_files_of_a_home(home: Home) -> None:
    draft = make_exchange()[0]
    for prefix in ("a", "b"):
        writer = WarcWriter(home.warc, prefix, INFO, durable=False)
        writer.append([draft])
        writer.close()
    (name, codes), *rest = problems(verify_home(home)).items()
    assert (name[0], codes, rest) == ("b", {"duplicate-record-id"}, [])


def test_an_unreadable_seal(home: Home) -> None:
    seals = fill(home)
    seal_path(home.warc / seals[0].file).write_text("{}")
    assert "bad-seal" in problems(verify_home(home))[seals[0].file]


def test_open_and_torn_files_are_named(home: Home, sealed: Path) -> None:
    fill(home)
    writer = WarcWriter(home.warc, "live", INFO, durable=False)
    (place, *_) = writer.append(make_exchange())
    (home.warc / "dead.warc.gz.open").write_bytes(sealed.read_bytes()[:-4])
    (home.warc / "dead.gz.torn-1").write_bytes(b"x")
    found = problems(verify_home(home))
    assert found[f"{place.file}.open"] == {"being-written"}
    assert found["dead.warc.gz.open"] == {"left-open"}
    assert found["dead.gz.torn-1"] == {"torn-tail"}
    writer.close()


def test_references_into_nothing_are_defects_of_a_home(home: Home) -> None:
    draft = build.revisit(
        "http://a.cn/",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        date=DATE,
        profile="server-not-modified",
        refers_to="urn:uuid:gone",
        refers_to_uri="http://a.cn/",
        refers_to_date=DATE,
        payload_digest=None,
        concurrent_to=["urn:uuid:gone-too"],
    )
    writer = WarcWriter(home.warc, "t", INFO, durable=False)
    writer.append([draft])
    writer.close()
    (found,) = verify_home(home)
    assert {(problem.code, problem.level) for problem in found.problems} == {
        ("orphan-revisit", "damaged"),
        ("concurrent-to-nothing", "nonconformant"),
    }


@pytest.fixture
def keys(tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    def make(name: str) -> tuple[Path, Path]:
        key = Ed25519PrivateKey.generate()
        private, public = tmp_path / f"{name}.pem", tmp_path / f"{name}.pub"
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return private, public

    return make


def test_heads_signed_with_the_operators_key(
    home: Home, keys: Callable[[str], tuple[Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = keys("ours")
    _, stranger = keys("stranger")
    unsigned = fill(home, "before-1")
    assert problems(verify_home(home, key=public_key(public)))[unsigned[-1].file] == {"not-signed"}
    monkeypatch.setenv(KEY_VARIABLE, str(private))
    seals = fill(home)
    assert all(seal.verify_signature() for seal in seals)
    assert problems(verify_home(home, key=public_key(public))) == {}
    assert "foreign-signature" in problems(verify_home(home, key=public_key(stranger)))[seals[-1].file]

    last = seal_path(home.warc / seals[-1].file)
    value = json.loads(last.read_bytes())
    value["sealed_at"] = "2027-01-01T00:00:00.000000Z"
    last.write_text(json.dumps(value))
    assert "bad-signature" in problems(verify_home(home))[seals[-1].file]


def test_a_key_that_cannot_be_used_stops_the_writer(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "none.pem"))
    with pytest.raises(HomeError, match="cannot be read"):
        WarcWriter(home.warc, "t", INFO)
    (tmp_path / "bad.pem").write_text("no key")
    with pytest.raises(HomeError, match="no public key"):
        public_key(tmp_path / "bad.pem")
