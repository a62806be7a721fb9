"""Facts: what whole texts give, where each is found again, and what is left alone."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import Hints, Locator, sections
from parsers.formats import read_document, resolve
from parsers.forms import templates
from parsers.prose import facts
from parsers.prose.part_sums import PartsSum, find_part_sums
from tests.parsers.prose.documents import document, facts_of, section


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # received and closed, however they are put
        ("全年收到政府信息公开申请12件，办结11件。", {"prose_req_received": "12", "prose_req_closed": "11"}),
        ("共受理依申请公开 1,204 件，全部按期答复。", {"prose_req_received": "1204", "prose_req_closed": "1204"}),
        ("本机关新收信息公开申请共计三十二件，均已办结。", {"prose_req_received": "32", "prose_req_closed": "32"}),
        ("收到公民、法人和其他组织提出的政府信息公开申请9宗。", {"prose_req_received": "9"}),
        ("本年度收到3件以邮寄形式提出的政府信息公开申请。", {"prose_req_received": "3"}),
        ("依法办结依申请公开7件。", {"prose_req_closed": "7"}),
        ("政府信息公开申请数量共收到２５件。", {"prose_req_received": "25"}),
        ("未收到政府信息公开申请。", {"prose_req_received": "0"}),
        ("2023年，没有收到公民、法人和其他组织提出的信息公开申请。", {"prose_req_received": "0"}),
        # what is handled on, or was not handled, is not closed
        ("结转下年度继续办理政府信息公开申请6件。", {"prose_req_carried_out": "6"}),
        ("结转至2023年继续办理政府信息公开申请6件。", {"prose_req_carried_out": "6"}),
        ("结转下年度继续办理3件。", {"prose_req_carried_out": "3"}),
        ("正在办理政府信息公开申请6件。", {}),
        ("尚未办理政府信息公开申请6件。", {}),
        ("暂未办结政府信息公开申请6件。", {}),
        ("未按时答复的政府信息公开申请2件。", {}),
        ("继续依法办理政府信息公开申请6件。", {}),
        ("待答复政府信息公开申请2件。", {}),
        ("延期答复政府信息公开申请2件。", {}),
        ("接待群众并办理政府信息公开申请6件。", {"prose_req_closed": "6"}),
        ("正在完善制度，办理政府信息公开申请6件。", {"prose_req_closed": "6"}),
        ("未收到政府信息公开申请0件。", {"prose_req_received": "0"}),
        (
            "上年结转政府信息公开申请4件，本年收到政府信息公开申请10件，结转下年度继续办理2件。",
            {"prose_req_carried_in": "4", "prose_req_received": "10", "prose_req_carried_out": "2"},
        ),
        (
            "受理申请公开信息的事宜若干。收到信息公开申请20件，予以公开8件，部分公开3件，不予公开2件，无法提供5件，不予处理1件，其他处理1件。",
            {
                "prose_req_received": "20",
                "prose_req_granted": "8",
                "prose_req_partial": "3",
                "prose_req_denied": "2",
                "prose_req_unable": "5",
                "prose_req_not_processed": "1",
                "prose_req_other": "1",
            },
        ),
        (
            "收到政府信息公开申请15件，其中当面提交2件，通过信函方式提出3件，网上申请9件，传真0件，电子邮件1件。",
            {
                "prose_req_received": "15",
                "prose_req_by_channel__in_person": "2",
                "prose_req_by_channel__letter": "3",
                "prose_req_by_channel__online": "9",
                "prose_req_by_channel__fax": "0",
                "prose_req_by_channel__email": "1",
            },
        ),
        # review and litigation
        (
            "因政府信息公开引发行政复议5件，行政诉讼2件。",
            {"prose_review_total": "5", "prose_suit_total": "2"},
        ),
        (
            "政府信息公开行政复议6件，其中维持4件，被依法纠错1件，尚未审结1件；政府信息公开行政诉讼3件，结果维持2件，其他结果1件。",
            {
                "prose_review_total": "6",
                "prose_review_upheld": "4",
                "prose_review_corrected": "1",
                "prose_review_pending": "1",
                "prose_suit_total": "3",
                "prose_suit_upheld": "2",
                "prose_suit_other": "1",
            },
        ),
        ("未发生因政府信息公开引起的行政复议、行政诉讼。", {"prose_review_total": "0", "prose_suit_total": "0"}),
        ("全年没有因信息公开申请行政复议或提起行政诉讼的情况。", {"prose_review_total": "0", "prose_suit_total": "0"}),
        # disclosure, people, fees
        ("全年主动公开政府信息2560条。", {"prose_disclosed_total": "2560"}),
        ("从事政府信息公开工作人员16名，其中专职人员4名，兼职人员12名。", None),
        (
            "本年度发出收费通知2件，总金额350元，实际收取350元。",
            {"fee_notices": "2", "fee_notified_yuan": "350", "fee_collected_yuan": "350", "fee_statement": None},
        ),
        ("全年收取信息处理费0.12万元。", {"fee_collected_yuan": "1200.00", "fee_statement": None}),
        ("本年度未收取政府信息公开信息处理费。", {"fee_collected_yuan": "0", "fee_statement": None}),
        ("2023年没有产生政府信息公开信息处理费。", {"fee_collected_yuan": "0", "fee_statement": None}),
        # as reports before 2019 put it
        ("全市累计主动公开信息1250条。", {"prose_disclosed_total": "1250"}),
        ("截至12月31日，全年累计收到信息公开申请9件。", {"prose_req_received": "9"}),
        (
            "全年依申请公开信息共收取检索、复制、邮寄等费用2340元，减免费用120元。",
            {"fee_collected_yuan": "2340", "fee_statement": None},
        ),
        (
            "通过网站公开信息90条，政府公报公开信息20条，政务微博公开信息3条。",
            {
                "prose_disclosed_by_channel__website": "90",
                "prose_disclosed_by_channel__gazette": "20",
                "prose_disclosed_by_channel__weibo": "3",
            },
        ),
        (
            "因信息公开被申请行政复议3件，维持2件，撤销1件。",
            {"prose_review_total": "3", "prose_review_upheld": "2", "prose_review_corrected": "1"},
        ),
    ],
)
def test_what_a_sentence_states(text: str, expected: dict[str, str | None] | None) -> None:
    if expected is None:
        expected = {"prose_staff": "16", "prose_staff_full_time": "4", "prose_staff_part_time": "12"}
    assert facts_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2022年收到政府信息公开申请12件。",
        "上半年收到政府信息公开申请12件。",
        "截至6月底，收到政府信息公开申请12件。",
        "收到政府信息公开申请数量比上年增加12件。",
        "收到政府信息公开申请，同比增长12件。",
        "收到网民留言12件，受理群众来信30件，办理人大代表建议5件。",
        "完善政府信息公开申请办理流程，在5个工作日内答复12件工单。",
        "涉及政府信息公开的行政复议和行政诉讼案件共2件。",
        "未发生行政复议被纠错、行政诉讼败诉案件。",
        "该行政复议件未被复议审查机关纠错。",
        "全县行政复议机构办理行政复议案件320件。",
        "市司法局全年审理行政复议案件120件，其中维持80件。",
        "依照《2022年政府信息公开工作要点》，公开12件文件。",
        "全年办理许可事项时未收取费用。",
        "不得违规收取费用，没有发现乱收费。",
        "落实信息处理费管理办法，规范收费。",
        "其中市自然资源局办理情况较好。其中收到政府信息公开申请5件。",
        "对12件政府信息公开申请答复书进行评查。",
        "自2008年以来累计收到政府信息公开申请512件。",
        "发布行政公文和政策解读信息9条。",
        "公布政府信息公开申请电话12345678。",
        "第3次召开政府信息公开工作会议。",
        # all years so far, several years, several bodies, rates, other matters
        "截至去年底，全市累计主动公开信息12500条。",
        "《条例》施行以来，共收到信息公开申请102件。",
        "上年、本年分别收到信息公开申请12件、15件。",
        "市本级收到信息公开申请45件，各县（市、区）收到信息公开申请118件。",
        "平均每月主动公开信息500条。",
        "受理行政复议案件50件，其中涉及信息公开的若干。",
        "受理行政复议案件12件，行政诉讼案件3件，均与信息公开无关。",
        "依申请公开信息减免费用120元。",
    ],
)
def test_what_a_sentence_does_not_state(text: str) -> None:
    assert facts_of(text) == {}


def test_approximate_numbers_are_ambiguous_and_have_no_value() -> None:
    for text in ("主动公开政府信息5500余条。", "主动公开政府信息近5500条。", "主动公开政府信息5500条以上。"):
        (figure,) = facts.read_facts(document(text), [])
        assert (figure.status, figure.value, figure.alternatives) == ("ambiguous", None, ("5500",))


def test_every_statement_of_one_thing_is_a_fact_of_its_own() -> None:
    found = facts.read_facts(document("收到政府信息公开申请7件。", "全县收到政府信息公开申请9件。"), [])
    assert [(figure.code, figure.value) for figure in found] == [
        ("prose_req_received", Decimal(7)),
        ("prose_req_received", Decimal(9)),
    ]


def test_the_sentence_and_the_number_can_be_found_again() -> None:
    text = "前一句。全年收到 政府信息公开申请 １２ 件， 均已答复。后一句。"
    made = document(text)
    received, closed = facts.read_facts(made, [])
    assert received.raw == "１２ 件"
    assert closed.raw.endswith("均已答复")
    locator = received.locator.as_json()
    assert (
        text[locator["start"] : locator["end"]]
        == locator["sentence"]
        == "全年收到 政府信息公开申请 １２ 件， 均已答复。"
    )
    assert text[slice(*locator["number"])] == received.raw
    assert locator["in"] == made.blocks[1].locator.as_json()
    assert Locator.from_json(locator).as_json() == locator


def test_a_sentence_torn_by_a_line_break() -> None:
    made = document("本年度收到针对政府信息公开的行政复议7件，维持", "原具体行政行为6件，其他情形1件。")
    found = {figure.code: figure for figure in facts.read_facts(made, [])}
    assert {code: str(figure.value) for code, figure in found.items()} == {
        "prose_review_total": "7",
        "prose_review_upheld": "6",
        "prose_review_other": "1",
    }
    assert found["prose_review_total"].locator.get("in") == made.blocks[1].locator.as_json()
    assert found["prose_review_upheld"].locator.get("in") == made.blocks[2].locator.as_json()


def test_the_year_may_be_given() -> None:
    made = document("2022年收到政府信息公开申请12件。")
    assert not facts.read_facts(made, [])
    assert len(facts.read_facts(made, [], 2022)) == 1


def test_reports_that_quote_the_statistics_annex_have_its_codes_too() -> None:
    text = "根据国办发〔2014〕32号要求编制。全年收到政府信息公开申请12件，举办培训班3次讲信息公开，收到举报投诉0件。"
    codes = {figure.code: str(figure.value) for figure in facts.read_facts(document(text), [])}
    assert codes["s14_req_received"] == codes["prose_req_received"] == "12"
    assert codes["s14_trainings"] == "3"
    assert codes["s14_complaints"] == "0"
    assert not [code for code in facts_of("全年收到政府信息公开申请12件。") if code.startswith("s14_")]
    for year, quoted in ((2013, False), (2014, True), (2018, True), (2019, False)):  # the annex of these years
        found = facts.read_facts(document("全年收到政府信息公开申请12件。"), [], year)
        assert ("s14_req_received" in {figure.code for figure in found}) is quoted


@given(
    st.integers(0, 99999),
    st.sampled_from(["收到", "受理", "新收", "接收"]),
    st.sampled_from(["政府信息公开申请", "信息公开申请", "依申请公开申请", "政府信息依申请公开", "依申请公开"]),
    st.sampled_from(["", "共", "共计", "数量", "总数为", " "]),
    st.sampled_from(["件", "份", "宗"]),
    st.sampled_from(["", "2023年，", "一年来，我局", "（二）依申请公开情况。全年"]),
)
def test_any_number_in_any_wording(number: int, verb: str, thing: str, count: str, unit: str, opening: str) -> None:
    text = f"{opening}{verb}{thing}{count}{number}{unit}。"
    assert facts_of(text) == {"prose_req_received": str(number)}


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    made = document(text)
    for figure in facts.read_facts(made, [section(4, text)]):
        assert figure.locator.get("sentence") in text
    find_part_sums(made, [])


@pytest.mark.parametrize(
    "piece", ["其中", "收到的", "主动公开政府信息1条，", "行政复议", "未收到", "1", "其中文件1条，", "没有因"]
)
def test_endless_sentences_take_bounded_time(piece: str) -> None:
    made = document(piece * (30_000 // len(piece)))
    begun = time.process_time()
    facts.read_facts(made, [])
    find_part_sums(made, [])
    assert time.process_time() - begun < 20


def test_a_number_behind_a_very_long_list_is_found() -> None:
    text = "目录，" * 1500 + "全年收到政府信息公开申请12件"
    assert facts_of(text) == {"prose_req_received": "12"}


def shared_facts(shared: Path, name: str) -> tuple[dict[str, list[str]], tuple[PartsSum, ...]]:
    data, hints = (shared / "reports" / "documents" / name).read_bytes(), Hints(url=name)
    made = read_document(data, hints)
    official = sections.split(made, templates.load())
    found: dict[str, list[str]] = {}
    for figure in facts.read_facts(made, official):
        found.setdefault(figure.code, []).append(str(figure.value))
        sentence = resolve(data, figure.locator, hints)
        assert sentence == figure.locator.get("sentence")
        assert figure.raw in sentence
    return found, find_part_sums(made, official)


def test_the_narrative_of_2014_in_a_report_of_2019(shared: Path) -> None:
    found, sums = shared_facts(shared, "002_669e7d6ccc88cd65.txt")
    assert found["s14_req_received"] == ["234"]
    assert found["s14_disclosed_total"] == ["15036", "15036"]
    assert found["s14_review_total"] == ["7"]
    assert found["s14_review_upheld"] == ["6"]
    assert found["prose_req_closed"] == ["36", "234"]
    assert found["s14_budget_wan"] == ["11.6"]
    assert len([code for code in found if code.startswith("s14_")]) >= 25
    assert [(item.family, item.whole, item.total) for item in sums] == [
        ("requests by channel", 36, 31),
        ("disclosure channels", 15036, 14082),
        ("review outcomes", 7, 7),
        ("media accounts", 49, 58),
    ]


def test_the_other_shared_documents(shared: Path) -> None:
    found, _ = shared_facts(shared, "szfgs2024.pdf")
    assert found["prose_req_received"] == ["3119"]
    assert found["prose_req_closed"] == ["3050"]
    assert found["prose_req_carried_in"] == ["34"]
    assert found["prose_req_carried_out"] == ["103"]
    assert found["prose_review_total"] == ["351"]
    assert found["prose_suit_total"] == ["46"]
    assert found["fee_collected_yuan"] == ["3940"]
    found, sums = shared_facts(shared, "003_769035992f0aa54b.txt")
    assert {code: values[0] for code, values in found.items()} == {
        "prose_req_received": "7",
        "prose_req_closed": "7",
        "prose_review_total": "1",
        "prose_suit_total": "2",
    }
    assert [(item.whole, item.approximate) for item in sums] == [(4038, True)]
    found, _ = shared_facts(shared, "001_0e05ed9c8bb03ce6.txt")
    assert found["prose_req_received"] == found["prose_req_closed"] == ["26"]
    assert found["fee_collected_yuan"] == found["fee_notices"] == ["0"]
    found, sums = shared_facts(shared, "000_30a26f9f30ba6222.txt")
    assert not found
    assert [(item.whole, item.total, item.approximate) for item in sums] == [(3600, 3617, True)]
