"""archive.verify.wacz: packages and the archives in them. The verdict folders hold a sample of each defect."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from archive import DamagedWarc
from archive.verify import wacz
from archive.verify.wacz import open_archives
from tests.archive.judging import verdict_on

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


def test_what_is_wrong_inside_names_the_inner_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(SAMPLE) as package:
        inner = package.read("archive/data.warc.gz")
    path = repack(tmp_path / "cut.wacz", **{"archive/data.warc.gz": inner[:-20]})
    messages = [problem.message for problem in verdict_on(path).problems if problem.code == "cut-member"]
    assert len(messages) == 1
    assert messages[0].startswith("archive/data.warc.gz: ")


def test_what_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wacz, "_BOMB_SIZE", 1 << 16)
    monkeypatch.setattr(wacz, "_LONGEST_JSON", 1 << 16)
    bomb = tmp_path / "bomb.wacz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("archive/a.warc", bytes(1 << 22))
        package.writestr("datapackage.json", b"[" + b" " * (1 << 20))
    verdict = verdict_on(bomb)
    said = [finding.message for finding in verdict.problems]
    assert verdict.verdict == "damaged"
    assert any("archive/a.warc would unpack to 4194304 bytes" in message for message in said)
    assert any("has more than 65536 bytes" in message for message in said)
    with bomb.open("rb") as file, open_archives(file) as archives, pytest.raises(DamagedWarc, match="would unpack"):
        next(archives)


def test_a_package_that_was_damaged_before_it_was_packed(tmp_path: Path) -> None:
    several = SAMPLE.with_name("several.wacz")
    with zipfile.ZipFile(several) as package:
        inner = next(name for name in package.namelist() if name.endswith(".wacz"))
        data = package.read(inner)
    with zipfile.ZipFile(several) as old:
        members = {name: old.read(name) for name in old.namelist()}
    for cut in range(1, len(data), 7):
        path = tmp_path / "x.wacz"
        with zipfile.ZipFile(path, "w") as new:
            for name, held in members.items():
                new.writestr(name, held[cut:] if name == inner else held)
        assert verdict_on(path).verdict == "damaged"
