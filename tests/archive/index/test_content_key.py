"""When are two captures the same content: what the report says decides, not what stands around it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.index.content_key import content_key, load_normaliser
from parsers import ConfigurationError, Hints

HINTS = Hints(url="http://www.a.gov.cn/1.html", media_type="text/html")
PAGE = """<html><head><title>t</title></head><body><div class="nav"><a href="/">首页</a> {nav}</div>
<div class="TRS_Editor"><h1>甲县人民政府2020年政府信息公开工作年度报告</h1>
<p>发布时间：2021-01-20 浏览次数：{count} 次</p>
<p>{space}现将2020年政府信息公开工作情况报告如下，请予监督。本报告由甲县人民政府办公室编制，全文共六个部分。</p>
<table><tr><td>规章</td><td>0</td></tr><tr><td>规范性文件</td><td>{cell}</td></tr></table></div></body></html>"""


def key(**values: str) -> str:
    """Key of the page with these parts."""
    filled = {"nav": "", "count": "1", "space": "", "cell": "7", **values}
    return content_key(PAGE.format(**filled).encode(), HINTS)


@pytest.mark.parametrize("same", [{"count": "2033"}, {"space": "　　 \n&nbsp;"}, {}])
def test_what_changes_at_every_visit_is_no_change(same: dict[str, str]) -> None:
    assert key(**same) == key()
    assert key().startswith("text:")


@pytest.mark.parametrize("other", [{"cell": "8"}, {"cell": ""}, {"space": "更正："}])
def test_what_the_report_says_is(other: dict[str, str]) -> None:
    assert key(**other) != key()


def test_the_encoding_is_not_content() -> None:
    text = PAGE.format(nav="", count="1", space="", cell="7")
    assert content_key(text.encode("gb18030"), HINTS) == content_key(text.encode(), HINTS)


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n0000", b"%PDF-1.7 broken", b"<html><img src=1.jpg></html>"])
def test_where_there_is_no_text_the_bytes_are_the_content(data: bytes) -> None:
    assert content_key(data, Hints()).startswith("bytes:")
    assert content_key(data, Hints()) != content_key(data + b"x", Hints())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("点击数：[ 88 ] 次", ""),
        ("字号：[ 大 中 小 ]", ""),
        ("【打印】【关闭】", ""),
        ("今天是2026年11月20日 星期五", ""),
        ("收到申请41件，访问量大", "收到申请41件，访问量大"),
    ],
)
def test_what_is_volatile(text: str, left: str) -> None:
    assert load_normaliser().text(text) == left


def test_a_mistake_in_the_rules_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content.yaml").write_text("version: 1\nvolatile: ['(']\n", encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"content\.yaml"):
        load_normaliser()
