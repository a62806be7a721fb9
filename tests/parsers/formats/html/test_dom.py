from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from parsers.formats.html import dom, tree


def only(html: str, tag: str) -> dom.Element:
    found = [element for element in tree.parse(html).descend() if element.tag == tag]
    assert len(found) == 1
    return found[0]


def test_paths_are_css_and_lead_back() -> None:
    html = "<div><p>a<p>b<table><tr><td>1<td>2<tr><td>3</table></div><div><o:p>x</o:p></div>"
    root = tree.parse(html)
    browser = LexborHTMLParser(html)
    for element in root.descend():
        path = element.path()
        assert dom.find(root, path) is element
        found = browser.css(path)
        assert len(found) == 1
        assert found[0].tag == element.tag


@given(st.text(st.sampled_from("<>/ =\"'divptablersn!-&;0a\n\0"), max_size=200))
def test_every_path_in_any_soup_leads_back(soup: str) -> None:
    root = tree.parse("<div>" + soup)
    for element in root.descend():
        assert dom.find(root, element.path()) is element


def test_deep_nesting_is_flattened_and_nothing_is_lost() -> None:
    root = tree.parse("<div>" * 3000 + "底" + "<p>下")
    assert dom.plain_text(root) == "底\n下"
    assert max(element.depth for element in root.descend()) <= tree.MAX_DEPTH + 1
    deepest = list(root.descend())[-1]
    assert dom.find(root, deepest.path()) is deepest


def test_lines_as_a_reader_sees_them() -> None:
    html = "<div> 一\n  二 <b>三</b><br>四<span>五<br/>六</span><p>七</p>八<!-- no --><script>no</script></div>"
    lines = list(dom.pieces(only(html, "div")))
    assert [line if isinstance(line, str) else line.tag for line in lines] == ["一 二 三", "四五", "六", "p", "八"]


def test_tabs_and_runs_of_spaces_within_a_line_are_kept() -> None:
    assert dom.plain_text(only("<p>规章\t0   1&nbsp;2\n</p>", "p")) == "规章\t0   1\u00a02"


def test_preformatted_text_keeps_its_lines() -> None:
    assert dom.plain_text(only("<pre>\na\n  b\tc\n</pre>", "pre")) == "a\n  b\tc"


def test_hidden_and_unread_elements() -> None:
    html = (
        "<div>1<span style='color:red; DISPLAY : none'>x</span><span hidden>x</span><style>x</style>"
        "<select><option>x</select><template>x</template><span style='mso-hide:all'>x</span>2</div>"
    )
    assert dom.plain_text(only(html, "div")) == "12"


def test_the_document_in_a_frame_attribute() -> None:
    root = tree.parse("<p>外<iframe srcdoc='&lt;table&gt;&lt;tr&gt;&lt;td&gt;内&lt;/table&gt;'></iframe>")
    cell = next(element for element in root.descend() if element.tag == "td")
    assert " >>> html > body" in cell.path()
    assert dom.find(root, cell.path()) is cell
    assert dom.plain_text(root) == "外\n内"


def test_paths_that_lead_nowhere() -> None:
    root = tree.parse("<p>a")
    for path in ("", "html", "html > body > p:nth-of-type(2)", "body", "html >>> body", "html > body > p:hover"):
        found = dom.find(root, path)
        assert found is (root if path == "html" else None)
