"""``gongkai show``: by the labels of the form, in its order; what is left out is counted, what is odd never is."""

from __future__ import annotations

from pathlib import Path

import pytest

import parsers
from archive import Home
from archive.index.indexer import index
from crawler import cli
from crawler.commands.show import _places, _telling
from parsers.forms import templates
from tests.archive import factory
from tests.archive.factory import crawl, document

CELLS = {
    "req_new__total": "41",
    "req_new__natural": "40",
    "req_granted__natural": "2",
    "req_granted__total": "/",
    "req_partial__company": "3",
    "req_partial__total": "3",
    "permit_decisions": "7",
    "made_up_code": "9",
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(parsers, "parse", factory.fake_parse)
    place = Home.at(tmp_path / "home", create=True)
    with crawl(place, "c1", made_up=True) as made:
        made.page("http://www.wenxian.gov.cn/1", document("温县人民政府", 2021, CELLS))
    index(place, processes=1)
    return place


def shown(home: Home, capfd: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    capfd.readouterr()
    assert cli.run(["show", *words, "--home", str(home.root)]) == 0
    return capfd.readouterr()


def test_labels_stand_beside_codes_in_the_order_of_the_form(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    out, err = shown(home, capfd, "温县", "2021")
    order = ["permit_decisions", "req_new__total", "req_granted__natural", "req_granted__total", "made_up_code"]
    assert [out.index(code) for code in order] == sorted(out.index(code) for code in order)
    assert "administrative permit decisions in the year  7" in out
    assert "req_partial__company" not in out
    assert "req_new__natural" not in out
    assert "2 figures by kind of applicant are left out" in err
    assert "--all" in err
    assert "Figures that the form does not have" in out


def test_all_shows_everything_as_it_was_printed(home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    out, err = shown(home, capfd, "温县 2021", "--all")
    assert all(code in out for code in CELLS)
    assert "left out" not in err
    assert "line 1" in out


def test_the_labels_are_in_the_language_of_the_reader(
    home: Home, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    out, _ = shown(home, capfd, "温县 2021")
    assert "行政许可 本年处理决定数量  7" in out
    assert "收到和处理政府信息公开申请情况" in out


@pytest.mark.parametrize(
    ("cells", "failed", "told"),
    [
        ({"req_new__total": "number", "req_new__company": "number"}, set(), ["req_new__total"]),
        ({"req_new__total": "number", "req_new__company": "ambiguous"}, set(), ["req_new__total", "req_new__company"]),
        ({"req_new__total": "blank", "req_new__company": "blank"}, set(), ["req_new__total"]),
        ({"req_new__company": "number", "req_new__legal": "text"}, set(), ["req_new__company", "req_new__legal"]),
        (
            {"req_new__total": "number", "req_new__company": "number", "req_new__legal": "blank"},
            {"req_new__company"},
            ["req_new__total", "req_new__company"],
        ),
        ({"review__total": "number", "review__upheld": "number"}, set(), ["review__total", "review__upheld"]),
    ],
)
def test_what_is_odd_or_alone_is_always_told(cells: dict[str, str], failed: set[str], told: list[str]) -> None:
    rows = [{"code": code, "status": status} for code, status in cells.items()]
    assert [cell["code"] for cell in _telling(rows, _places("fmt2021"), failed)] == told


@pytest.mark.parametrize("name", sorted(templates.load().forms))
def test_every_code_of_every_form_has_its_label(name: str) -> None:
    places = _places(name)
    assert list(places) == list(templates.load().forms[name].codes())
    assert all(place.label and place.table for place in places.values())
    assert _places("no_tables") == _places(None) == {}
