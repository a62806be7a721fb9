"""The pages under docs/portals are what the profiles say; nobody writes them by hand."""

from __future__ import annotations

from pathlib import Path

from crawler.portals.docs import pages, write_pages
from crawler.portals.load import load_portals

DOCS = Path(__file__).resolve().parents[3] / "docs" / "portals"


def test_no_page_is_stale_or_left_over():
    wanted = dict(pages(load_portals()))
    stale = [
        name for name, text in wanted.items() if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != text
    ]
    assert stale == [], "run `gongkai portals docs`"
    assert {path.name for path in DOCS.glob("*.md")} == set(wanted)


def test_pages_are_written_where_asked(tmp_path: Path):
    written = write_pages(tmp_path / "new")
    assert len(written) == len(load_portals()) + 1
    text = (tmp_path / "new" / "henan.md").read_text("utf-8")
    assert "www.wenxian.gov.cn" in text
    assert "inferred (by analogy, never seen)" in text
