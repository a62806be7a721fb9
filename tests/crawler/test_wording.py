"""Wordings of links and pages: what they fit, what they leave, and how a mistake in the file is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crawler import wording
from crawler.wording import link_words, page_words
from parsers import ConfigurationError
from parsers.configuration import facts_file
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("field", "fits", "leaves"),
    [
        ("column", ["政府信息公开年报", "年度报告", "市直部门年报"], ["政府工作报告解读", "2023年年报"]),
        ("year", ["2023", "2023年", "[2019]年", "2020年度报告"], ["1999", "2023年1月"]),
        ("group", ["市直部门", "乡镇街道", "More"], ["温县人民政府"]),
        ("body", ["温县教育局", "孝敬镇", "公安局(交警支队)"], ["关于局长的任命决定通知书", "教育局2023"]),
        ("says_nothing", ["点击查看", "[下载]", "PDF版", "查看全文"], ["查看报告", "下载2023年年报"]),
        ("pager", ["3", "下一页", ">>"], ["2023年", "下一页的报告"]),
    ],
)
def test_wordings_fit_what_they_name_and_nothing_else(field: str, fits: list[str], leaves: list[str]) -> None:
    pattern = getattr(link_words(), field)
    assert [text for text in fits if not pattern.search(text)] == []
    assert [text for text in leaves if pattern.search(text)] == []


def test_mobile_twins_lead_to_the_page_itself() -> None:
    assert link_words().mobile.sub("", "/t20240101_7_wap.html") == "/t20240101_7.html"
    assert link_words().mobile.search("/content/mpost_12.html")


def test_every_prescribed_heading_is_one_of_its_own() -> None:
    printed = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "其他需要报告的事项")
    found = [{number for number, one in enumerate(page_words().headings) if one.search(text)} for text in printed]
    assert all(len(numbers) == 1 for numbers in found)
    assert len(set.union(*found)) == len(printed)


def test_a_mistake_in_the_file_is_told_with_line_and_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "config" / "templates", tmp_path / "templates")
    text = (ROOT / "config" / "links.yaml").read_text(encoding="utf-8")
    (tmp_path / "links.yaml").write_text(text.replace('  menu: "公开"', '  menu: "(公开"'), encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"links\.yaml line \d+: links\.menu"):
        link_words()


def test_the_file_is_looked_up_once_for_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = link_words()
    text = (ROOT / "config" / "links.yaml").read_text(encoding="utf-8")
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        changed = text.replace('  menu: "公开"', f'  menu: "{name}"')
        (tmp_path / name / "links.yaml").write_text(changed, encoding="utf-8")
    for name in ("甲", "乙", "甲"):
        monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path / name))
        assert link_words().menu.pattern == name
        monkeypatch.setattr(wording, "facts_file", lambda _: pytest.fail("looked up again"))
        assert link_words() is link_words()
        monkeypatch.setattr(wording, "facts_file", facts_file)
    monkeypatch.delenv("GONGKAI_CONFIG")
    assert link_words().menu.pattern == packaged.menu.pattern
