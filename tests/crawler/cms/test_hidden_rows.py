"""Links that no parser of HTML sees: scripts, data stores, answers of back-ends."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

import pytest

from parsers.formats.media import FILE_ENDINGS
from tests.crawler.cms.played import column


def test_rows_hidden_in_scripts_are_found():
    found = column(
        "<script>document.writeln('<li><a href=\"/a/1.html\">甲</a></li>');</script>"
        '<script type="text/xml"><datastore><recordset><record><![CDATA[<li><a href="/b/2.html">乙</a></li>]]></record>'
        "</recordset></datastore></script>"
        "<script>var articleList = [{id: 1, title: '丙', urls: '{\"pc\":\"/c/3.html\"}', pubDate: '2024-01-05',},];</script>"
        "<script>var data = [['丁县文件', '/d/4.html', '2024-02-06']]; addRow('戊县文件', './e/5.html', '2024-03-07');</script>"
    ).links
    assert {(row.text, row.url, row.date) for row in found} == {
        ("丁县文件", "http://www.a.gov.cn/d/4.html", "2024-02-06"),
        ("戊县文件", "http://www.a.gov.cn/zwgk/nb/e/5.html", "2024-03-07"),
        ("甲", "http://www.a.gov.cn/a/1.html", None),
        ("乙", "http://www.a.gov.cn/b/2.html", None),
        ("丙", "http://www.a.gov.cn/c/3.html", "2024-01-05"),
    }


@pytest.mark.parametrize(
    "body",
    [
        '{"data":{"rows":[{"title":"甲","url":"/a/1.html","pubtime":"2024-02-03 10:00:00"}]}}',
        'callback({"result":"<datastore><record><![CDATA[<li><a href=\\"/a/1.html\\">甲</a>2024-02-03</li>]]></record></datastore>"});',
        '{"success":true,"data":{"html":"<ul><li><a href=\'/a/1.html\'>甲</a><i>2024-02-03</i></li></ul>"}}',
        '{"articles":[{"title":"甲","post_url":"","url":"http://www.a.gov.cn/a/1.html","display_publish_time":1706929200}]}',
    ],
)
def test_answers_of_back_ends_are_rows(body: str):
    assert [(row.text, row.url, row.date) for row in column(body).links] == [
        ("甲", "http://www.a.gov.cn/a/1.html", "2024-02-03")
    ]


def test_links_that_a_script_fills_in_as_they_stand_are_rows():
    script = """<script>e.innerHTML="<a href=\\"/zwgk/\\">政府信息公开</a>"; l.innerHTML = '<a href="' + x.u + '">' + x.t;</script>"""
    assert [(row.text, row.url) for row in column(script).links] == [("政府信息公开", "http://www.a.gov.cn/zwgk/")]


@pytest.mark.parametrize("ending", [*FILE_ENDINGS, "html", "shtml", "jsp", "aspx", "PDF"])
def test_a_row_of_data_may_lead_to_any_file_that_a_link_may(ending: str):
    rows = column(
        f"<script>var data = [['丁县年度报告', '/d/4.{ending}', '2024-02-06']];</script>"
        f"<script>var list = [{{title: '丙县年度报告', url: '5.{ending}'}}];</script>"
    ).links
    assert {(row.text, row.url) for row in rows} == {
        ("丁县年度报告", f"http://www.a.gov.cn/d/4.{ending}"),
        ("丙县年度报告", f"http://www.a.gov.cn/zwgk/nb/5.{ending}"),
    }


def test_what_only_looks_like_an_ending_is_no_address():
    assert column("<script>var list = [{title: '丙县年度报告', url: 'v1.etag'}];</script>").links == ()


@pytest.mark.parametrize(
    ("nodes", "addresses"),
    [
        (
            '[{"id":1,"pId":0,"name":"政府信息公开年报"},{"id":2,"name":"甲县财政局","lj":"n2.html"},{"id":3,"name":"甲县民政局","lj":"n3.html"}]',
            ["n2.html", "n3.html"],
        ),
        (
            '[{"text":"甲县财政局","wzdz":"list.jsp?bm=2"},{"text":"甲县民政局","wzdz":"list.jsp?bm=3","nodes":[{"text":"甲县乙所","wzdz":"list.jsp?bm=4"},{"text":"甲县丙所","wzdz":"list.jsp?bm=5"}]}]',
            ["list.jsp?bm=2", "list.jsp?bm=3", "list.jsp?bm=4", "list.jsp?bm=5"],
        ),
        (
            '[{"title":"甲县财政局","dest":"/bm/2.shtml","icon":"a.png"},{"title":"甲县民政局","dest":"/bm/3.shtml","icon":"a.png"}]',
            ["/bm/2.shtml", "/bm/3.shtml"],
        ),
        ('[{"title":"甲县财政局","tpl":"list.html"},{"title":"甲县民政局","tpl":"list.html"}]', []),  # the same for all
        (
            '[{"title":"甲县财政局","tpl":"a.html","url":"/bm/2.shtml"},{"title":"甲县民政局","tpl":"b.html","url":"/bm/3.shtml"}]',
            ["/bm/2.shtml", "/bm/3.shtml"],
        ),
        (
            '[{"title":"甲县财政局","a":"1.html","b":"2.html"},{"title":"甲县民政局","a":"3.html","b":"4.html"}]',
            [],
        ),  # which?
    ],
)
def test_nodes_of_a_tree_call_their_addresses_as_they_like(nodes: str, addresses: list[str]):
    assert [row.href for row in column(f"<script>var zNodes = {nodes};</script>").links] == addresses
