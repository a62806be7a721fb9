"""Who, which year, where, when: from titles, sentences, signatures, headers and hints; never a silent choice."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import Hints
from parsers.formats import read_document
from parsers.identity.divisions import load
from parsers.identity.identity import identify
from parsers.identity.titles import fold
from tests.parsers.identity.documents import HEADING, codes, document, who


def test_a_plain_title() -> None:
    identity = identify(document("温县人民政府2020年政府信息公开工作年度报告", HEADING, "2021年将继续努力。"))
    assert who(identity) == ("温县人民政府", "people_government", "410825", 2020)
    assert dict(identity.sources) == {"title": "title", "year": "title", "agency": "title", "division": "title"}
    assert not identity.issues
    assert identity.published_on is None


def test_what_explains_a_report_is_none() -> None:
    identity = identify(document("图解:温县2023年政府信息公开工作年度报告", "全年主动公开信息若干条,办理申请若干件。"))
    assert identity.title_kind == "lookalike"
    assert "title_of_other_document" in codes(identity)


def test_a_statistics_annex_on_its_own() -> None:
    identity = identify(
        document(
            "政府信息公开情况统计表",
            "（2018年度）",
            "填报单位（盖章）：河北省教育厅　2019年1月",
            [["统计指标", "单位", "统计数"]],
        )
    )
    assert who(identity) == ("河北省教育厅", "department", "130000", 2018)
    titled = identify(document("河北省教育厅2018年度政府信息公开情况统计表", [["统计指标", "单位", "统计数"]]))
    assert who(titled) == ("河北省教育厅", "department", "130000", 2018)
    assert titled.title_reason == "statistics_page"


def test_the_name_of_a_column_is_no_report() -> None:
    assert identify(document("政府信息公开年报", "2021年", "2020年")).title_kind == "bare"


@pytest.mark.parametrize(
    ("title", "text", "scope"),
    [
        ("温县人民政府", "2020年,全县共受理申请12件。", "jurisdiction"),
        ("温县人民政府", "2020年,共受理申请12件。", "unclear"),
        ("温县教育局", "2020年,我局共受理申请12件。", "own_agency"),
        ("温县人民政府办公室", "2020年,全县共受理申请12件。", "unclear"),
        ("博爱县孝敬镇人民政府", "我镇共受理申请12件。", "own_agency"),
    ],
)
def test_scope(title: str, text: str, scope: str) -> None:
    assert identify(document(f"{title}2020年政府信息公开工作年度报告", HEADING, text)).scope == scope


def test_another_kind_of_document_is_named() -> None:
    identity = identify(document("2022年政府网站工作年度报表", "填报单位：温县人民政府办公室"))
    assert (identity.title_kind, identity.title_reason) == ("lookalike", "website_report")
    assert "title_of_other_document" in codes(identity)


def test_contact_data_stay_out() -> None:
    identity = identify(
        document(
            "温县2020年政府信息公开工作年度报告",
            "如有疑问,请与温县人民政府办公室张三联系,电话:0391-6192000,邮箱:a@163.com,地址:温县黄河路1号。",
        )
    )
    assert not any(word in repr(identity) for word in ("张三", "6192000", "163.com", "黄河路"))


COUNTIES = sorted(row.code for row in load().rows() if row.last is None and not row.code.endswith("00"))


BODIES = [
    "人民政府",
    "人民政府办公室",
    "教育局",
    "卫生健康委员会",
    "气象局",
    "经济开发区管理委员会",
    "城关镇人民政府",
    "街道办事处",
]


SHAPES = [
    "{agency}{year}年政府信息公开工作年度报告",
    "{year}年度{agency}政府信息公开年度报告",
    "{agency}政府信息公开工作年度报告（{year}年）",
    "{agency}关于{year}年度政务公开工作情况的报告",
]


@settings(max_examples=100, deadline=None)
@given(
    code=st.sampled_from(COUNTIES),
    body=st.sampled_from(BODIES),
    shape=st.sampled_from(SHAPES),
    year=st.integers(2020, 2024),
    cut=st.integers(0, 2),
)
def test_any_agency_any_title_comes_back(code: str, body: str, shape: str, year: int, cut: int) -> None:
    county = load().get(code, year)
    if county is None:
        return
    title = shape.format(agency=county.name + body, year=year)
    lines = [title] if not cut else [title[: cut * 4], title[cut * 4 :]]
    identity = identify(document(*lines, HEADING), (), Hints(division=load().ancestors(code, year)[-1].code))
    assert identity.title == fold(title)
    assert identity.year == year
    assert identity.division is not None
    assert identity.division.code[:6] == code
    assert identity.agency_name is not None
    assert identity.agency_name.startswith(county.name)
    assert identity.agency_name.endswith(body)


@pytest.mark.parametrize("piece", ["公开", "2021年1月20日", "温县教育局", "温县", "报告2021年", "\n\n", "((", "——"])
def test_endless_lines_take_no_endless_time(piece: str) -> None:
    begun = time.process_time()
    identify(document("温县2021年政府信息公开工作年度报告", piece * 100_000, meta={"articletitle": piece * 10_000}))
    assert time.process_time() - begun < 8


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(max_size=60), max_size=8),
    st.dictionaries(st.sampled_from(["pubdate", "title"]), st.text(max_size=30)),
)
def test_no_document_is_too_odd(lines: list[str], meta: dict[str, str]) -> None:
    identity = identify(document(*lines, meta=meta), (), Hints(division="410825", list_date="x", url="x"))
    assert identity.published_on is None or len(identity.published_on) == 10


def test_the_real_documents(shared: Path) -> None:
    for path in sorted((shared / "reports" / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if "document" not in truth:
            continue
        data = (shared / "reports" / "documents" / truth["document"]).read_bytes()
        identity = identify(read_document(data, Hints(url=truth["document"])))
        got = {
            "@title": fold(identity.title or ""),
            "@agency.name": identity.agency_name,
            "@agency.kind": identity.agency_kind,
            "@division_code": identity.division.code if identity.division else None,
            "@year": identity.year,
        }
        wanted = {
            "@title": fold(truth["title"]),
            "@agency.name": truth["agency"]["name"],
            "@agency.kind": truth["agency"]["kind"],
            "@division_code": truth["division_code"],
            "@year": truth["year"],
        }
        for name, value in wanted.items():
            if name not in truth["unscored"]:
                assert got[name] in [value, *truth["alternatives"].get(name, [])], (truth["document"], name)
        assert identity.published_on == truth["published_on"], truth["document"]
