"""Where the text of a report stands."""

from __future__ import annotations

import pytest

from archive import Home
from archive.database import open_database
from archive.database.own_text import lent_texts
from archive.index.indexer import index
from archive.records.details import details
from archive.records.reports import report_lines
from tests.archive.factory import crawl, document

NAME = "甲县人民政府"
PAGE, FILE, OTHER = (f"http://a.gov.cn/{name}" for name in ("1.html", "1.xlsx", "2.html"))


@pytest.mark.usefixtures("fake_parser")
@pytest.mark.parametrize(("sections", "lent"), [(6, True), (2, True), (1, False)])
def test_the_text_is_that_of_the_page_with_more_of_the_sections(
    home: Home, database_url: str, sections: int, lent: bool
) -> None:
    with crawl(home, "c1") as made:
        made.page(PAGE, document(NAME, 2023, {}, outcome="partial", sections=sections))
        made.page(FILE, document(NAME, 2023, {"x": "1"}), purpose="attachment", hints={"part_of": PAGE})
        made.page(OTHER, document(NAME, 2022, {"x": "1"}, sections=6))  # a body with its own text
    index(home, processes=1)
    with open_database(home) as database, database.session() as session:
        lines = {line.report.year: line for line in report_lines(session)}
        found = lent_texts(session, [line.report.id for line in lines.values()])
        assert {key: page.url for key, page in found.items()} == ({lines[2023].report.id: PAGE} if lent else {})
        told = details(session, lines[2023])
        assert told["text_of"] == (PAGE if lent else None)
        assert len(told["sections"]) == sections
