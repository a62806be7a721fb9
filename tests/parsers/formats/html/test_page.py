"""Pages loaded: their charset, what their head says, and their links."""

from __future__ import annotations

import pytest

from parsers import Hints
from parsers.formats.html import reader
from tests.parsers.formats.html.pages import NONE, T2, read


@pytest.mark.parametrize("label", ["gb2312", "utf-8", "GBK"])
def test_charset_by_the_bytes_and_meta_by_any_spelling(label: str) -> None:
    page = (
        f"<head><meta content='text/html; charset={label}' http-equiv=Content-Type><title>\n 镕县 年报</title>"
        "<META CONTENT='2024-01-15 10:00' NAME='PubDate'><meta name=ArticleTitle content='镕县2023年报'>"
        f"<meta name=author content='某人'></head><table>{T2}</table>"
    )
    document = reader.read(page.encode("gb18030"), Hints(charset="iso-8859-1"))
    assert document.charset == "gb18030"
    assert dict(document.meta) == {"title": "镕县 年报", "pubdate": "2024-01-15 10:00", "articletitle": "镕县2023年报"}


def test_undecodable_bytes_are_told() -> None:
    data = f"<p>一、总体情况</p><table>{T2}</table>".encode()
    assert reader.read(data.replace("规章".encode(), b"\xff\xff"), NONE).notices[0].code == "undecodable_bytes"
    assert not reader.read(data, NONE).notices


def test_links_of_the_content_and_files_anywhere() -> None:
    page = (
        "<ul><li><a href=/a>首页</a><li><a href=/b>要闻</a><li><a href=/c>公开</a></ul>"
        f"<div><p>一、总体情况</p><p>附件：<a href='./P02024.pdf'>年报.pdf</a></p><table>{T2}</table></div>"
        "<div><a href='/down/x.docx?id=1'>下载</a><a href='javascript:void(0)'>打印</a></div>"
    )
    assert [(link.text, link.href) for link in read(page).links] == [
        ("年报.pdf", "./P02024.pdf"),
        ("下载", "/down/x.docx?id=1"),
    ]


def test_files_embedded_in_viewers_are_links() -> None:
    page = (
        f"<div><p>一、总体情况</p><table>{T2}</table></div><iframe src='/web/viewer.html?file=/P02024.pdf'></iframe>"
        "<embed src=/a.pdf><object data=/b.docx></object><iframe src=/footer.html></iframe>"
    )
    assert [link.href for link in read(page).links] == ["/web/viewer.html?file=/P02024.pdf", "/a.pdf", "/b.docx"]
