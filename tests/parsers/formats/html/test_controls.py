"""What is seen of controls and pictures is never blank."""

import pytest

from parsers import parse
from tests.parsers.formats.seen import HEAD, cells, read


def test_controls_and_pictures_in_cells() -> None:
    page = f"{HEAD}<td><textarea>1284</textarea><td><select><option>0<option selected>1284</select><td><img src=n.png>"
    assert cells(f"{page}<td><img src=n.png style='display:none'></table>") == ["1284", "1284", "\ufffc", ""]
    assert read("<p>正文<img src=a.png>后面的文字，一句话。</p>").texts()[0].text == "正文后面的文字，一句话。"


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("<textarea>\n1284</textarea>", "1284"),
        ("<textarea style='display:none'>1284</textarea>", ""),
        ("<select><option>1284<option>7</select>", "1284"),
        ("<select><option value=1 selected label=1284>x</select>", "1284"),
        ("<select multiple><option>1<option>2</select>", "\ufffc"),
        ("<select></select>", ""),
        ("<input value=1284>", "1284"),
        ("<input type=tel value=1284 disabled>", "1284"),
        ("<input type=hidden value=1284>", ""),
        ("<input type=checkbox checked>", "☑"),
        ("<input type=radio>", "○"),
        ("<input type=password value=12>", "••"),
        ("<input type=submit value=1284>", "1284"),
        ("<button>1284</button>", "1284"),
        ("<svg><text>1284</text></svg>", "1284"),
        ("<svg><title>1284</title><path d=M0/></svg>", "\ufffc"),
        ("<svg><text>12</text><text>84</text></svg>", "\ufffc"),
        ("<math><mn>1284</mn></math>", "1284"),
        ("<math><mfrac><mn>12</mn><mn>84</mn></mfrac></math>", "\ufffc"),
        ("<canvas>1284</canvas>", "\ufffc"),
        ("<object data=n.pdf>1284</object>", "\ufffc"),
        ("<embed src=n.svg>", "\ufffc"),
        ("<iframe src=n.html></iframe>", "\ufffc"),
        ("<img src=blank.gif width=1 height=20>", ""),
        ("12<img src=8.png>4", "12\ufffc4"),
        ("<meter value=3>3</meter>", "\ufffc"),
    ],
)
def test_each_kind(cell: str, seen: str) -> None:
    assert cells(f"{HEAD}<td>{cell}</table>") == [seen]


def test_a_picture_in_a_label_is_no_letter_of_it() -> None:
    page = f"{HEAD.replace('行政许可', '<img src=dot.png>行政许可')}<td>84<tr><td>行政处罚<td><img src=n.png></table>"
    report = parse(page.encode())
    assert [(cell["code"], cell["status"]) for cell in report.as_json()["cells"]] == [
        ("permit_decisions", "number"),
        ("penalty_decisions", "text"),
    ]
    assert "unread_content" in [issue.code for issue in report.issues]
