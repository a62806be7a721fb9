"""Words that look alike and mean different things make no misspelling."""

import pytest

from parsers import Hints, parse
from parsers.forms.contrasts import Contrasts
from parsers.forms.labels import Lexicon

GROUPS = Contrasts([["本年", "上年"], ["行政", "非行政"]])
HEAD = "<h1>某市林业局2022年政府信息公开工作年度报告</h1><p>二、主动公开政府信息情况</p>"


def cells(text: str, name: str) -> tuple[dict[str, str | None], set[str]]:
    found = parse(text.encode(), Hints(url=name)).as_json()
    return {cell["code"]: cell["value"] for cell in found["cells"]}, {issue["code"] for issue in found["issues"]}


def page(header: str, *rows: str) -> str:
    lines = "".join(f"<tr><td>{row.replace('|', '<td>')}" for row in (f"信息内容|{header}", *rows))
    return f"{HEAD}<table>{lines}</table>"


def lines(header: str, *rows: str, by: str = " ") -> str:
    head = "某市林业局2022年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（一）项"
    return "\n".join([head, *(line.replace("|", by) for line in (f"信息内容|{header}", *rows))])


def test_words_that_exclude_each_other() -> None:
    assert GROUPS.differ("上年制发件数", "本年制发件数")
    assert GROUPS.differ("非行政规范性文件", "行政规范性文件")
    assert not GROUPS.differ("本平制发件数", "本年制发件数")  # no word of any group: a misspelling
    assert not GROUPS.differ("年制发件数", "本年制发件数")  # what is lacking may be lost


def test_letters_before_a_label() -> None:
    assert GROUPS.reach_before("较上年", "制发件数", ["本年制发件数", "制发件数"]) == 2
    assert GROUPS.reach_before("非", "行政规范性文件", ["行政规范性文件"]) == 1
    assert GROUPS.reach_before("上年", "规章", ["规章"]) == 0
    assert GROUPS.reach_before("上年，", "制发件数", ["本年制发件数"]) == 0


def test_a_lexicon_refuses_what_contrasts() -> None:
    words = Lexicon([("issued", ["本年制发件数"])], GROUPS)
    assert [match.quality for match in words.find("木年制发件数")] == ["misspelt"]
    assert words.find("上年制发件数") == ()
    assert words.opposes("上年制发件数")
    assert not words.opposes("木年制发件数")
    assert not words.opposes("本年制发件数")


@pytest.mark.parametrize("year", ["上年", "去年", "历年", "往年"])
@pytest.mark.parametrize("kind", ["page", "tabs", "text"])
def test_the_figures_of_another_year_are_not_this_ones(year: str, kind: str) -> None:
    header, row = f"{year}制发件数|本年废止件数|现行有效件数", "行政规范性文件|77|2|31"
    if kind == "page":
        read, issues = cells(page(header, row), "a.html")
    else:
        read, issues = cells(lines(header, row, by="\t" if kind == "tabs" else " "), "a.txt")
    assert read == {"normdocs_repealed": "2", "normdocs_in_force": "31"}
    assert "cell_of_no_form" in issues
    assert "header_misspelt" not in issues


@pytest.mark.parametrize(("header", "row"), [("上年处理决定数量", "行政许可|5"), ("本年退费金额", "行政事业性收费|5")])
def test_a_lone_column_of_another_kind_is_not_the_one_that_is_left(header: str, row: str) -> None:
    assert cells(page(header, row), "a.html")[0] == {}
    both = page("本年处理决定数量", "行政强制|3") + page(header, row).removeprefix(HEAD)
    assert cells(both, "a.html")[0] == {"coercion_decisions": "3"}  # the header above holds no longer


@pytest.mark.parametrize(
    ("header", "other", "true", "code"),
    [
        ("本年处理决定数量", "行政处分|5", "行政处罚|8", "penalty_decisions"),
        ("本年处理决定数量", "行政认可|5", "行政许可|8", "permit_decisions"),
        ("本年制发件数", "非行政规范性文件|5", "行政规范性文件|8", "normdocs_issued"),
    ],
)
def test_a_row_of_another_kind_is_told_and_the_true_one_kept(header: str, other: str, true: str, code: str) -> None:
    for rows in ((other, true), (true, other)):
        read, issues = cells(page(header, *rows), "a.html")
        assert read == {code: "8"}
        assert "unknown_row" in issues
        assert "label_misspelt" not in issues


def test_letters_that_make_no_other_word_are_still_a_misspelling() -> None:
    read, issues = cells(page("本年处埋决定数量", "行政许叮|8"), "a.html")
    assert read == {"permit_decisions": "8"}
    assert {"label_misspelt", "header_misspelt"} <= issues
