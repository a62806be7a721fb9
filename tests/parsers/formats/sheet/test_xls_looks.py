"""An old workbook is read as it shows itself."""

import base64
import zlib

import pytest

from parsers.document import Table
from parsers.formats import read_document, resolve
from parsers.formats.sheet import xls_looks

# A workbook made with xlwt: one row for each way of setting a cell; the third column and the ninth row are hidden.
PACKED = """
c-rk)O-NKx6h8OOdo%BiGdg3Vp@9rSR^}qjLIN8N%vF;XRAxVFNrk2|xTqkrY(VITvNlN@!4_?_2r8*X?OFszErKG_Y!S5zD
q5)1Ip^K6QJ>(1Ny$6IJ@4FezjOc2Iq%+iFNXaieRs1*VFqmm2TaBca3<&k79(Eq0k+3tB*vdQmY7Zd6&X4@(y75C?{gRVko
-Lg3fxhjA_w?@WgoObxV5D*xQMic=TI+b4yDKi+(b<(Wbv%hnIB@ljQJoVA2Tmw%_Zigh#e7oVK@}dFOgBaN6F>3RG@wzu+1
CR6ha0(qbNReMVMF($|J|>oB!no{SUhmNp)pFvJDHcjvUnk{eXd4+1Sz;p}H4tfeK<B<id||E{s3`L$)8j$ASRg;_s#>L0iA
LdI6~aIbH9XL!UB--ZO{ZJ5#Uru-;7H+4wXJ5i7mVqW^1(3eX9$I)24OvClz`S{&kiN8g2`-Q&<rCmk0IyV32fb<ygfS{+2e
k@f>>jkEn;b#HB3<M36qch!7q7T8VL3AzG>MTJEr#dInvm?Nma7}iXENpTUSjS6m38)0N`cOkn@((!6!4w9Nk+D}sXPE3mvZ
b~+OUHhiJuD!eu9^{8{?Iip8W#+@7$8UdqxvilpbdWWjd_+@z30O%hhZvkC3(sk`SD+^)jgNUyQW=@T+<_&Zdsxf-9FMYs<!
t5w%vgNpRb@zFYZqhAb88-syPoM)XjOu|8s+Gh>W4YevCtZn2P#KT1qNP+`Y^i<T#evg7ZivB(R+hvC=`DRc?i5?o;B-0&=s
GYdraP5(qIDIEc%(7HQFsPRa4~Nk+tCZbZf!Z4v80RtxCLNfmax>NxbPBr^Guf@D9e4YdaLG(JD6z6R%p}RmSTQj}eNi-z4#
x1zuykA@LgG1CSmt@lFf8lkv1O4vYvV;xoWMwqfw|$BHttaaq{7*d|4e;X<3tsWJ2fd{E+b#(N}Q=RLYC*I-z9&|th*&dFeW
v5Y9{!C)_D%3XF_%+Sp}q)M-lAD3h1;H6hdhx_C*yh8jYH`rv8O*YwN(-I@|l4D-+=rW<nOQlPG*O|aFX@4eJva|zQ@z;)ji
z=W6pAk5jRQzOuCgOdGdD_Ik7ZUBp(Ie0V4Lpygq~jO=1c=1-%-hhna4D4R_>;-Z^DmG83j_H(vH
"""
BOOK = zlib.decompress(base64.b85decode("".join(PACKED.split())))


def test_cells_as_they_show_themselves() -> None:
    document = read_document(BOOK)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [[cell.text for cell in row] for row in table.rows()] == [
        ["信息内容", "本年处理决定数量"],
        ["一", "1284"],  # 12 before it is struck through
        ["二", "1284²"],
        ["三", ""],  # struck through
        ["四", ""],  # white
        ["五", "1284"],  # white on blue
        ["六", "43.79"],
        ["七", "1284件"],
        ["九", "0.30000000000000004"],
        ["十", ""],  # a struck string
    ]
    for cell in table.cells:
        assert resolve(BOOK, cell.locator) == cell.text
    assert [notice.code for notice in document.notices] == ["hidden_cells"]
    assert table.cells[-1].locator.get("cell") == "B11"


def test_a_workbook_whose_looks_are_damaged_is_read_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_: bytes) -> None:
        raise IndexError

    monkeypatch.setattr(xls_looks, "_book", damaged)
    document = read_document(BOOK + b" ")
    assert [notice.code for notice in document.notices] == ["looks_unknown"]
    assert "121284" in {cell.text for table in document.tables() for cell in table.cells}


def test_workbooks_of_older_versions_have_no_looks() -> None:
    old = BOOK.replace(b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x10\x00\x00\x05", 1)
    assert old != BOOK
    assert xls_looks.read(old) is None


def test_strings_go_on_in_the_next_record() -> None:
    struck, plain = (0, 6), (2, 5)
    text = "12" + "行政" * 3
    first = b"\x03\x00\x00abc" + len(text).to_bytes(2, "little") + b"\x09\x02\x00" + text[:4].encode("utf-16-le")
    second = b"\x01" + text[4:].encode("utf-16-le")
    second += b"".join(number.to_bytes(2, "little") for run in (struck, plain) for number in run)
    assert list(xls_looks._strings([first, second], 2)) == [("abc", []), (text, [struck, plain])]
