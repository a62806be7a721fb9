"""What the archive itself says: whose report a document is, by acts and by pages, and what a crash left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from archive import Home
from archive.database import open_database
from archive.database.models import Act, Capture, Report
from archive.decisions import classify, merge
from archive.errors import StorageError
from archive.evidence import index_against_warc
from archive.evidence.index_against_warc import Files, few
from archive.evidence.proof import Proof, prove
from archive.index.indexer import index
from archive.storage.local import LocalStorage
from archive.storage.open import open_storage
from tests.archive import stored
from tests.archive.factory import START, crawl, document

pytestmark = pytest.mark.usefixtures("fake_parser")
URL = "http://www.wenxian.gov.cn/1"
FILE = "http://www.wenxian.gov.cn/1.pdf"
CELLS = {"req_new__total": "40"}


def proven(home: Home, text: str = URL) -> Proof:
    with open_database(home) as database:
        return prove(database, open_storage(home), text)


def failed(proof: Proof) -> list[str]:
    return [step.name for step in proof.steps if not step.holds]


def said(proof: Proof, name: str) -> str:
    return next(step.found for step in proof.steps if step.name == name)


@pytest.fixture
def filled(home: Home) -> Home:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2021, CELLS), hints={"list_title": "年报"})
    index(home, processes=1)
    return home


def first_capture(home: Home) -> str:
    with open_database(home) as database, database.session() as session:
        return session.scalars(select(Capture.id)).one()


def change(home: Home, statement: Any) -> None:
    with open_database(home) as database, database.writing() as session:
        session.execute(statement)


def test_a_correction_rests_on_its_act(filled: Home) -> None:
    classify(filled, first_capture(filled), {"year": 2020}, who="w", note="misprint")
    index(filled, processes=1)
    proof = proven(filled)
    assert failed(proof) == []
    assert "archived acts of people say" in said(proof, "report")
    change(filled, update(Act).values(note="something else"))
    assert failed(proven(filled)) == ["report"]


def test_a_merge_rests_on_its_act(filled: Home) -> None:
    with crawl(filled, "c2", at=START + timedelta(days=1)) as made:
        made.page(f"{URL}/2", document("温县政府办", 2020, CELLS))
    index(filled, processes=1)
    with open_database(filled) as database, database.session() as session:
        by_year = {report.year: report.agency_id for report in session.scalars(select(Report))}
    merge(filled, by_year[2020], by_year[2021], who="w", note="one body")
    index(filled, processes=1)
    proof = proven(filled, f"{URL}/2")
    assert failed(proof) == []
    assert proof.report.startswith(by_year[2021])
    change(filled, delete(Act))
    assert "report" in failed(proven(filled, f"{URL}/2"))


def test_a_file_of_a_page_belongs_to_it(home: Home) -> None:
    with crawl(home, "c1") as made:
        made.page(URL, document("温县人民政府", 2021, {}))
        made.page(FILE, document(None, None, CELLS), purpose="attachment", hints={"part_of": URL})
    index(home, processes=1)
    proof = proven(home)
    assert proof.url == FILE  # it holds the table
    assert failed(proof) == []
    assert said(proof, "report") == f"the document does not say; it belongs to the page {URL}"


def test_what_a_crash_tore_off_is_no_difference(filled: Home) -> None:
    with open_database(filled) as database, database.session() as session:
        capture = session.scalars(select(Capture)).one()
        files = Files(open_storage(filled))
        files.near[capture.warc_file, capture.offset] = files.facts(capture.warc_file)
        row = files.facts(capture.warc_file).captures[capture.id]
        row.update(crawl_id=None, hints=None, purpose=None)  # as a file without the record of the question says
        assert files.capture(capture) == []
        row["status"] = 404
        assert files.capture(capture) == ["status is 404 in the file, 200 in the index"]
        del files.facts(capture.warc_file).captures[capture.id]
        assert files.capture(capture) == [f"{capture.warc_file} holds no such capture"]


def test_a_figure_that_no_document_gives(filled: Home) -> None:
    with open_database(filled) as database:
        stored.recoded({"req_new__total": "req_new__natural"})(database)
    proof = proven(filled)
    assert [figure.problem for figure in proof.figures] == ["the document gives no such figure"]
    assert said(proof, "figures") == "not in the index: req_new__total"


def test_few() -> None:
    assert few(["a", "b"]) == "a; b"
    assert few([*"abcde"]) == "a; b; c; and 2 more"


def test_of_a_large_file_its_digest_and_the_records_of_the_exchange_are_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with crawl(home, "c1", made_up=True) as made:
        for number in range(30):
            made.page(f"{URL}?{number}", document("孟州市人民政府", 2000 + number % 20, CELLS))
        made.page(URL, document("温县人民政府", 2021, CELLS))
    index(home, processes=1)
    scanned: list[int] = []
    real = index_against_warc.scan_records

    def scan_records(records: Any, *others: Any) -> Any:
        scanned.append(len(records))
        return real(records, *others)

    monkeypatch.setattr(index_against_warc, "scan_records", scan_records)
    monkeypatch.setattr(index_against_warc, "scan_file", lambda *_: pytest.fail("read through"))
    proof = proven(home)
    assert failed(proof) == []
    assert (proof.made_up, "beside it were read" in said(proof, "capture")) == (True, True)
    assert max(scanned) <= 9
    assert f"all {next(home.warc.glob('*.warc.gz')).stat().st_size} bytes" in said(proof, "file")


def test_a_store_that_does_not_answer_breaks_no_chain(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> Any:
        raise StorageError("the store does not do it", subject="s3://bucket/x")

    for name in ("open", "read_range", "seal"):
        with monkeypatch.context() as gone:
            gone.setattr(LocalStorage, name, away)
            with pytest.raises(StorageError, match="does not do it"):
                proven(filled)
