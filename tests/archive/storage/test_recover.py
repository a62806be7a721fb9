"""archive.storage.recover: what a crash leaves is sealed, whole records are never touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.storage.recover import recover_directory
from archive.warc import WarcWriter, scan
from archive.warc.seal import Seal, seal_path
from tests.archive.judging import verdict_on


def left_open(tmp_path: Path, sealed: Path, cut: int | None = None) -> Path:
    """A directory as a killed writer leaves it, with the first ``cut`` bytes of the file."""
    directory = tmp_path / f"crashed-{cut}"
    directory.mkdir()
    data = sealed.read_bytes()
    path = directory / f"{sealed.name}.open"
    path.write_bytes(data if cut is None else data[:cut])
    return path


def test_a_torn_tail_is_put_aside_and_the_rest_sealed(tmp_path: Path, sealed: Path) -> None:
    whole = list(scan(sealed))
    boundary = whole[-1].offset
    path = left_open(tmp_path, sealed, boundary + 40)

    (done,) = recover_directory(path.parent)

    assert (done.state, done.records, done.torn) == ("sealed", len(whole) - 1, 40)
    target = path.with_name(sealed.name)
    assert not path.exists()
    assert target.read_bytes() == sealed.read_bytes()[:boundary]
    assert done.torn_file is not None
    assert (path.parent / done.torn_file).read_bytes() == sealed.read_bytes()[boundary : boundary + 40]
    made = Seal.read(seal_path(target))
    assert (made.records, made.size, made.recovered) == (len(whole) - 1, boundary, 40)
    assert verdict_on(target).verdict == "ok"


def test_every_cut_point_keeps_every_whole_record(tmp_path: Path, sealed: Path) -> None:
    ends = [record.offset + record.length for record in scan(sealed)]
    size = sealed.stat().st_size
    for cut in (*range(1, 700, 37), *range(ends[1] - 9, ends[1] + 10), size - 1, size):
        path = left_open(tmp_path, sealed, cut)
        (done,) = recover_directory(path.parent)
        expected = sum(end <= cut for end in ends)
        assert done.records == expected, cut
        assert done.state == ("sealed" if expected else "emptied")
        assert done.torn == cut - max((end for end in ends if end <= cut), default=0)
        shutil.rmtree(path.parent)


@pytest.mark.parametrize("filler", [b"\0", b"\xff", b"\x55"], ids=["zeros", "ones", "noise"])
@pytest.mark.parametrize("missing", range(1, 13))
def test_what_a_power_cut_leaves_behind_the_last_record(
    tmp_path: Path, sealed: Path, missing: int, filler: bytes
) -> None:
    """Room that the file system had given out already: the member seems to go on in it."""
    data = sealed.read_bytes()
    last = list(scan(sealed))[-1].offset
    path = left_open(tmp_path, sealed)
    torn = data[:-missing] + filler * 600
    path.write_bytes(torn)
    (done,) = recover_directory(path.parent)
    target = path.with_name(sealed.name)
    whole = torn.startswith(data)  # the trailer's last bytes are zeros themselves
    kept = data if whole else data[:last]
    assert (done.state, target.read_bytes()) == ("sealed", kept)
    assert done.torn_file is not None
    assert (path.parent / done.torn_file).read_bytes() == torn[len(kept) :]
    assert verdict_on(target).verdict == "ok"


def test_it_is_idempotent(tmp_path: Path, sealed: Path) -> None:
    path = left_open(tmp_path, sealed, 5000)
    recover_directory(path.parent)
    before = {entry.name: entry.read_bytes() for entry in path.parent.iterdir()}
    assert recover_directory(path.parent) == []
    assert {entry.name: entry.read_bytes() for entry in path.parent.iterdir()} == before


def test_an_interrupted_recovery_leaves_one_copy_of_the_tail(tmp_path: Path, sealed: Path) -> None:
    path = left_open(tmp_path, sealed, 5000)
    state = path.read_bytes()
    (first,) = recover_directory(path.parent)
    path.write_bytes(state)  # as if it had been killed between the copy and the cut
    path.with_name(sealed.name).unlink()
    seal_path(path.with_name(sealed.name)).unlink()
    (second,) = recover_directory(path.parent)
    assert second == first
    assert len(list(path.parent.glob("*.torn-*"))) == 1


def test_nothing_is_cut_where_whole_records_follow_damage(tmp_path: Path, sealed: Path) -> None:
    data = bytearray(sealed.read_bytes())
    data[next(record for record in scan(sealed) if record.type == "response").offset + 60] ^= 0xFF
    path = left_open(tmp_path, sealed)
    path.write_bytes(data)
    (done,) = recover_directory(path.parent)
    assert done.state == "damaged"
    assert done.torn == 0
    assert path.with_name(sealed.name).read_bytes() == bytes(data)


def test_the_file_of_a_living_writer_is_left_alone(tmp_path: Path, exchange) -> None:
    writer = WarcWriter(tmp_path, "live", {"software": "x"}, durable=False)
    writer.append(exchange())
    (done,) = recover_directory(tmp_path)
    assert done.state == "in_use"
    writer.append(exchange(1))
    (made,) = writer.close()
    assert made.records == 7
    assert recover_directory(tmp_path) == []


def test_a_writer_that_died_between_seal_and_rename(tmp_path: Path, sealed: Path) -> None:
    path = left_open(tmp_path, sealed)
    shutil.copy(seal_path(sealed), seal_path(path.with_name(sealed.name)))
    (done,) = recover_directory(path.parent)
    assert done.state == "sealed"
    assert seal_path(path.with_name(sealed.name)).read_bytes() == seal_path(sealed).read_bytes()


def test_files_that_died_before_their_first_records_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".x.warc.gz.new").write_bytes(b"\x1f\x8b")
    assert recover_directory(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("made_up", [True, False])
def test_the_mark_of_made_up_captures_is_kept(tmp_path: Path, exchange, made_up: bool) -> None:
    info = {"software": "x"} | ({"description": "NOT OBTAINED FROM THE NAMED HOSTS: mapped"} if made_up else {})
    writer = WarcWriter(tmp_path / "a", "test", info, durable=False, made_up=made_up)
    writer.append(exchange())
    (made,) = writer.close()
    path = left_open(tmp_path, tmp_path / "a" / made.file)
    recover_directory(path.parent)
    assert Seal.read(seal_path(path.with_name(made.file))).made_up is made_up
