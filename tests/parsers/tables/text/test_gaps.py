"""What stands between two labels of a text: whatever is printed behind a number belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.parsers import matrices
from tests.parsers.layouts import html_page
from tests.parsers.matrices import read

HEAD = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
ROWS = {
    "一、本年新收政府信息公开申请数量": "9 1 0 0 0 2 12",
    "二、上年结转政府信息公开申请数量": "1 0 0 0 0 0 1",
    "（一）予以公开": "4 1 0 0 0 0 5",
}
FOLLOWING = {"（七）总计": "6 1 0 0 0 2 9", "四、结转下年度继续办理": "4 0 0 0 0 0 4"}
SPOILT = ["3.5%", "３．５％", "3‰", "3?", "12？", "2~3", "3★", "3 %"]


def _lines(last: str, bar: str, *, followed: bool) -> list[str]:
    """Lines of a matrix; in one row ``last`` is the last cell."""
    lines = [HEAD.replace(" ", bar)]
    lines += [bar.join((label, *values.split())) for label, values in ROWS.items()]
    lines.append(bar.join(("（二）部分公开", *"200001", last)))
    if followed:
        lines += [bar.join((label, *values.split())) for label, values in FOLLOWING.items()]
    return [matrices.TITLE, matrices.SECTION, *lines]


def _paragraphs(lines: list[str]) -> bytes:
    return html_page("".join(f"<p>{line}</p>" for line in lines))


def _preformatted(lines: list[str]) -> bytes:
    heading = "".join(f"<p>{line}</p>" for line in lines[:2])
    return html_page(heading + "<pre>" + "\n".join(lines[2:]) + "</pre>")


FRAMES: Mapping[str, Callable[[str, bool], bytes]] = {
    "bars": lambda last, followed: _preformatted(_lines(last, "|", followed=followed)),
    "tabs": lambda last, followed: _preformatted(_lines(last, "\t", followed=followed)),
    "paragraph_with_tabs": lambda last, followed: _paragraphs(_lines(last, "\t", followed=followed)),
    "broken_lines": lambda last, followed: html_page("<br>".join(_lines(last, "\t", followed=followed))),
    "paragraph_a_cell": lambda last, followed: _paragraphs("|".join(_lines(last, "|", followed=followed)).split("|")),
}


def _last(frame: str, text: str, *, followed: bool) -> dict[str, str | None]:
    record = read(FRAMES[frame](text, followed), "a.html")
    cells = {cell["code"]: cell for cell in record["cells"]}
    assert cells["req_granted__total"]["value"] == "5"
    assert not followed or cells["req_carried_out__total"]["value"] == "4"
    found: dict[str, str | None] = cells["req_partial__total"]
    return found


@pytest.mark.parametrize("followed", [True, False])
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("text", SPOILT)
def test_a_number_is_not_torn_out_of_a_last_cell(text: str, frame: str, followed: bool) -> None:
    assert _last(frame, text, followed=followed)["status"] in {"text", "ambiguous"}


@pytest.mark.parametrize("followed", [True, False])
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("text", ["3", "3件", "3 件", "３", "3。", "3；", "3①", "3*"])
def test_units_marks_and_ends_of_sentences_spoil_no_number(text: str, frame: str, followed: bool) -> None:
    assert _last(frame, text, followed=followed)["value"] == "3"


@pytest.mark.parametrize("text", ["3年", "3左右", "3至5", "3人民币"])
def test_words_up_to_the_bar_belong_to_the_cell(text: str) -> None:
    assert _last("bars", text, followed=True)["status"] == "text"
    assert _last("bars", text, followed=False)["status"] == "text"


def test_a_label_right_behind_a_number_does_not_spoil_it() -> None:
    run = "".join(_lines("3", " ", followed=True)[2:])
    cells = {
        cell["code"]: cell for cell in read(_paragraphs([matrices.TITLE, matrices.SECTION, run]), "a.html")["cells"]
    }
    assert cells["req_partial__total"]["value"] == "3"
    assert cells["req_outcome_total__total"]["value"] == "9"
