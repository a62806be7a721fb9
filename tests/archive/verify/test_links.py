"""archive.verify.links: what records refer to, across files. The verdict folders hold a sample of each defect."""

from __future__ import annotations

from pathlib import Path

from archive.verify.files import verify_files
from tests.archive.judging import verdict_on

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"


def test_segments_in_several_files(tmp_path: Path) -> None:
    whole = (VERDICTS / "ok" / "segments.warc").read_bytes()
    cut = whole.index(b"WARC/1.1", 9)
    parts = tmp_path / "1.warc", tmp_path / "2.warc"
    parts[0].write_bytes(whole[:cut])
    parts[1].write_bytes(whole[cut:])
    assert [one.verdict for one in verify_files(parts)] == ["ok", "ok"]
    assert [one.verdict for one in verify_files([*parts, VERDICTS / "ok" / "segments.warc"])] == ["ok", "ok", "ok"]
    assert [one.verdict for one in map(verdict_on, parts)] == ["note", "note"]


def test_links_are_followed_across_the_files_given(tmp_path: Path) -> None:
    original = VERDICTS / "ok" / "plain.warc"
    orphan = VERDICTS / "note" / "refers-to-nothing.warc"
    assert [problem.code for problem in verdict_on(orphan).problems] == ["refers-to-nothing"]
    target = tmp_path / "target.warc"
    target.write_bytes(original.read_bytes().replace(b"000000000001", b"000000000007"))
    assert [found.verdict for found in verify_files([target, orphan])] == ["ok", "ok"]


def test_a_verdict_does_not_depend_on_copies_named_with_it() -> None:
    path = VERDICTS / "ok" / "plain.warc"
    assert [found.verdict for found in verify_files([path, path])] == ["ok", "ok"]
