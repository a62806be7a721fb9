"""What the text says and nothing holds is told: a sentence in place of a table, and counts that are no facts."""

from __future__ import annotations

from time import process_time

from parsers import Hints, parse
from parsers.record import AnnualReport
from tests.parsers import matrices

TITLE = matrices.TITLE
PERMITS = matrices.rows_of("信息内容|本年处理决定数量", "行政许可|12")
NOTHING = "2022年，我局未收到政府信息公开申请，也无上年结转申请。"
NO_SUIT = "2022年，我局未发生因政府信息公开引起的行政复议、行政诉讼。"


def _told(found: AnnualReport, code: str) -> list[str]:
    return [issue.message for issue in found.issues if issue.code == code]


def _with_table(*lines: str) -> AnnualReport:
    texts = "".join(f"<p>{line}</p>" for line in lines)
    return parse(f"<h1>{TITLE}</h1><table>{PERMITS}</table>{texts}".encode(), Hints(url="report.html"))


def test_a_sentence_in_place_of_a_table_is_named_and_no_cell_is_nought() -> None:
    found = _with_table("三、收到和处理政府信息公开申请情况", NOTHING, NO_SUIT)
    requests, remedies = _told(found, "table_replaced")
    assert "requests" in requests
    assert "未收到政府信息公开申请" in requests
    assert "remedies" in remedies
    assert [cell.code for cell in found.cells] == ["permit_decisions"]


def test_a_sentence_of_half_of_it_or_of_some_replaces_nothing() -> None:
    for line in ("2022年，我局未发生行政复议。", "2022年，我局收到政府信息公开申请3件。", "特此报告。"):
        assert _told(_with_table(line), "table_replaced") == []


def test_beside_its_table_a_sentence_repeats_it() -> None:
    page = matrices.page("一、本年新收政府信息公开申请数量@1x3|0|0|0|0|0|0|0").decode() + f"<p>{NOTHING}</p>"
    assert _told(parse(page.encode(), Hints(url="report.html")), "table_replaced") == []


PROSE = "全年主动公开政府信息312条，其中通过政府网站公开287条，设查阅点1个，2名兼职人员经办。"


def test_counts_of_a_report_without_tables_that_are_no_facts() -> None:
    for text in (
        f"{TITLE}\n\n二、主动公开政府信息情况\n\n{PROSE}",
        f"<h1>{TITLE}</h1><p>二、主动公开政府信息情况</p><p>{PROSE}</p>",
    ):
        name = "report.html" if text.startswith("<") else "report.txt"
        (message,) = _told(parse(text.encode(), Hints(url=name)), "numbers_in_text")
        assert "2名" in message
        assert "312条" not in message


def test_a_run_of_numbers_without_a_unit_takes_no_square_of_its_length() -> None:
    began = process_time()
    found = parse(f"{TITLE}\n\n总计1（自然人{'1，' * 8000}".encode(), Hints(url="report.txt"))
    assert process_time() - began < 4
    assert _told(found, "numbers_in_text") == []


def test_beside_figures_of_tables_the_text_only_repeats() -> None:
    assert _told(_with_table(PROSE), "numbers_in_text") == []
