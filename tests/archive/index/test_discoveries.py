"""A list that did not change is written once, and every reference leads back to all of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archive import DamagedWarc, WarcError
from archive.index.discoveries import candidates_digest, identity, resolved, shortened
from archive.metadata import CONTENT_TYPE, Candidate, DiscoveryMetadata
from archive.warc import WarcWriter, build
from archive.warc.location import RecordLocation

CANDIDATES = [
    Candidate(text="温县2023年政府信息公开工作年度报告", href="1.html", decision="follow", reason="annual_report"),
    Candidate(text="通知", href="2.html", date="2024-01-02", decision="skip", reason="notice"),
]


def discovery(candidates: list[Candidate], crawl: str = "c1") -> DiscoveryMetadata:
    return DiscoveryMetadata(
        crawl=crawl, portal="henan", site="a", column="nb", list_url="http://a/l", cms="trs", candidates=candidates
    )


@pytest.fixture
def held(tmp_path: Path) -> RecordLocation:
    """A recorded discovery of CANDIDATES."""
    writer = WarcWriter(tmp_path, "henan", {}, durable=False)
    draft = build.metadata(discovery(CANDIDATES).as_bytes(), CONTENT_TYPE, date=build.warc_date())
    [place] = writer.append([draft])
    writer.close()
    return RecordLocation(record_id=place.record_id, file=place.file, offset=place.offset, length=place.length)


def test_the_same_candidates_become_a_reference_that_leads_back_to_them(tmp_path: Path, held: RecordLocation) -> None:
    again = discovery(CANDIDATES, "c2")
    short = shortened(again, held, tmp_path)
    assert (short.candidates, short.same_as) == ([], held)
    back = DiscoveryMetadata.model_validate_json(short.as_bytes())
    assert resolved(back, tmp_path).candidates == CANDIDATES
    assert identity(short) == identity(again) != identity(discovery(CANDIDATES, "c3"))


@pytest.mark.parametrize("change", [CANDIDATES[:1], CANDIDATES[::-1], [*CANDIDATES, CANDIDATES[0]]])
def test_anything_else_is_written_in_full(tmp_path: Path, held: RecordLocation, change: list[Candidate]) -> None:
    again = discovery(change)
    assert shortened(again, held, tmp_path) == again
    assert resolved(again, tmp_path) == again


def test_a_reference_to_what_is_not_there_any_more(tmp_path: Path, held: RecordLocation) -> None:
    short = shortened(discovery(CANDIDATES), held, tmp_path)
    other = short.model_copy(update={"candidates_digest": candidates_digest(CANDIDATES[:1])})
    with pytest.raises(DamagedWarc, match="not the one"):
        resolved(other, tmp_path)
    with pytest.raises(DamagedWarc, match="not the one"):
        resolved(short.model_copy(update={"same_as": replace(held, record_id="urn:x")}), tmp_path)
    (tmp_path / held.file).unlink()
    with pytest.raises(WarcError, match="not in the archive"):
        resolved(short, tmp_path)
