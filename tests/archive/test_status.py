"""What an archive holds and what is left to do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import DatabaseError, Home
from archive.index.indexer import index
from archive.status import overview
from archive.storage.recover import recover_directory
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
    for part in ("1 sealed file is not in the index", "1 indexed files are not here", "1 file was left open"):
        assert part in words


def test_open_files_of_living_and_of_dead_crawls_are_told_apart(home: Home) -> None:
    index(home, processes=1)
    script = "import sys,time; from tests.archive.factory import crawl; from archive import Home\nwith crawl(Home.at("
    script += "sys.argv[1]), sys.argv[2]) as made:\n made.page('http://a.gov.cn/1', ''); print(flush=1); time.sleep(99)"
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(home.root), name], stdout=subprocess.PIPE)
        for name in ("c1", "c2", "c3")
    ]
    try:
        for process in running:
            assert process.stdout is not None
            process.stdout.readline()
        assert overview(home)["to_do"] == ["3 files are being written: a crawl runs"]
        for process in running[:2]:
            process.kill()
            process.wait()
        told = overview(home)["to_do"]
        assert told == [
            "2 files were left open by a crawl that died: `gongkai recover`, or crawl again and it goes on",
            "1 file is being written: a crawl runs",
        ]
        running[2].kill()
        running[2].wait()
        assert overview(home)["to_do"][0].startswith("3 files were left open by a crawl that died")
    finally:
        for process in running:
            process.kill()
            process.communicate()
    recover_directory(home)
    index(home, processes=1)
    assert overview(home)["to_do"] == []


def test_what_fell_short_in_a_crawl_is_known_from_the_files_alone(home: Home) -> None:
    for name, problems in (("c1", ["http://a.gov.cn/nb/ did not answer (503)"]), ("c2", [])):
        with crawl(home, name, problems=problems) as made:
            made.page("http://a.gov.cn/1", document("甲县人民政府", 2020, {}))
    for rebuild in (False, True):
        index(home, processes=1, rebuild=rebuild)
        told = {row["crawl"]: row["problems"] for row in overview(home)["crawls"]}
        assert told == {"c1": ["http://a.gov.cn/nb/ did not answer (503)"], "c2": []}


def test_without_an_index_it_says_what_to_do(home: Home) -> None:
    (home.root / "gongkai.db").unlink()
    with pytest.raises(DatabaseError, match="gongkai index"):
        overview(home)
