"""Fetched pages: report, look-alike, shell with its body elsewhere, clone."""

# ruff: noqa: E501 - markup stands as sites write it

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.cms import Page
from crawler.discovery.pages import is_report_content, judge_page, names_its_host, own_title

URL = "http://www.a.gov.cn/nb/202403/t20240328_1.html"
TITLE = "甲县人民政府2023年政府信息公开工作年度报告"
BODY = (
    "<p>一、总体情况</p><p>二、主动公开政府信息情况</p><p>三、收到和处理政府信息公开申请情况</p>"
    "<p>四、政府信息公开行政复议、行政诉讼情况</p><p>五、存在的主要问题及改进情况</p>"
)


def page(body: str, title: str = TITLE, head: str = "", url: str = URL) -> Page:
    text = f'<html><head><meta name="ArticleTitle" content="{title}">{head}</head><body>{body}</body></html>'
    return Page(url, text.encode())


def test_a_report_is_known_by_its_headings():
    verdict = judge_page(page(f'<div id="zoom">{BODY}</div>'))
    assert (verdict.kind, verdict.reason, verdict.headings) == ("report", "report_content", 5)
    assert verdict.reading.year == 2023


def test_a_report_with_a_useless_title_is_still_one():
    assert judge_page(page(f'<div id="zoom">{BODY}</div>', title="信息公开")).kind == "report"


def test_a_lookalike_is_told_by_its_full_title_after_fetching():
    verdict = judge_page(
        page(f"<div>{BODY}</div>", title="图解：甲县2023年政府信息公开工作年度报告"), list_title="甲县2023年…"
    )
    assert (verdict.kind, verdict.reason) == ("lookalike", "explainer")


def test_a_page_of_another_kind():
    assert judge_page(page("<p>" + "今日要闻" * 100 + "</p>", title="春到甲县")).reason == "page_is_other"


ANNOUNCED = "甲县人民政府办公室关于发布2023年政府信息公开工作年度报告的公告"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<p>" + "现予公布，请广大市民监督。" * 20 + "</p>", "lookalike"),
        (BODY, "report"),  # many reports are called so
        (
            "<p>现予公布，请监督。</p><p><a href='P020240328.pdf'>甲县2023年政府信息公开工作年度报告.pdf</a></p>",
            "shell",
        ),
        (
            "<p>" + "现予公布。" * 60 + "</p><p><a href='/f/1.docx'>甲县2023年政府信息公开工作年度报告.docx</a></p>",
            "report",
        ),
    ],
)
def test_an_announcement_of_a_report_is_one_only_with_the_report(body: str, kind: str):
    assert judge_page(page(f'<div id="zoom">{body}</div>', title=ANNOUNCED)).kind == kind


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<div id="zoom"><p><a href="./P1.pdf">附件</a></p></div>', ["P1.pdf"]),
        ('<div id="zoom"><a href="/a/1.docx">甲县2023年政府信息公开工作年度报告.docx</a></div>', ["1.docx"]),
        ('<div id="zoom"><iframe src="/pdfjs/viewer.html?file=%2Ff%2Fx.pdf"></iframe></div>', ["x.pdf"]),
        (
            '<div id="zoom"><img src="./W1.jpg"><img src="./W2.jpg"><img src="/images/icon_pdf.gif"></div>',
            ["W1.jpg", "W2.jpg"],
        ),
        ('<div id="zoom"></div><a href="/download.jsp?id=3">下载PDF</a>', ["download.jsp?id=3"]),
    ],
)
def test_a_shell_leads_to_its_body(body: str, found: list[str]):
    verdict = judge_page(page(body))
    assert (verdict.kind, verdict.reason) == ("shell", "body_in_attachments")
    assert [attachment.url.rpartition("/")[2] for attachment in verdict.attachments] == found
    assert not any(attachment.twin for attachment in verdict.attachments)


def test_an_empty_body_without_anything_is_said_to_be_empty():
    assert judge_page(page('<div id="zoom"></div>')).reason == "body_empty"


@pytest.mark.parametrize(
    ("frames", "found", "beyond"),
    [
        ('<iframe src="/frames/a.html"></iframe>', ["/frames/a.html"], 0),
        (
            '<iframe src="http://ads.example.com/x.html"></iframe><frame src="b.htm"><iframe src="./b.htm"></iframe>',
            ["/nb/202403/b.htm"],
            0,
        ),
        ("".join(f'<iframe src="/f/{n}.html"></iframe>' for n in range(6)), [f"/f/{n}.html" for n in range(4)], 2),
    ],
)
def test_a_body_in_frames_of_the_portal_is_asked_for_as_parts(frames: str, found: list[str], beyond: int):
    verdict = judge_page(page(f'<div id="zoom">{frames}</div>'))
    assert (verdict.kind, verdict.reason, verdict.beyond) == ("shell", "body_in_frames", beyond)
    assert verdict.parts == tuple(f"http://www.a.gov.cn{path}" for path in found)


def test_frames_beside_a_body_are_no_parts_of_it():
    assert judge_page(page(f'<div id="zoom">{BODY}</div><iframe src="/frames/a.html"></iframe>')).parts == ()


def test_files_beside_a_full_report_are_twins_and_forms_are_not_taken():
    links = '<a href="a.pdf">下载PDF</a><a href="b.doc">信息公开申请表.doc</a><a href="c.pdf">甲县2021年政府信息公开工作年度报告.pdf</a>'
    verdict = judge_page(page(f'<div id="zoom">{BODY}{links}</div>'))
    assert [(a.url.rpartition("/")[2], a.twin) for a in verdict.attachments] == [("a.pdf", True)]


def test_a_document_in_several_pages_has_parts():
    script = '<script>createPageHTML(3, 0, "t20240328_1", "html")</script>'
    verdict = judge_page(page(f'<div id="zoom">{BODY}</div>{script}'))
    assert [url.rpartition("/")[2] for url in verdict.parts] == ["t20240328_1_1.html", "t20240328_1_2.html"]


@pytest.mark.parametrize(
    ("domain", "host", "same"),
    [
        ("www.a.gov.cn", "zwgk.a.gov.cn", True),
        ("http://www.a.gov.cn/", "a.gov.cn", True),
        ("www.b.gov.cn，www.a.gov.cn", "www.a.gov.cn", True),
        ("www.a.gov.cn", "www.b.gov.cn", False),
        ("www.a.gov.cn", "a-gov.cn.com", False),
        ("", "www.b.gov.cn", True),
    ],
)
def test_the_site_names_its_domain(domain: str, host: str, same: bool):
    text = f'<meta name="SiteDomain" content="{domain}">'
    assert names_its_host(Page(f"http://{host}/x.html", text.encode())) is same


def test_a_copy_on_a_host_that_is_not_its_own_is_a_clone():
    copy = page(f'<div id="zoom">{BODY}</div>', head='<meta name="SiteDomain" content="www.xizang.gov.cn">')
    assert judge_page(copy, trusted=False).kind == "clone"
    assert judge_page(copy, trusted=True).kind == "report"


def test_titles_come_from_the_tag_then_the_headline_then_the_list():
    assert own_title(page("<h1>x</h1>"))[0] == TITLE
    assert own_title(Page(URL, f"<h1>{TITLE}</h1>".encode()))[0] == TITLE
    assert own_title(Page(URL, b"<p></p>"), TITLE)[0] == TITLE


def test_a_menu_of_columns_is_no_report():
    menu = "<ul><li>政府信息公开指南</li><li>政府信息公开制度</li><li>法定主动公开内容</li><li>依申请公开</li></ul>"
    assert not is_report_content(page(menu))


def test_the_real_detail_page_of_pingtan(shared: Path):
    url = "https://www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/202001/t20200120_80576.htm"
    real = Page(url, (shared / "portal_pages" / "pingtan_2019_detail_head_EXCERPT.html").read_bytes())
    _, reading = own_title(real)
    assert (reading.agency, reading.year) == ("平潭综合实验区", 2019)


TABLE = "<table>" + "<tr><td>商业企业</td><td>0</td><td>1</td><td>0</td></tr>" * 3 + "</table>"


@pytest.mark.parametrize(
    ("inside", "outside", "found"),
    [
        # the text stands in the page, its tables in a file: in it or below it
        ("", "<p>附件：<a href='1.docx'>附件：统计表.docx</a></p>", [("1.docx", False)]),
        ("", "<a href='2.pdf'>附表.pdf</a>", [("2.pdf", False)]),
        ("<a href='3.xlsx'>附件2：2023年度政府信息公开情况统计表.xlsx</a>", "", [("3.xlsx", False)]),
        ("<a href='3.csv'>附件2：2023年度政府信息公开情况统计表.csv</a>", "", [("3.csv", False)]),
        ("<a href='4.xls'>甲县表格.xls</a>", "", [("4.xls", False)]),
        ("<a href='5.docx'>附件1.docx</a>", "", [("5.docx", False)]),
        # tables of the report always; other annexes only where the text has none
        (f"{TABLE}<a href='6.xls'>附表：申请情况表.xls</a>", "", [("6.xls", False)]),
        (f"{TABLE}<a href='7.docx'>附件1.docx</a>", "", [("7.docx", True)]),
        (f"{TABLE}<a href='8.docx'>工作清单.docx</a>", "", []),
        # a copy of the whole is a twin; forms, other years and other reports are none of it
        ("<a href='9.pdf'>甲县2023年政府信息公开工作年度报告.pdf</a>", "", [("9.pdf", True)]),
        ("<a href='a.doc'>政府信息公开申请表.doc</a>", "<a href='b.xls'>2021年统计表.xls</a>", []),
        ("", "<a href='c.xls'>2023年政府网站工作年度报表.xls</a>", []),
    ],
)
def test_files_that_hold_the_tables_are_parts_of_a_page_without(
    inside: str, outside: str, found: list[tuple[str, bool]]
):
    verdict = judge_page(page(f'<div id="zoom">{BODY}{inside}</div>{outside}'))
    assert verdict.kind == "report"
    assert [(a.url.rpartition("/")[2], a.twin) for a in verdict.attachments] == found


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("/attach/down.jsp?id=7&filename=nb2025.pdf", "/attach/down.jsp?id=7&filename=nb2025.pdf"),
        ("/download?fileName=%E5%B9%B4%E6%8A%A5.pdf&x=1", "/download?fileName=%E5%B9%B4%E6%8A%A5.pdf&x=1"),
        ("/get.aspx?name=nb.docx&id=3", "/get.aspx?name=nb.docx&id=3"),
        ("/attach/getfile?path=/f/x.pdf", "/attach/getfile?path=/f/x.pdf"),
        ("/pdfjs/web/viewer.html?file=x.pdf", "/pdfjs/web/x.pdf"),
        ("/show.jsp?file=%2Ff%2Fx.pdf", "/f/x.pdf"),
        ("/ow/frame.html?src=http://www.a.gov.cn/f/x.pdf", "/f/x.pdf"),
        ("/f/x.pdf?v=2", "/f/x.pdf?v=2"),
    ],
)
@pytest.mark.parametrize("frame", ['<iframe src="{}"></iframe>', '<embed src="{}">', '<object data="{}"></object>'])
def test_a_frame_shows_a_file_or_is_one(frame: str, source: str, asked: str):
    (found,) = judge_page(page(f'<div id="zoom">{frame.format(source.replace("&", "&amp;"))}</div>')).attachments
    assert found.url == f"http://www.a.gov.cn{asked}"


def test_pictures_and_parts_without_end_are_counted():
    pictures = "".join(f'<img src="W{number}.jpg">' for number in range(120))
    verdict = judge_page(page(f'<div id="zoom">{pictures}</div>'))
    assert (len(verdict.attachments), verdict.beyond) == (100, 20)
    script = '<script>createPageHTML(45, 0, "t20240328_1", "html")</script>'
    verdict = judge_page(page(f'<div id="zoom">{BODY}</div>{script}'))
    assert (len(verdict.parts), verdict.beyond) == (29, 15)
