"""Numbers that lists state: in any spelling, in words, in answers; and numbers that count something else."""

from __future__ import annotations

import pytest

from crawler.cms.page import Page
from crawler.cms.stated import Stated, in_data, in_markup


@pytest.mark.parametrize(
    ("markup", "stated"),
    [
        ('<div id="pageDec" pageSize="5" recordCount="12" curPage="1"></div>', Stated(12, None, 5)),
        ('<div class="pager">每页 5 条，共 12 条</div>', Stated(12, None, 5)),
        ("<a>1</a><a>2</a><a>3</a> <em>11 条记录</em>", Stated(11, None, None)),
        ("<span>4</span>\n<span>5</span> 23篇文章", Stated(23, None, None)),
        ("<li><a href='index_1.html'>2</a></li><li>7 条信息</li>", Stated(7, None, None)),
        ('<ul data-total-count="12" data-page-size="5"></ul>', Stated(12, None, 5)),
        ('<div id="page" count="12" pages="3"></div>', Stated(12, 3, None)),
        (
            "<script>laypage.render({elem: 'p', count: 12, limit: 5, jump: function (o) {}});</script>",
            Stated(12, None, 5),
        ),
        ("<script>$('#p').pagination(12, {items_per_page: 5, callback: f});</script>", Stated(12, None, 5)),
        ("<script>new Paging({total:12,size:5})</script>", Stated(12, None, 5)),
        ("<div>共有十二条记录　每页显示五条</div>", Stated(12, None, 5)),
        ("<p>总计一百零三条信息 共二十一页</p>", Stated(103, 21, None)),
        ('<input type="hidden" id="totalCount" value="12"><input name="pageSize" value="5">', Stated(12, None, 5)),
        ('共<b class="record-count">12</b>', Stated(12, None, None)),
        ("<script>var m_nRecordCount = 12, m_nPageSize = 5;</script>", Stated(12, None, 5)),
        ("<script>layui({recordCount: parseInt('12'), perPage: 5})</script>", Stated(12, None, 5)),
        ("<datastore><totalrecord>8</totalrecord><totalpage>2</totalpage><recordset/></datastore>", Stated(8, 2, None)),
        ("<p>显示第 1 到第 5 条记录，总共 12 条记录</p>", Stated(12, None, None)),
        ("<span>总记录数：<b>1,234</b></span> 共有 62 页", Stated(1234, 62, None)),
        ("<p>共检索到 12 篇 第1/3页 5条/页</p>", Stated(12, 3, 5)),
        ("<p>Total 12 records</p>", Stated(12, None, None)),
        ('<div class="pagination" count="12" rows="5" pageno="1"></div>', Stated(12, None, 5)),
        ('<div class="fenye" count="12" limit="5"></div>', Stated(12, None, 5)),
        ('<b id="x" total="12" size="5" currentPage="1"></b>', Stated(12, None, 5)),
        ("<script>$('#1').jpage({totalRecord:200});$('#2').jpage({totalRecord:12});</script>", Stated(12, None, None)),
        ("<script>var pageCount = 0; pageCount = 3;</script>", Stated(None, 3, None)),
    ],
)
def test_totals_in_any_spelling(markup: str, stated: Stated):
    assert in_markup(markup) == stated


@pytest.mark.parametrize(
    "markup",
    [
        '<li><a href="/a.html">关于征集意见的公告，共12条意见已采纳，请查阅全部内容说明</a></li>',
        '<img id="banner" count="12"><a class="hit" data-id="12">3</a>',
        "<script>var count = 12; var total = '7';</script>",
        "<script>document.write('共' + n + '条')</script>",
        "<style>.total{width:12px}</style> 第12条 本办法自发布之日起施行",
        '<div id="recordCount20240101123456">x</div>',
        "<script>turnPage({count: 3, elem: 'p'}); chart({count: 12, size: 5});</script>",
        "<p>上一条信息 下一条信息 第五十条 共有产权三条</p>",
    ],
)
def test_numbers_that_count_something_else(markup: str):
    assert in_markup(markup).records is None


def test_of_two_numbers_the_one_that_fits_the_pages_is_the_lists():
    assert in_markup('<i data-total="x" infoCount="90"></i> 每页5条 共12条 共3页').records == 12


@pytest.mark.parametrize(
    ("data", "stated"),
    [
        ({"code": 200, "data": {"total": 12, "rows": [{"title": "t", "count": 3}]}}, Stated(12, None, None)),
        ({"page": {"totalElements": "12", "totalPages": 3, "pageSize": 5}}, Stated(12, 3, 5)),
        ({"html": "<datastore><totalrecord>8</totalrecord></datastore>"}, Stated(8, None, None)),
        ({"list": [{"title": "t", "content": "<p>共 12 条意见</p>"}]}, Stated(None, None, None)),
        ({"success": True, "total": True}, Stated(None, None, None)),
    ],
)
def test_totals_of_answers(data: object, stated: Stated):
    assert in_data(data) == stated


@pytest.mark.parametrize(("stated", "turned"), [(Stated(12, None, 5), 3), (Stated(12, 4, 5), 4), (Stated(12), None)])
def test_pages_from_entries_and_the_size_of_a_page(stated: Stated, turned: int | None):
    assert stated.turned == turned


@pytest.mark.parametrize(
    ("answer", "vague"),
    [({"count": 5}, True), ({"data": {"num": 5}}, True), ({"total": 5}, False), ({"count": 5, "totalCount": 9}, False)],
)
def test_a_number_of_a_name_that_says_little_is_vague(answer: dict[str, object], *, vague: bool):
    assert in_data(answer).vague is vague


OWN = "".join(f'<li><a href="/nb/t2024012{n}_{n}.html">甲局202{n}年政府信息公开年度报告</a></li>' for n in range(4))
NEWS = "".join(f'<li><a href="/xw/t2024022{n}_{n}.html">要闻{n}</a><span>2024-02-02</span></li>' for n in range(3))


@pytest.mark.parametrize(
    ("markup", "records"),
    [
        # of all that the site holds
        (f"<div>本站共有信息 3821 条</div><ul>{OWN}</ul>", None),
        (f"<ul>{OWN}</ul><form>站内检索 共 3821 条</form>", None),
        (f"<ul>{OWN}</ul><p>网站累计总计 3,821 条</p>", None),
        (f"<p>全站共3821条</p><ul>{OWN}</ul><p>共 12 条</p>", 12),
        # of another list: fewer than this one shows, or farther away
        (f"<ul>{NEWS}</ul><i id=recordCount>3</i><ul>{OWN}</ul><i id=recordCount>12</i>", 12),
        (f"<ul>{OWN}</ul><i id=recordCount>12</i><ul>{NEWS}</ul><i id=recordCount>3</i>", 12),
        (f"<ul>{OWN}</ul><i id=recordCount>12</i><ul>{NEWS}</ul><i id=recordCount>8</i>", 12),
        (f"<ul>{NEWS}</ul><b>共 8 条</b><ul>{OWN}</ul><b>共 12 条</b>", 12),
        (f"<ul>{OWN}</ul><b>共 12 条</b><ul>{NEWS}</ul><b>共 8 条</b>", 12),
        (f"<b>共 12 条</b><ul>{OWN}</ul><ul>{NEWS}</ul><b>共 3 条</b>", 12),
        (f"<ul>{OWN}</ul><i data-total-count=4></i><ul>{NEWS}</ul><i data-total-count=90></i>", 4),
        (f"<ul>{NEWS}</ul><i data-total-count=90></i><ul>{OWN}</ul><i data-total-count=4></i>", 4),
        # a document and its file in one row are one entry
        (f"<ul><li>{'甲'}<a href=/a/1.html>2020年年度报告</a><a href=/a/1.pdf>下载</a></li></ul><b>共 1 条</b>", 1),
    ],
)
def test_of_several_totals_the_one_of_the_list_counts(markup: str, records: int | None):
    page = Page("http://www.a.gov.cn/nb/", f"<html><body>{markup}</body></html>".encode())
    assert page.stated.records == records
