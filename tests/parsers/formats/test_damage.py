"""Whatever is done to the bytes: a document, or `UnreadableDocument`, and in bounded time."""

import contextlib
import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers import Hints, UnreadableDocument
from parsers.formats import read_document
from tests.parsers.formats.sheet.test_reader import FORM
from tests.parsers.formats.tiny_pdf import Sheet, pdf
from tests.parsers.formats.word.test_reader import TABLE, docx, p


def small_pdf() -> bytes:
    sheet = Sheet()
    sheet.text(74, 60, "一、总体情况")
    sheet.table([70, 200, 300, 400, 500], 100, [["规章", "0", "1", "2"], ["行政许可", "447228", None, None]])
    return pdf(sheet)


PAGE = (
    "<html><head><meta charset=gb2312><title>年报</title></head><body><div><p>一、总体情况</p>"
    "<table><tr><td rowspan=2>规章<td>0<td>1<tr><td colspan=2>行政许可<table><tr><td>2</table></table></div></html>"
)
WHOLE = {
    "html": PAGE.encode("gb18030"),
    "pdf": small_pdf(),
    "docx": docx(p("一、总体情况") + TABLE),
    "xlsx": FORM,
    "text": "一、总体情况\n规章\t0\t1\n行政许可\t2\t\n".encode(),
}


def spoil(data: bytes, dice: random.Random) -> bytes:
    spoiled = bytearray(data)
    kind = dice.randrange(5)
    at, other = dice.randrange(len(data)), dice.randrange(len(data))
    if kind == 0:
        del spoiled[at:]
    elif kind == 1:
        for _ in range(dice.randrange(1, 40)):
            spoiled[dice.randrange(len(data))] = dice.randrange(256)
    elif kind == 2:
        del spoiled[at : at + dice.randrange(1, 2000)]
    elif kind == 3:
        spoiled[at:at] = dice.randbytes(dice.randrange(200))
    else:
        spoiled[at : at + 500] = data[other : other + 500]
    return bytes(spoiled)


def survives(data: bytes, hints: Hints) -> float:
    begun = time.perf_counter()
    with contextlib.suppress(UnreadableDocument):
        read_document(data, hints)
    return time.perf_counter() - begun


@pytest.mark.parametrize("kind", WHOLE)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files(kind: str, seed: int) -> None:
    dice = random.Random(seed)
    hints = Hints(url=f"http://a/b.{kind}", media_type=dice.choice([None, "text/html", "application/pdf"]))
    assert survives(spoil(WHOLE[kind], dice), hints) < 10


@given(st.binary(max_size=300), st.sampled_from([None, "text/html", "application/pdf", "text/plain", "x/y"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes(data: bytes, label: str | None) -> None:
    survives(data, Hints(media_type=label))


@pytest.mark.trial
@pytest.mark.parametrize("name", ["shuyang_fgj_2023.html", "szfgs2024.pdf", "official_form_2021.docx"])
def test_many_damaged_real_files(shared: Path, name: str) -> None:
    path = next((shared / "reports").rglob(name))
    data = path.read_bytes()
    for seed in range(300):
        assert survives(spoil(data, random.Random(seed)), Hints(url=name)) < 30


def test_hostile_pages_take_bounded_time() -> None:
    pages = [
        "<table>" + "<tr><td rowspan=65534 colspan=1000>1" * 400,
        "<div>" * 4000 + "年报",
        "<table><tr><td>" * 150 + "1",
        "<p>" + "一、总体情况<br>" * 20000,
        "<a href=x>" * 3000,
        "&#x4e00;" * 100_000,
    ]
    for page in pages:
        assert survives(page.encode(), Hints(media_type="text/html")) < 20
