import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.formats.charset import canonical, decode

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=20)
PAGE = "<html><head><title>{}</title></head><body><table><tr><td>{}</td></tr></table></body></html>"
REPORT = "政府信息公开工作年度报告，本年新收申请数量12件。"


@given(HAN, st.sampled_from([None, "utf-8", "gb2312", "iso-8859-1", "big5", "no-such-charset"]))
def test_utf8_is_utf8_whatever_the_label_says(text: str, label: str | None) -> None:
    decoded = decode(PAGE.format(text, text).encode(), [label])
    assert (decoded.text, decoded.charset, decoded.lossy) == (PAGE.format(text, text), "utf-8", False)


@given(HAN, st.sampled_from([None, "utf-8", "gb2312", "GBK", "x-gbk", "iso-8859-1"]))
def test_gb18030_is_found_under_every_label(text: str, label: str | None) -> None:
    decoded = decode(PAGE.format(text, "镕㛃𠮷").encode("gb18030"), [label])
    assert (decoded.text, decoded.charset) == (PAGE.format(text, "镕㛃𠮷"), "gb18030")


@given(HAN, st.data())
def test_one_bad_byte_does_not_change_the_charset(text: str, data: st.DataObject) -> None:
    body = (REPORT + text + "。\n") * 3
    for name in ("utf-8", "gb18030"):
        raw = bytearray(body.encode(name))
        raw.insert(data.draw(st.integers(0, len(raw) // 3 - 8)), 0xFF)
        decoded = decode(bytes(raw))
        assert (decoded.charset, decoded.lossy) == (name, True)
        # A byte amid a GB18030 pair shifts all pairs up to the next ASCII character; from there on all is right.
        assert decoded.text.split("\n")[1:] == body.split("\n")[1:]


@given(st.integers(1, 3))
def test_a_cut_at_the_end_is_no_other_charset(cut: int) -> None:
    for name in ("utf-8", "gb18030"):
        decoded = decode((REPORT * 4).encode(name)[:-cut])
        assert decoded.charset == name
        assert decoded.text.startswith(REPORT * 3)


def test_eight_characters_among_markup_are_enough() -> None:
    page = "<div class='x'>" * 200 + "年度报告公开信息" + "</div>" * 200
    assert decode(page.encode("gb18030"), ["utf-8"]).text == page


def test_damaged_utf8_is_not_read_as_valid_gb18030() -> None:
    # Every pair of these bytes is valid GB18030; a cascade that tries it first returns mojibake without a warning.
    raw = ("中文信息公开" * 20).encode()[1:]
    assert decode(raw).charset == "utf-8"


def test_two_characters_that_are_valid_utf8_by_accident() -> None:
    raw = "一小".encode("gbk")
    assert raw.decode("utf-8") == "һС"
    assert decode(raw).text == "一小"
    assert decode(raw, ["utf-8"]).text == "һС"
    assert decode("© café".encode()).text == "© café"


def test_big5_only_where_somebody_says_so() -> None:
    raw = "政府資訊公開年報，申請數量".encode("big5")
    assert decode(raw, ["big5"]).charset == "big5hkscs"
    assert decode(raw, ["big5"]).text == "政府資訊公開年報，申請數量"
    assert decode(raw).charset == "gb18030"  # nobody said so: not guessed
    assert decode((REPORT * 2).encode("gb18030"), ["big5"]).text == REPORT * 2  # a lie


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_wide_encodings_and_marks(name: str) -> None:
    page = PAGE.format("年报", "申请12件")
    assert decode(page.encode(name)).text == page


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark_and_without_latin_letters(name: str) -> None:
    text = "某县审计局政府信息公开工作年度报告\n本年新收政府信息公开申请　｜　５６　｜　１２\n"
    assert decode(text.encode(name)).text == text


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("GB2312", "gb18030"),
        ("gb_2312-80", "gb18030"),
        ('"gbk"', "gb18030"),
        ("Big5-HKSCS", "big5hkscs"),
        ("UTF8", "utf-8"),
        ("nonsense", None),
        ("a\0b", None),
        ("", None),
        (None, None),
    ],
)
def test_labels(label: str | None, name: str | None) -> None:
    assert canonical(label) == name


@given(st.binary(max_size=400), st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=3))
def test_any_bytes_decode(data: bytes, labels: list[str | None]) -> None:
    decoded = decode(data, labels)
    assert decoded.lossy or "\ufffd" not in decoded.text or b"\xef\xbf\xbd" in data or decoded.charset != "utf-8"
