"""archive.verify.file: every verdict folder, what other checkers miss, and the real files of others."""

from __future__ import annotations

import os
import random
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from archive.verify import file as file_module
from archive.verify import verdict
from archive.verify.files import verify_files
from archive.warc import read
from tests.archive.judging import verdict_on
from tests.conftest import ROOT

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"
SAMPLES = sorted(VERDICTS.glob("*/*"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_verdict_folders(path: Path) -> None:
    found = verdict_on(path)
    assert found.verdict == path.parent.name
    codes = {problem.code for problem in found.problems if problem.level == found.verdict}
    assert codes == (set() if found.verdict == "ok" else {path.name.split(".")[0]} | codes)
    assert found.records > 0 or found.verdict == "damaged"


def codes_said() -> set[str]:
    """Every code that a single file can get."""
    rooms = ("warc", "warc/streams", "verify")
    modules = [path for room in rooms for path in sorted((ROOT / "archive" / room).glob("*.py"))]
    sources = "".join(path.read_text("utf-8") for path in modules)
    return set(re.findall(r'(?:Problem|Damage|problem|say|_about)\(\s*"([a-z0-9-]+)"', sources))


def test_every_code_is_explained() -> None:
    page = (ROOT / "docs" / "warc.md").read_text("utf-8")
    assert sorted(code for code in codes_said() if f"`{code}`" not in page) == []


def test_there_is_a_sample_of_every_code() -> None:
    said = codes_said()
    shown = {path.name.split(".")[0] for path in SAMPLES if path.parent.name != "ok"}
    need_more_than_a_small_file = {
        "payload-not-checked",
        "signed",
        "signature-not-checked",
        "untrusted-signer",
        "unreadable",
    }
    assert said - shown - need_more_than_a_small_file == set()


def test_the_samples_are_what_their_maker_makes() -> None:
    made = dict(runpy.run_path(str(VERDICTS / "make.py"))["files"]())
    assert sorted(made) == [f"{path.parent.name}/{path.name}" for path in SAMPLES]
    same = {name for name, data in made.items() if (VERDICTS / name).read_bytes() == data}
    # another zlib or zstd may pack the same bytes otherwise
    assert {name for name in made if name.endswith((".warc", ".arc", ".cdx", ".cdxj"))} <= same


def test_what_is_no_file_is_said_to_be_so_and_the_others_are_judged(tmp_path: Path) -> None:
    """A pipe must not be waited for, and one wrong name must not cost the verdicts on the rest."""
    pipe = tmp_path / "pipe.warc.gz"
    os.mkfifo(pipe)
    good = VERDICTS / "ok" / "plain.warc"
    found = verify_files([tmp_path / "none.warc", tmp_path, pipe, good])
    assert [one.verdict for one in found] == ["damaged", "damaged", "damaged", "ok"]
    assert {one.problems[0].code for one in found[:3]} == {"unreadable"}
    said = " ".join(one.problems[0].message for one in found[:3])
    assert all(why in said for why in ("No such file", "a folder", "a pipe"))


def test_long_header_lines_and_many_fields(tmp_path: Path) -> None:
    """A field of any length is conformant; only where no header ends within reason is it given up."""
    page = (VERDICTS / "ok" / "plain.warc").read_bytes()
    long = tmp_path / "long.warc"
    for extra in (b"X-Long: " + b"x" * (3 << 20) + b"\r\n", b"".join(b"X-%d: y\r\n" % n for n in range(9000))):
        long.write_bytes(page.replace(b"\r\n", b"\r\n" + extra, 1))
        assert (verdict_on(long).verdict, verdict_on(long).records) == ("ok", 2)
    long.write_bytes(page.replace(b"\r\n", b"\r\nX-Long: " + b"x" * (17 << 20), 1))
    (first, *_) = verdict_on(long).problems
    assert (first.code, first.message) == ("cut-header", "no header ends within 16 MB")


def test_a_large_dictionary(tmp_path: Path) -> None:
    """Those of real files have a megabyte, more than is read at a time."""
    import zstandard

    chance = random.Random(3)
    words = chance.randbytes(1 << 20)
    packer = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(words))
    page = (VERDICTS / "ok" / "plain.warc").read_bytes()
    path = tmp_path / "large.warc.zst"
    path.write_bytes(b"\x5d\x2a\x4d\x18" + len(words).to_bytes(4, "little") + words + packer.compress(page))
    found = verdict_on(path)
    assert (found.records, [problem.code for problem in found.problems]) == (2, ["many-records-in-one-member"])


def test_blocks_too_large_for_memory_are_judged_in_pieces(
    sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_module, "IN_MEMORY", 20)
    assert verdict_on(sealed).verdict == "ok"
    for sample in ("damaged/block-digest.warc", "damaged/payload-digest.warc", "nonconformant/payload-digest.warc"):
        found = verdict_on(VERDICTS / sample)
        assert (found.verdict, found.problems[0].code) == tuple(sample.removesuffix(".warc").split("/"))
    assert verdict_on(VERDICTS / "ok/payload-without-chunks.warc").problems[0].code == "payload-not-checked"


def test_what_warcio_check_passes(tmp_path: Path, sealed: Path) -> None:
    """A cut member and a missing trailer: warcio says nothing (capture.md 5), verify does."""
    data = sealed.read_bytes()
    for missing, code in ((60, "cut-member"), (6, "missing-trailer")):
        cut = tmp_path / f"{missing}.warc.gz"
        cut.write_bytes(data[:-missing])
        checked = subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", str(cut)], check=False, capture_output=True
        )
        assert checked.returncode == 0
        assert code in {problem.code for problem in verdict_on(cut).problems}


def test_after_damage_the_other_records_are_still_judged(tmp_path: Path, sealed: Path) -> None:
    records = list(read.scan(sealed))
    data = bytearray(sealed.read_bytes())
    for record in records[10:60:10]:
        data[record.offset + record.length // 2] ^= 0x55
    path = tmp_path / sealed.name
    path.write_bytes(data)
    found = verdict_on(path)
    assert found.verdict == "damaged"
    assert {problem.offset for problem in found.problems if problem.level == "damaged"} == {
        record.offset for record in records[10:60:10]
    }
    assert found.records >= 56


def mutate(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    kind = chance.choice(("flip", "insert", "remove"))
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if kind == "insert":
        return data[:at] + bytes([chance.randrange(256)]) + data[at:]
    return data[:at] + data[at + 1 :]


def test_nothing_makes_it_raise(tmp_path: Path) -> None:
    """Any file, mutated in any way, gets a verdict."""
    chance = random.Random(5)
    for path in SAMPLES:
        data = path.read_bytes()
        for _ in range(3):
            data = mutate(data, chance) if data else b"\x1f"
            target = tmp_path / path.name
            target.write_bytes(data)
            assert verdict_on(target).verdict in verdict.LEVELS


@pytest.mark.shared
def test_the_files_of_others(shared: Path) -> None:
    """JHOVE's names: what they call invalid is never ok; what they call valid is, but for one."""
    for path in sorted((shared / "warcs" / "jhove").iterdir()):
        found = verdict_on(path)
        if path.name.startswith("invalid"):
            assert found.verdict in {"nonconformant", "damaged"}, path.name
        elif path.name == "valid-warcrecorddigests-1.warc":
            assert {problem.code for problem in found.problems} == {"duplicate-record-id"}
        else:
            assert found.verdict == "note", path.name


@pytest.mark.shared
def test_every_file_of_others_gets_a_verdict(shared: Path) -> None:
    paths = [path for path in sorted((shared / "warcs").rglob("*")) if path.is_file()]
    verdicts = {str(path.relative_to(shared / "warcs")): verdict_on(path) for path in paths}
    assert len(verdicts) == 86
    assert {name for name, found in verdicts.items() if found.verdict == "damaged" and "jhove" not in name} == {
        "cdxj-indexer/example.warc.gz",
        "pywb/example-extra.warc",
        "warcio/example-space-in-url.arc",
        "warcio/example-trunc.warc",
        "warcio/example-wrong-chunks.warc.gz",
    }
