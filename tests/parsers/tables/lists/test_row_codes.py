"""Which row of a list a printed label is."""

from __future__ import annotations

from parsers.forms import templates
from parsers.tables.lists.row_codes import ListLabels, RowCodes
from parsers.tables.vocabulary import vocabulary

WORDS = vocabulary(templates.load())
KEY = ("stat2014", "annex")
TABLE = WORDS.list_tables[KEY]


def twins() -> tuple[str, list[str]]:
    """Words that stand under several headings, and the rows that they are."""
    for row in TABLE.rows:
        codes = WORDS.lists[KEY].exact(row.zh)
        if len(codes) > 1 and all(parent_of(code) for code in codes):
            return row.zh, list(codes)
    raise AssertionError("the annex has no such words")


def parent_of(code: str) -> str | None:
    return next(row.parent for row in TABLE.rows if row.code == code)


def test_the_last_heading_says_which_of_several_rows_a_label_is() -> None:
    text, codes = twins()
    reader = RowCodes(ListLabels(WORDS, KEY, TABLE))
    assert reader.match_label(text, exact=True) is None
    for code in codes:
        reader.note_row(parent_of(code) or "")
        assert reader.match_label(text, exact=True) == (code, "exact")


def test_the_same_words_twice_under_one_heading_are_no_row() -> None:
    text, codes = twins()
    reader = RowCodes(ListLabels(WORDS, KEY, TABLE))
    reader.note_row(codes[0])
    assert reader.match_label(text, exact=True) is None


def test_a_label_may_stand_in_several_lines() -> None:
    reader = RowCodes(ListLabels(WORDS, KEY, TABLE))
    single = next(row for row in TABLE.rows if len(WORDS.lists[KEY].exact(row.zh)) == 1 and len(row.zh) > 6)
    assert reader.match_joined([single.zh[:4], single.zh[4:], "12"]) == (2, (single.code, "exact"))
    assert reader.match_joined(["本单位", "自有指标"]) == (1, None)
