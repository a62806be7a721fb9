"""What is collected of a document and its caller, and the order in which titles are believed."""

from __future__ import annotations

from parsers import Document, Hints
from parsers.identity.evidence.collected import Evidence, collect_evidence, collect_titles
from tests.parsers.identity.documents import HEADING, document

TITLE = "温县2020年政府信息公开工作年度报告"


def collect(text: Document, hints: Hints | None = None) -> Evidence:
    return collect_evidence(text, (), hints or Hints())


def test_titles_in_the_order_in_which_they_are_believed() -> None:
    # The paragraph is read twice: for what it quotes, and for what it says as a clause.
    text = document(TITLE, HEADING, f"现发布《{TITLE}》,欢迎监督。", meta={"title": f"{TITLE}-温县人民政府门户网站"})
    titles = collect_titles(collect(text, Hints(list_title=TITLE)))
    assert [title.source for title in titles] == ["title", "page_meta", "list_title", "text", "text"]
    assert {title.reading.year for title in titles} == {2020}


def test_the_code_of_a_site_gives_its_division() -> None:
    assert collect(document(TITLE, meta={"siteidcode": "4108250001"})).site_division() == "410825"
    assert collect(document(TITLE, meta={"siteidcode": "0000000001"})).site_division() is None
    assert collect(document(TITLE)).site_division() is None


def test_meta_tags_without_a_value_say_nothing() -> None:
    evidence = collect(document(TITLE, meta={"pubdate": " ", "publishdate": "2021-01-20 "}))
    assert evidence.meta_values(["pubdate", "publishdate", "pubtime"]) == ["2021-01-20"]


def test_an_empty_division_of_the_caller_is_none() -> None:
    assert collect(document(TITLE), Hints(division="")).within is None
