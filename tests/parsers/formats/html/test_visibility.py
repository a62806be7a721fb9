"""What a reader of the page would not read is not read; what is seen is."""

import re
from random import Random

import pytest

from parsers import Hints, parse
from parsers.forms import templates
from tests.parsers import layouts
from tests.parsers.formats.seen import HEAD, cells, codes, read
from tests.parsers.tables import test_layouts


@pytest.mark.parametrize(
    "cell",
    [
        "<s>1248</s>1284",
        "<strike>1248</strike>1284",
        "<del>1248</del><ins>1284</ins>",
        "<span style='TEXT-DECORATION: underline line-through'>1248</span>1284",
        "<span style='text-decoration-line:line-through'><b>12</b>48</span>1284",
        "<span class=gone>1248</span>1284",
        "<p class=gone>1248<p>1284",
    ],
)
def test_text_struck_through_is_not_read(cell: str) -> None:
    page = f"<style>.gone {{ text-decoration: line-through }}</style>{HEAD}<td>{cell}</table>"
    assert cells(page) == ["1284"]
    assert codes(page) == ["text_not_shown"]


def test_a_row_struck_through_keeps_its_place_and_says_nothing() -> None:
    page = f"{HEAD}<td>1<tr style='text-decoration:line-through'><td>行政处罚<td>7<tr><td>行政强制<td>3</table>"
    assert [cell.text for cell in read(page).tables()[0].cells if cell.row == 2] == ["", ""]
    assert [cell.text for cell in read(page).tables()[0].cells if cell.row == 3] == ["行政强制", "3"]


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "visibility:hidden",
        "opacity:0",
        "opacity:0.01",
        "filter:opacity(0)",
        "font-size:0",
        "font-size:1px",
        "font:0/0 a",
        "color:#fff",
        "color:WHITE",
        "color:rgb(255, 255, 254)",
        "color:rgba(0,0,0,0)",
        "color:transparent",
        "color:hsl(0,0%,99%)",
        "background:#336699;color:#336699",
        "position:absolute;left:-9999px",
        "position:absolute;top:-99em",
        "display:inline-block;text-indent:-9999px",
        "margin-left:-5000px",
        "display:inline-block;transform:translateX(-9999px)",
        "display:inline-block;transform:scale(0)",
        "position:absolute;clip:rect(0 0 0 0)",
        "position:absolute;clip:rect(1px, 1px, 1px, 1px)",
        "clip-path:inset(100%)",
        "position:absolute;width:1px;height:1px;overflow:hidden",
        "display:block;height:0;overflow:hidden",
        "mso-hide:all",
    ],
)
def test_text_that_is_not_seen_is_not_read(style: str) -> None:
    own = f"{HEAD}<td><span style='{style}'>7004</span>1284</table>"
    by_class = f"<style>td > .k {{ {style} }}</style>{HEAD}<td><b class=k>7004</b>1284</table>"
    for page in (own, by_class):
        assert [cell.strip() for cell in cells(page)] == ["1284"]
        assert codes(page) == ["text_not_shown"]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("<td style='font-size:0'>99<b style='font-size:12px'>84</b>", "84"),
        ("<td style='visibility:hidden'>99<b style='visibility:visible'>84</b>", "84"),
        ("<td bgcolor=#336699><font color=white>84</font>", "84"),
        ("<td style='background:navy'><span style='color:#fff'>84</span>", "84"),
        ("<td style='background:url(a.png)'><span style='color:#fff'>84</span>", "84"),
        ("<td style='background:var(--head);color:#fff'>84", "84"),
        ("<td style='background:oklch(40% 0.2 260);color:white'>84", "84"),
        ("<td bgcolor=336699>84<font color=#336699>99</font>", "84"),
        ("<td style='text-indent:-21pt;padding-left:21pt'>84", "84"),
        ("<td><span style='width:1px;overflow:hidden'>84</span>", "84"),
        ("<td style='color:#bbb'>84", "84"),
    ],
)
def test_what_is_seen_is_read(cell: str, seen: str) -> None:
    assert cells(f"{HEAD}{cell}</table>") == [seen]


def test_a_ground_that_another_file_may_set_hides_only_what_stands_beside_other_letters() -> None:
    row = "<td class=c><span style='color:#fff'>99</span>84<td class=c><span style='color:#fff'>77</span>"
    assert cells(f"<link rel=stylesheet href=a.css>{HEAD}{row}</table>") == ["84", "77"]
    assert cells(f"{HEAD}{row}</table>") == ["84", ""]


@pytest.mark.parametrize(
    "cell",
    [
        "1284<sup>2</sup>",
        "1284<sub>2</sub>",
        "1284<span style='vertical-align:super'>2</span>",
        "1284<span style='vertical-align:sub;font-size:8px'>2</span>",
        "1284<span style='vertical-align:30%'><b>2</b></span>",
        "1284<span style='position:relative;top:-4px'>2</span>",
        "1284<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>2</span>",
        "1284<span class=note>2</span>",
        "<ruby>1284<rp>(</rp><rt>2</rt><rp>)</rp></ruby>",
    ],
)
def test_marks_above_or_below_the_line_are_no_digits(cell: str) -> None:
    page = f"<style>.note {{ position: relative; bottom: .4em }}</style>{HEAD}<td>{cell}</table>"
    assert cells(page) == ["1284²"]
    assert codes(page) == []


def test_a_number_set_a_little_higher_as_a_whole_is_a_number() -> None:
    raised = "<span style='position:relative;top:-3.0pt'>12<b>84</b></span>"
    assert cells(f"{HEAD}<td>{raised}<td style='vertical-align:super'>7</table>") == ["1284", "7"]
    assert cells(f"{HEAD}<td>12<span style='position:relative;top:1px'>84</span></table>") == ["1284"]


EXTRAS = (
    "<s>{}</s>",
    "<span style='display:none'>{}</span>",
    "<span class=zz>{}</span>",
    "<i style='font-size:0'>{}</i>",
    "<font color='#ffffff'>{}</font>",
    "<b style='position:absolute;left:-3000px'>{}</b>",
    "<span style='opacity:0'><u>{}</u></span>",
    "<template>{}</template>",
)


@pytest.mark.parametrize("seed", range(4))
def test_no_number_of_a_report_changes_by_what_is_not_seen(seed: int) -> None:
    random = Random(seed)
    form = templates.load().forms["fmt2021"]
    printed = test_layouts.values(form, random, blanks=True, thin=False)
    texts = {code: "" if value is None else str(value) for code, value in printed.items()}
    page = layouts.as_html(layouts.sheets(form, texts), random).decode()
    ends = [match.end(1) for match in re.finditer(r"<td[^>]*>(?:<p[^>]*>)?(?:<span[^>]*>)?(\d+)(?=<)", page)]
    damaged = page
    for at in sorted(random.sample(ends, 20), reverse=True):
        damaged = damaged[:at] + random.choice(EXTRAS).format(random.randint(0, 999)) + damaged[at:]
    damaged = damaged.replace("<table", "<style>.zz{display:none}</style><table", 1)
    found = [parse(each.encode(), Hints(url="a.html")).as_json()["cells"] for each in (page, damaged)]
    whole, again = ({cell["code"]: (cell["value"], cell["raw"]) for cell in cells} for cells in found)
    assert whole == again
    assert len(whole) > 100
