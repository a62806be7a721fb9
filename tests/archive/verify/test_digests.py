"""archive.verify.digests: which reading of a payload a digest fits. The verdict folders hold a sample of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.warc import WarcWriter, build
from tests.archive.exchanges import DATE, INFO, make_exchange
from tests.archive.judging import verdict_on

VERDICTS = Path(__file__).resolve().parent.parent / "verdicts"


def test_the_record_that_is_wrong_is_named(tmp_path: Path) -> None:
    """Among many."""
    writer = WarcWriter(tmp_path, "t", INFO, durable=False)
    wrong = []
    for number in range(40):
        drafts = make_exchange(number)
        if number % 7 == 0:
            other = build.digest(b"another block")
            fields = tuple((name, other if name == "WARC-Block-Digest" else value) for name, value in drafts[0].headers)
            drafts[0] = build.Draft("response", drafts[0].record_id, DATE, drafts[0].uri, fields, drafts[0].block)
            wrong.append(drafts[0].record_id)
        writer.append(drafts)
    (seal,) = writer.close()
    found = verdict_on(tmp_path / seal.file)
    assert [problem.record_id for problem in found.problems] == wrong
    assert {problem.code for problem in found.problems} == {"block-digest"}


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        ("ok/payload-without-chunks.warc", None),
        ("note/payload-digest-over-chunks.warc", "payload-digest-over-chunks"),
        ("note/payload-digest-over-content.warc", "payload-digest-over-content"),
        ("nonconformant/payload-digest-over-block.warc", "payload-digest-over-block"),
        ("nonconformant/payload-digest.warc", "payload-digest"),
        ("damaged/payload-digest.warc", "payload-digest"),
    ],
)
def test_which_reading_a_payload_digest_fits(sample: str, code: str | None) -> None:
    found = verdict_on(VERDICTS / sample)
    assert found.verdict == sample.split("/", maxsplit=1)[0]
    assert [problem.code for problem in found.problems] == ([code] if code else [])


def test_the_line_that_is_no_field_is_named() -> None:
    (problem,) = verdict_on(VERDICTS / "note/bad-warc-fields.warc").problems
    assert problem.message == "line 1 of the warcinfo is no field: b'software'"
