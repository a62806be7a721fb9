from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.forms import templates
from parsers.forms.values import ValueReader


@pytest.fixture(scope="module")
def reader() -> ValueReader:
    return ValueReader(templates.load().reading.values)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        (" 7", "7"),
        ("１２", "12"),
        ("1,234", "1234"),
        ("1，234", "1234"),
        ("增15", "15"),
        ("减4", "-4"),
        ("+1036", "1036"),
        ("↑5", "5"),
        ("↓3项", "-3"),
        ("－3", "-3"),
        ("−3", "-3"),
        ("22（其中修订16件）", "22"),
        ("6825个", "6825"),
        ("0。", "0"),
        ("0.00", "0.00"),
        ("12①", "12"),
        ("241²", "241"),
        ("241件 [²]", "241"),
        ("18*", "18"),
        ("18[3]", "18"),
        ("零", "0"),
        ("〇", "0"),
        ("零件。", "0"),
        ("三件", "3"),
        ("十二 项", "12"),
        ("壹拾贰", "12"),
        ("贰佰零伍件", "205"),
    ],
)
def test_numbers(reader: ValueReader, text: str, number: str) -> None:
    value = reader.read(text)
    assert (value.status, value.number) == ("number", Decimal(number))


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("0.30000000000000004", "万元", "0.3"),
        ("43.788399999999996", "万元", "43.7884"),
        ("437884.00000000006元", "万元", "43.7884"),
        ("12.000000000000002", "件", "12"),
        ("0.123456789012345", "万元", "0.123456789012345"),
        ("12345678901234567", "件", "12345678901234567"),
    ],
)
def test_the_rest_of_arithmetic_with_doubles_is_no_digit(
    reader: ValueReader, text: str, unit: str, number: str
) -> None:
    assert reader.read(text, unit=unit).number == Decimal(number)


@pytest.mark.parametrize("text", ["01", "01284", "00", "０7", "01.5", "012件"])
def test_a_number_that_begins_with_a_nought_may_be_glued(reader: ValueReader, text: str) -> None:
    assert reader.read(text).doubt == "leading_zero"
    assert reader.read("0").doubt is None
    assert reader.read("0.5").doubt is None


@pytest.mark.parametrize(("text", "unit"), [("4068.", "万元"), ("1,", "件"), ("12,\n", "件"), ("3.", "万元")])
def test_what_may_be_the_beginning_of_a_longer_number_is_none(reader: ValueReader, text: str, unit: str) -> None:
    assert reader.read(text, unit=unit).status == "text"
    assert (reader.read("7.", unit="件").number, reader.read("7，", unit="件").number) == (Decimal(7), Decimal(7))


@pytest.mark.parametrize("text", ["十二", "一", "三万件", "二〇件", "三件（更正为五件）", "三元", "零元"])
def test_a_numeral_that_may_be_something_else_is_no_number(reader: ValueReader, text: str) -> None:
    assert reader.read(text, unit="件").status == "text"


def test_nought_in_words_is_an_amount_and_no_other_numeral_is(reader: ValueReader) -> None:
    assert [reader.read(text, unit="万元").number for text in ("零", "零元", "〇万元")] == [Decimal(0)] * 3
    assert [reader.read(text, unit="万元").status for text in ("叁", "三元", "三件")] == ["text"] * 3
    assert reader.read("零", unit="万元").assumed is False


@pytest.mark.parametrize("text", ["", "  ", "\u3000", "/", "-", "—", "——", "无", "－"])
def test_a_blank_is_not_a_zero(reader: ValueReader, text: str) -> None:
    value = reader.read(text)
    assert (value.status, value.number) == ("blank", None)


@pytest.mark.parametrize("text", ["不适用", "N/A", "n/a", "不涉及"])
def test_not_applicable(reader: ValueReader, text: str) -> None:
    assert reader.read(text).status == "not_applicable"


@pytest.mark.parametrize(
    "text", ["约5", "3.5%", "5 6", "5\n6", "十二", "O", "1.2.3", "12-3", "见附件", "1,23", "增15/减4", "(三)", "5万元"]
)
def test_what_is_no_single_number_stays_text(reader: ValueReader, text: str) -> None:
    value = reader.read(text, unit="件")
    assert (value.status, value.number) == ("text", None)


@pytest.mark.parametrize(
    ("text", "header", "amount", "assumed"),
    [
        ("43101万元", "采购总金额", "43101", False),
        ("251000元", "本年收费金额（单位：万元）", "25.1", False),
        ("0.092", "本年收费金额（单位：万元）", "0.092", False),
        ("256146", "采购总金额", "256146", True),
        ("256146", "采购总金额（元）", "25.6146", False),
        ("1.5亿元", "采购总金额", "15000", False),
        ("0", "采购总金额", "0", False),
    ],
)
def test_amounts_are_in_wan_by_the_nearest_unit(
    reader: ValueReader, text: str, header: str, amount: str, assumed: bool
) -> None:
    value = reader.read(text, unit="万元", header=header)
    assert (value.status, value.number, value.unit, value.assumed) == ("number", Decimal(amount), "万元", assumed)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1’234", "1234"),
        ("12\u2009060", "12060"),
        ("11'073'001", "11073001"),
        ("3\u202f252件", "3252"),
        ("345 ↑12.5%", "345"),
        ("9件 ↓ 3", "9"),
        ("1,234▲2个百分点", "1234"),
        ("11（上年24）", "11"),
        ("7（去年同期9件）", "7"),
    ],
)
def test_marks_of_thousands_and_changes_beside_a_number(reader: ValueReader, text: str, number: str) -> None:
    value = reader.read(text, unit="件")
    assert (value.status, value.number, value.doubt) == ("number", Decimal(number), None)


@pytest.mark.parametrize("text", ["1 234", "1’23", "12’3456", "1'234\u2009567", "5 ↑约3%"])
def test_what_only_resembles_marks_of_thousands_and_changes_is_text(reader: ValueReader, text: str) -> None:
    assert reader.read(text, unit="件").status == "text"


@pytest.mark.parametrize(
    ("text", "header", "number"),
    [
        ("1.2万件", "", "12000"),
        ("3.56万", "", "35600"),
        ("12", "本年处理决定数量（单位：万件）", "120000"),
        ("3.5", "本年处理决定数量(万件)", "35000"),
    ],
)
def test_counts_in_ten_thousands_say_so(reader: ValueReader, text: str, header: str, number: str) -> None:
    value = reader.read(text, unit="件", header=header)
    assert (value.number, value.scaled) == (Decimal(number), True)
    assert not reader.read("12件", unit="件", header=header).scaled
    assert reader.read("1.23456万件", unit="件").status == "text"  # no count is a part of a thing
    assert reader.read("12万件", unit="万元").status == "text"


def test_a_remark_is_told(reader: ValueReader) -> None:
    assert reader.read("22（其中修订16件）").remark == "其中修订16件"


def test_a_counter_under_an_amount_is_no_amount(reader: ValueReader) -> None:
    assert reader.read("12件", unit="万元").status == "text"


@given(st.integers(-(10**12), 10**12), st.sampled_from(["", " ", "\u3000", "\n"]))
def test_any_whole_number_comes_back(number: int, around: str) -> None:
    value = ValueReader(templates.load().reading.values).read(f"{around}{number}{around}")
    assert value.number == number


@given(st.text(max_size=12))
def test_no_text_breaks_the_reader(text: str) -> None:
    value = ValueReader(templates.load().reading.values).read(text, unit="万元", header=text)
    assert (value.number is not None) == (value.status == "number")


@pytest.mark.parametrize("text", ["①12", "1²3", "²", "12[3]4", "12(3)"])
def test_a_mark_that_is_not_behind_the_value_makes_it_no_number(reader: ValueReader, text: str) -> None:
    assert reader.read(text).status == "text"


def test_a_long_text_is_no_number_and_costs_nothing_to_say_so(reader: ValueReader) -> None:
    begun = time.process_time()
    for text in ("1" * 200_000, "2020年" * 40_000, "1 " * 100_000, "1。" * 100_000):
        assert reader.read(text).status == "text"
    assert reader.read(" " * 1000 + "12" + " " * 1000).number == 12
    assert time.process_time() - begun < 2  # by the patterns alone it takes minutes


@pytest.mark.parametrize(
    ("text", "unit", "others"),
    [
        ("392（更正为15）", "件", ("15",)),
        ("3(应为5)", "件", ("5",)),
        ("1,204件（原为1,240件）", "件", ("1240",)),
        ("7（有误）", "件", ()),
        ("12（2021年）", "件", ("2021",)),
        ("251000元（更正为252000元）", "万元", ("25.2",)),
    ],
)
def test_a_number_that_its_remark_corrects_is_in_doubt(
    reader: ValueReader, text: str, unit: str, others: tuple[str, ...]
) -> None:
    value = reader.read(text, unit=unit)
    assert (value.doubt, value.others) == ("number_corrected", tuple(map(Decimal, others)))


@pytest.mark.parametrize(
    "text", ["22（其中修订16件）", "9（较上年增加2）", "5（含网上3件）", "4（见附件2）", "6（全部网上）"]
)
def test_a_remark_on_a_part_a_change_or_a_note_puts_no_number_in_doubt(reader: ValueReader, text: str) -> None:
    value = reader.read(text, unit="件")
    assert (value.status, value.doubt) == ("number", None)
