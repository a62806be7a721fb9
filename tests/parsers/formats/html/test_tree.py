"""What takes no room, what keeps its place unseen, and what a script will show."""

from parsers.document import Table
from tests.parsers.formats.seen import HEAD, cells, codes, read


def test_a_page_that_does_not_strike_deletions_shows_them() -> None:
    assert cells(f"<style>del {{ text-decoration: none }}</style>{HEAD}<td><del>12</del>84</table>") == ["1284"]


def test_a_cell_that_is_not_seen_keeps_its_place() -> None:
    assert cells(f"{HEAD}<td style='visibility:hidden'>9<td>1</table>") == ["", "1"]
    assert cells(f"{HEAD}<td style='display:none'>9<td>1</table>") == ["1"]


def test_details_that_nobody_opened() -> None:
    closed = "<details><summary>84</summary>其中<b>99</b></details>"
    assert cells(f"{HEAD}<td>{closed}</table>") == ["84"]
    assert cells(f"{HEAD}<td>{closed.replace('<details', '<details open')}</table>") == ["84\n其中99"]
    outside = read(f"<details><summary>附件</summary>{HEAD}<td>84</table></details>")
    assert any(isinstance(block, Table) for block in outside.blocks)


def test_a_page_hidden_until_a_script_runs_is_shown_but_for_what_it_hides_within() -> None:
    table = f"{HEAD}<td><span class=k>99</span><s>7</s>84</table><p>一、总体情况</p><p>三、收到和处理申请情况</p>"
    page = f"<style>.w, .k {{ display: none }}</style><div class=w>{table}</div>"
    assert cells(page) == ["84"]
    assert codes(page) == ["text_not_shown", "hidden_content"]
