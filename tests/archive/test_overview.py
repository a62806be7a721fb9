"""What an archive holds and what is left to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import DatabaseError, Home
from archive.ingest import index
from archive.overview import overview
from tests.archive.factory import crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")


def test_numbers_and_what_is_left_to_do(home: Home, tmp_path: Path, database_url: str) -> None:
    with crawl(home, "c1") as made:
        made.page("http://a.gov.cn/1", document("甲县人民政府", 2020, {"req_new__total": "1"}))
        made.page("http://a.gov.cn/2", "", status=403)
    index(home, processes=1)
    found = overview(home)
    counts = found["counts"]
    assert (counts["WARC files"], counts["captures"], counts["reports"], counts["figures"]) == (1, 2, 1, 1)
    assert counts["judged blocked"] == 1
    assert [(row["crawl"], row["captures"], row["end"]) for row in found["crawls"]] == [("c1", 2, "finished")]
    assert found["to_do"] == ["1 failed checks wait for a verdict: `gongkai checks`"]
    with crawl(home, "c2") as made:
        made.page("http://a.gov.cn/3", "")
    (home.warc / "x.warc.gz.open").write_bytes(b"")
    shutil.move(min(home.warc.glob("c1*.warc.gz")), tmp_path / "aside.warc.gz")
    words = " ".join(overview(home)["to_do"])
    for part in ("1 sealed file is not in the index", "1 indexed files are not here", "1 files are open"):
        assert part in words


def test_what_fell_short_in_a_crawl_is_known_from_the_files_alone(home: Home) -> None:
    for name, problems in (("c1", ["http://a.gov.cn/nb/ did not answer (503)"]), ("c2", [])):
        with crawl(home, name, problems=problems) as made:
            made.page("http://a.gov.cn/1", document("甲县人民政府", 2020, {}))
    for rebuild in (False, True):
        index(home, processes=1, rebuild=rebuild)
        told = {row["crawl"]: row["problems"] for row in overview(home)["crawls"]}
        assert told == {"c1": ["http://a.gov.cn/nb/ did not answer (503)"], "c2": []}


def test_without_an_index_it_says_what_to_do(home: Home) -> None:
    with pytest.raises(DatabaseError, match="gongkai index"):
        overview(home)
