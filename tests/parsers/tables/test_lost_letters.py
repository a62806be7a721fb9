"""A label that lost letters is bound when it can be only one row at its place, and flagged."""

import pytest

from parsers.forms.labels import is_rest_of
from tests.parsers import matrices

ABOVE, BELOW = "1.属于国家秘密|1|0|0|0|0|0|1", "3.危及“三安全一稳定”|3|0|0|0|0|0|3"
VALUES = "2|0|0|0|0|0|2"
FLAT = "|".join(("勾稽关系", *matrices.FLAT))


def test_what_is_left_of_a_wording() -> None:
    assert is_rest_of("其他法律行政止公开", "其他法律行政法规禁止公开")
    assert not is_rest_of("其他法律行政法规禁止公开", "其他法律行政法规禁止公开")
    assert not is_rest_of("法律其他", "其他法律行政法规禁止公开")


@pytest.mark.parametrize(
    "label", ["2.其他法律行政止公开", "2.其他行政法规禁公", "（2）他法律行法规止公开", "2、法行政法规开"]
)
@pytest.mark.parametrize("framing", ["page", "tabs", "sheet"])
def test_a_label_that_lost_letters(label: str, framing: str) -> None:
    rows = (FLAT, ABOVE, f"{label}|{VALUES}", BELOW)
    if framing == "page":
        record = matrices.read(matrices.page(*rows[1:], head=matrices.rows_of(FLAT)))
    elif framing == "tabs":
        record = matrices.read(matrices.tabs(*rows), "report.txt")
    else:
        record = matrices.read(matrices.sheet(*rows), "report.xlsx")
    assert matrices.values(record, "req_denied_other_law") == ["2", "0", "0", "0", "0", "0", "2"]
    assert matrices.values(record, "req_denied_security_stability") == ["3", "0", "0", "0", "0", "0", "3"]
    assert {"label_cut", "label_lost"} & matrices.issues(record)


@pytest.mark.parametrize("label", ["5.其他法律行政止公开", "2.其他有关行政的各类信息"])
def test_another_ordinal_or_other_letters_are_another_row(label: str) -> None:
    record = matrices.read(matrices.page(ABOVE, f"{label}|{VALUES}", BELOW, head=matrices.rows_of(FLAT)))
    assert matrices.values(record, "req_denied_other_law") == ["absent"] * 7
    assert {"row_without_label", "unknown_row"} & matrices.issues(record)


def test_a_row_that_is_there_already_is_not_bound_again() -> None:
    true = "2.其他法律行政法规禁止公开|9|0|0|0|0|0|9"
    record = matrices.read(
        matrices.page(ABOVE, true, f"2.其他法律行政止公开|{VALUES}", BELOW, head=matrices.rows_of(FLAT))
    )
    assert matrices.values(record, "req_denied_other_law") == ["9", "0", "0", "0", "0", "0", "9"]
    assert "row_without_label" in matrices.issues(record)
