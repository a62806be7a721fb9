import itertools

import pytest

from parsers.formats.html import content, dom, tree
from tests.parsers.formats.html.pages import read

MENU = "<ul>" + "".join(f"<li><a href='/{i}'>栏目导航第{i}项</a></li>" for i in range(12)) + "</ul>"
FOOT = "<div>主办单位：某县人民政府办公室 网站标识码1234567890 备案号12345678</div>"
TABLE = (
    "<table><tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数<tr><td>规章<td>0<td>0<td>0"
    "<tr><td>行政规范性文件<td>1<td>2<td>3</table>"
)
BODY = (
    "<p>根据条例的规定，编制本报告，统计期限为全年，欢迎查阅。</p><p>一、总体情况</p>"
    "<p>全年公开了若干信息，办理了若干申请，均按期答复，没有逾期。</p><p>二、主动公开政府信息情况</p>" + TABLE
)
HEAD = "<h1>某县2023年政府信息公开工作年度报告</h1><div>发布日期：2024-01-15 信息来源：某县人民政府办公室</div>"

PORTALS = {
    "identifier": "<div class=nav>{menu}</div><div id=zoom>{head}{body}</div><div>{foot}</div>",
    "nothing wrapped": "{menu}{head}{body}{foot}",
    "tables": "<table><tr><td>{menu}<td>{head}<table><tr><td>{body}</table></table>{foot}",
    "head apart": "<div>{menu}</div><div><div>{head}</div><div><div><div>{body}</div></div></div></div>{foot}",
    "one form": "<form id=form1>{menu}<div><span><ucapcontent>{head}{body}</ucapcontent></span></div>{foot}</form>",
    "side bar": "<div><div style='float:left'>{menu}{menu}</div><div>{head}<article>{body}</article></div></div>{foot}",
    "font soup": "<center><font><span>{head}{body}</span></font></center>{menu}{foot}",
}


def content_of(page: str) -> tuple[str, content.Region, dom.Element]:
    root = tree.parse(page)
    found = content.find(root, content.words())
    return dom.plain_text(found.core), found, root


@pytest.mark.parametrize("name", PORTALS)
def test_the_content_is_found_in_any_portal(name: str) -> None:
    page = PORTALS[name].format(menu=MENU, head=HEAD, body=BODY, foot=FOOT)
    text, found, root = content_of(page)
    for part in ("根据条例", "一、总体情况", "均按期答复", "行政规范性文件", "3"):
        assert part in text
    assert found.weights[found.core].strong == found.weights[root].strong > 0
    if "nothing wrapped" not in name and "font soup" not in name:
        assert "栏目导航" not in text


def test_sections_in_boxes_of_their_own() -> None:
    parts = BODY.split("<p>二、")
    page = f"{MENU}<div><div>{parts[0]}</div><div><p>二、{parts[1]}</div></div>{FOOT}"
    text, _, _ = content_of(page)
    assert "根据条例" in text
    assert "行政规范性文件" in text
    assert "栏目导航" not in text


def test_a_page_without_a_report_is_still_read_by_its_sentences() -> None:
    news = "<p>今天召开会议，研究部署有关工作，要求各单位抓好落实。</p>" * 4
    text, found, _ = content_of(f"<div>{MENU}</div><div id=x>{news}</div>{FOOT}")
    assert not found.weights[found.core].strong
    assert text.count("今天召开会议") == 4
    assert "栏目导航" not in text


def test_hidden_content_is_read_when_nothing_else_is_there() -> None:
    text, found, _ = content_of(f"{MENU}<div style='display:none'>{BODY}</div>{FOOT}")
    assert found.revealed
    assert "行政规范性文件" in text


def test_hidden_text_beside_visible_content_stays_hidden() -> None:
    text, found, _ = content_of(f"<div>{BODY}<div style='display:none'>{TABLE}</div></div>")
    assert not found.revealed
    assert text.count("行政规范性文件") == 1


def test_headline_and_date_bar_stand_with_the_content() -> None:
    page = (
        f"<div>今天是2025年12月30日 星期二</div>{MENU}<h1>某县2023年政府信息公开工作年度报告</h1>"
        f"<ul><li>发布日期：</li><li>2024-01-15</li></ul><div><div>{BODY}</div></div>"
        f"<div><a href=/a>上一篇：2022年政府信息公开工作年度报告</a></div>{FOOT}"
    )
    root = tree.parse(page)
    known = content.words()
    found = content.find(root, known)
    lines = []
    for element, number in content.around(root, found, known):
        if number is None:
            lines.append("*")
        else:
            lines.append(line_text(element, number))
    assert lines == ["某县2023年政府信息公开工作年度报告", "发布日期：", "2024-01-15", "*"]


def test_lists_of_links_in_the_content_are_boilerplate_and_notes_are_not() -> None:
    root = tree.parse(f"<div id=c>{BODY}{MENU}<ul><li>说明一</li><li>说明二</li><li>说明三</li></ul></div>")
    found = content.find(root, content.words())
    lists = [element for element in root.descend() if element.tag == "ul"]
    assert [content.is_boilerplate(element, found) for element in lists] == [True, False]


@pytest.mark.parametrize(
    "headline",
    [
        "<div>某县财政局<br>2023年政府信息公开工作年度报告</div>",
        "<p>某县财政局</p><p>2023年政府信息公开工作年度报告</p>",
        "<div>某县财政局2023年<br>政府信息公开工作<br>年度报告</div>",
    ],
)
def test_a_headline_in_lines_outside_the_content_is_kept_whole(headline: str) -> None:
    _, found, root = content_of(f"{MENU}<div><div>{headline}</div><div><div>{BODY}</div></div></div>{FOOT}")
    kept = [line_text(element, number) for element, number in lines_around(root, found)]
    assert "某县财政局2023年政府信息公开工作年度报告" in "".join(kept)


def test_the_name_of_the_site_is_no_part_of_the_headline() -> None:
    page = f"<div><b>某县人民政府</b></div>{MENU}<div><h1>2023年政府信息公开工作年度报告</h1><div>{BODY}</div></div>"
    _, found, root = content_of(page)
    assert not any("某县人民政府" in line_text(element, number) for element, number in lines_around(root, found))


def lines_around(root: dom.Element, found: content.Region) -> list[tuple[dom.Element, int]]:
    around = content.around(root, found, content.words())
    return [(element, number) for element, number in around if number is not None]


def line_text(element: dom.Element, number: int) -> str:
    return next(itertools.islice((piece for piece in dom.pieces(element) if isinstance(piece, str)), number, None), "")


@pytest.mark.parametrize(
    "headline",
    [
        "灵台县关于2013年度政府信息公开工作情况的报告",
        "政府信息公开情况统计表（2018年度）",
        "温县2009年执行《政府信息公开条例》情况报告",
    ],
)
def test_a_headline_beside_the_content_is_told_by_the_rule_for_titles(headline: str) -> None:
    page = f"<div>{MENU}</div><div class=title>{headline}</div><div><p>政府信息公开制度</p></div><div id=z>{BODY}</div>"
    _, found, root = content_of(page)
    kept = [line_text(element, number) for element, number in lines_around(root, found)]
    assert kept == [headline]


def test_tables_in_tabs_are_told_and_not_read() -> None:
    rows = "".join("<tr><td>行政许可<td>1<td>2<td>3" for _ in range(3))
    title = "<h1>某县2023年政府信息公开工作年度报告</h1>"
    shown = f"{title}<p>一、总体情况</p><p>本报告由某县人民政府办公室编制，内容完整。</p>"
    page = f"{shown}<div class=pane style='display:none'><p>二、主动公开政府信息情况</p><table>{rows}</table></div>"
    document = read(page)
    assert document.tables() == ()
    (notice,) = [notice for notice in document.notices if notice.code == "hidden_tables"]
    assert notice.message.startswith("1 table(s)")
    small = page.replace(rows, "<tr><td>1<td>2")
    assert "hidden_tables" not in {notice.code for notice in read(small).notices}
    assert "hidden_tables" not in {notice.code for notice in read(f"{shown}<table>{rows}</table>").notices}
