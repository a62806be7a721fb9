"""Every locator of every kind of document, followed back into the bytes, yields the same raw text."""

from pathlib import Path

import pytest

from parsers import Document, Hints, Locator, LocatorError
from parsers.document import Cell, Table, Text
from parsers.formats import read_document, resolve

REPORTS = {
    "000_30a26f9f30ba6222.txt": 3,
    "001_0e05ed9c8bb03ce6.txt": 3,
    "002_669e7d6ccc88cd65.txt": 3,
    "003_769035992f0aa54b.txt": 1,
    "004_72224a9d5305aabc.txt": 3,
    "hebei_jyt_2018_stat.txt": 0,
    "hebei_jyt_2019.txt": 0,
    "shanghai_kewei_2024.source.md": 3,
    "shuyang_fgj_2023.html": 4,
    "szfgs2024.pdf": 3,
}


def items(document: Document) -> list[Cell | Text]:
    return [item for block in document.blocks for item in (block.cells if isinstance(block, Table) else (block,))]


@pytest.mark.parametrize("name", REPORTS)
def test_every_block_and_cell_of_the_shared_documents(shared: Path, name: str) -> None:
    data = (shared / "reports" / "documents" / name).read_bytes()
    hints = Hints(url=f"http://www.example.gov.cn/{name}")
    document = read_document(data, hints)
    assert len(document.tables()) >= REPORTS[name]
    found = items(document)
    assert len(found) > 20
    wrong = [item for item in found if resolve(data, Locator.from_json(item.locator.as_json()), hints) != item.text]
    assert not wrong


def test_every_block_of_the_negatives_and_portal_pages(shared: Path) -> None:
    paths = [*(shared / "reports" / "negatives").iterdir(), *(shared / "portal_pages").iterdir()]
    assert len(paths) > 20
    for path in paths:
        data, hints = path.read_bytes(), Hints(url=f"http://www.example.gov.cn/{path.name}")
        for item in items(read_document(data, hints)):
            assert resolve(data, item.locator, hints) == item.text, path.name


def test_a_prose_locator_leads_to_its_sentence() -> None:
    data = "<p>一、总体情况</p><p>全年收到申请12件。其中网上10件。</p>".encode()
    block = read_document(data).texts()[1]
    inner = block.locator.as_json()
    locator = Locator("prose", (("in", inner), ("start", 0), ("end", 10), ("sentence", "全年收到申请12件。")))
    assert resolve(data, locator) == "全年收到申请12件。"
    assert resolve(data, Locator.from_json(locator.as_json())) == "全年收到申请12件。"
    for broken in ((("in", inner), ("start", 5), ("end", 99)), (("start", 0), ("end", 1)), (("in", inner),)):
        with pytest.raises(LocatorError):
            resolve(data, Locator("prose", broken))


def test_locators_of_every_kind_can_be_keys() -> None:
    one = Locator("prose", (("in", {"kind": "pdf", "page": 1, "box": [1.0, 2, 3, 4]}), ("start", 0)))
    other = Locator.from_json(one.as_json())
    assert {one: 1}[other] == 1
    assert len({one, Locator.of("pdf", page=1, box=[1, 2, 3, 4]), Locator.of("pdf", page=1, box=[1, 2, 3, 5])}) == 3
