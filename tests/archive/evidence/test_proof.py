"""From a number back to the byte, on real documents: it holds, and any broken link is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from archive import Home, NotFound
from archive.database import Database, open_database
from archive.database.models import Capture, Crawl, Reading, Version, WarcFile
from archive.evidence.proof import Proof, prove
from archive.index.indexer import index
from archive.storage.open import open_storage
from tests.archive import stored
from tests.archive.factory import START, crawl
from tests.conftest import ROOT

URL = "http://www.daixian.gov.cn/nb.html"
PAGE = """<html><head><meta charset="utf-8"><title>代县人民政府2023年政府信息公开工作年度报告</title></head><body>
<h1>代县人民政府2023年政府信息公开工作年度报告</h1><p>全年收到政府信息公开申请12件。</p><p>二、主动公开政府信息情况</p>
<table><tr><td colspan="4">第二十条第（一）项</td></tr>
<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr>
<tr><td>行政规范性文件</td><td>7</td><td>2</td><td>303</td></tr></table></body></html>"""


@pytest.fixture
def proven(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Proof]:
    """Prove over a home with one report, crawled twice without change."""
    with crawl(home, "c1", "shanxi") as made:
        first = made.page(URL, PAGE, media_type="text/html")
    with crawl(home, "c2", "shanxi", at=START + timedelta(days=1)) as made:
        made.unchanged(URL, first)
    index(home, processes=1)

    def run(code: str | None = None, change: Callable[[Database], None] | None = None) -> Proof:
        with open_database(home) as database:
            if change is not None:
                change(database)
            return prove(database, open_storage(home), URL, code)

    return run


def set_all(model: Any, **values: Any) -> Callable[[Database], None]:
    """Change every row of a table behind the archive's back."""

    def change(database: Database) -> None:
        with database.writing() as session:
            session.execute(update(model).values(**values))

    return change


def test_every_link_holds(proven: Callable[..., Proof]) -> None:
    proof = proven()
    assert proof.holds
    assert not proof.made_up
    assert [step.name for step in proof.steps] == [
        "reading", "capture", "record", "block digest", "payload digest", "file", "seal", "content",
        "report", "read again",
    ]  # fmt: skip
    found = {figure.code: (figure.value, figure.raw, figure.resolved) for figure in proof.figures}
    assert found["normdocs_in_force"] == ("303", "303", "303")
    assert found["normdocs_repealed"] == ("2", "2", "2")


def test_one_figure(proven: Callable[..., Proof]) -> None:
    assert [figure.value for figure in proven("normdocs_issued").figures] == ["7"]
    with pytest.raises(NotFound, match=r"no figure nothing"):
        proven("nothing")


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        (stored.set_all("figures", raw="8"), None),
        (
            stored.set_all(
                "figures", locator={"kind": "html", "path": "p:nth-child(99)", "table": 9, "row": 9, "column": 9}
            ),
            None,
        ),
        (stored.set_all("figures", value=Decimal(8)), None),
        (stored.set_all("figures", status="blank"), None),
        (stored.set_all("figures", unit="万元"), None),
        (set_all(Capture, offset=0), ["capture", "record"]),
        (set_all(Capture, captured_at=START + timedelta(days=9)), ["capture"]),
        (set_all(Capture, media_type="text/plain"), ["capture"]),
        (set_all(Capture, hints={"publisher": "山西省人民政府"}), ["capture"]),
        (set_all(WarcFile, sha256="0"), ["file"]),
        (set_all(Version, content_key="text:0"), ["content"]),
        (set_all(Reading, year=2022), ["read again"]),
        (set_all(Reading, configuration="sha256:0"), ["reading"]),
        (set_all(Reading, parser="gongkai-parsers/0"), ["reading"]),
        (set_all(Crawl, made_up=True), ["origin"]),
    ],
)
def test_a_broken_link_is_named(proven: Callable[..., Proof], change: Any, steps: list[str] | None) -> None:
    proof = proven(change=change)
    assert not proof.holds
    if steps is None:
        assert not any(figure.holds for figure in proof.figures)
    else:
        assert [found.name for found in proof.steps if not found.holds] == steps


def test_a_number_of_the_text(proven: Callable[..., Proof]) -> None:
    proof = proven("prose_req_received")
    (fact,) = proof.figures
    assert (fact.value, fact.raw, fact.resolved) == ("12", "12件", "全年收到政府信息公开申请12件。")
    assert proof.holds
    wrong = proven("prose_req_received", stored.set_all("prose_facts", value=Decimal(21), raw="21件"))
    assert [step.name for step in wrong.steps if not step.holds] == ["read again"]
    assert [figure.holds for figure in wrong.figures] == [False]


def test_figures_that_were_exchanged_are_told(proven: Callable[..., Proof]) -> None:
    """Each row of the two is whole and leads to a cell that prints what it says, only to the other's."""

    exchange = stored.recoded({"normdocs_issued": "normdocs_repealed", "normdocs_repealed": "normdocs_issued"})
    proof = proven(change=exchange)
    assert {f.code for f in proof.figures if not f.holds} == {"normdocs_issued", "normdocs_repealed"}
    assert all(figure.raw == figure.resolved for figure in proof.figures)


def test_a_figure_that_was_taken_out_is_missed(proven: Callable[..., Proof]) -> None:
    proof = proven(change=stored.recoded({"normdocs_issued": None}))
    assert [(step.name, step.found) for step in proof.steps if not step.holds] == [
        ("figures", "not in the index: normdocs_issued")
    ]


def test_another_configuration_is_told(
    proven: Callable[..., Proof], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven()
    text = (ROOT / "config" / "templates" / "rules.yaml").read_text(encoding="utf-8")

    def proven_with(name: str, rules: str) -> Proof:
        """With facts of their own place: one process reads a file once."""
        (tmp_path / name / "templates").mkdir(parents=True)
        (tmp_path / name / "templates" / "rules.yaml").write_text(rules, encoding="utf-8")
        monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / name))
        return proven()

    assert proven_with("said", f"{text}# changed\n").holds, "what a comment says is no fact"
    proof = proven_with("changed", text.replace("sets:\n", "sets:\n  added: [req_new__total]\n", 1))
    assert not proof.holds
    assert [step.name for step in proof.steps if not step.holds] == ["reading"]
    assert "run `gongkai index`" in proof.steps[0].found


@pytest.mark.parametrize("spoil", ["flip", "remove"])
def test_a_file_that_was_touched(proven: Callable[..., Proof], home: Home, spoil: str) -> None:
    proven()
    path = min(home.warc.glob("c1*.warc.gz"))
    if spoil == "remove":
        path.unlink()
        assert "record" in [step.name for step in proven().steps if not step.holds]
        return
    with open_database(home) as database, database.session() as session:
        capture = session.scalars(select(Capture).where(Capture.kind == "response")).one()
    data = bytearray(path.read_bytes())
    data[capture.offset + capture.length // 2] ^= 1
    path.write_bytes(data)
    assert not proven().holds


def test_damage_elsewhere_in_the_file_is_said(home: Home) -> None:
    with crawl(home, "c1", "shanxi") as made:
        made.page(URL, PAGE)
        made.page(f"{URL}x", "another page", purpose="page")
    index(home, processes=1)
    with open_database(home) as database:
        with database.session() as session:
            other = session.scalars(select(Capture).where(Capture.url == f"{URL}x")).one()
        path = home.warc / other.warc_file
        data = bytearray(path.read_bytes())
        data[other.offset + other.length // 2] ^= 1
        path.write_bytes(data)
        proof = prove(database, open_storage(home), URL)
    assert [step.name for step in proof.steps if not step.holds] == ["capture", "file", "seal"]
    assert all(figure.holds for figure in proof.figures)


def test_what_was_made_up_says_so(home: Home, tmp_path: Path) -> None:
    with crawl(home, "c1", "shanxi", made_up=True) as made:
        made.page(URL, PAGE)
    index(home, processes=1)
    with open_database(home) as database:
        proof = prove(database, open_storage(home), URL)
    assert proof.holds
    assert proof.as_json()["origin"] == "not obtained from the named host"
    assert "127.0.0.1:8080" in proof.steps[-1].found


def test_the_mark_is_read_from_the_file(home: Home) -> None:
    with crawl(home, "c1", "shanxi", made_up=True) as made:
        made.page(URL, PAGE)
    index(home, processes=1)
    with open_database(home) as database:
        set_all(Crawl, made_up=False, connect_to=[])(database)
        proof = prove(database, open_storage(home), URL)
    assert proof.made_up
    assert "127.0.0.1:8080" in proof.steps[-1].found
