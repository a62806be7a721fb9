"""Which rules of a page hold."""

import pytest

from parsers import parse
from parsers.characters import UNREAD
from parsers.formats.html import tree
from tests.parsers.formats.seen import HEAD, cells, codes


@pytest.mark.parametrize(
    "rules",
    [
        "@media print { .k { display: none } }",
        "@media screen and (min-width: 800px) { .k { display: none } }",
        "@supports (display: grid) { .k { display: none } }",
        "/* .k { display: inline } */ .k { display: none }",
        ".k { display: none !important } td .k { display: inline }",
        '.a::after { content: "}" } .k { display: none }',
    ],
)
def test_rules_of_the_page_hide(rules: str) -> None:
    assert cells(f"<style>{rules}</style>{HEAD}<td><span class=k>7004</span>1284</table>") == ["1284"]


@pytest.mark.parametrize(
    "rules",
    [
        "@media (max-width: 768px) { .k { display: none } }",
        "@media speech { .k { display: none } }",
        ".k { display: none } td .k { display: inline }",
        ".k::before { display: none }",
        "/* .k { display: none } */",
        ".k { display: none",  # an open block ends with its sheet, and the next rule takes it back
        "@font-face { .k { display: none } }",
    ],
)
def test_rules_that_do_not_hold_hide_nothing(rules: str) -> None:
    page = f"<style>{rules}</style><style>.k {{ display: inline }}</style>{HEAD}<td><i class=k>12</i>84</table>"
    assert cells(page) == ["1284"]


def test_more_rules_than_any_page_has_are_not_all_applied_and_that_is_told() -> None:
    rules = "".join(f"p:nth-child({number}) {{ display: none }}" for number in range(5000))
    page = f"<style>{rules}</style>{'<p>x' * 500}{HEAD}<td>84</table>"
    assert codes(page) == ["styles_not_applied"]
    assert tree.load(f"<style>{rules[:3000]}</style>{HEAD}<td>84</table>").unstyled is False


def test_rules_of_classes_that_the_page_has_not_cost_nothing() -> None:
    rules = "".join(f".c{number} .d {{ display: none }}" for number in range(3000))
    page = f"<!DOCTYPE html><style>{rules}</style>{'<p>x' * 500}{HEAD}<td class=c7><i class=d>99</i>84</table>"
    assert cells(page) == ["84"]
    assert codes(page) == ["text_not_shown"]


@pytest.mark.parametrize(
    "rules",
    [
        '.k::before { content: "12" }',
        ".k:after { content: '84' }",
        'td.k::before, p::before { content: "\\31 2" }',
        ".k::after { content: attr(data-value) }",
        "tr td:last-child::before { counter-increment: n; content: counter(n) }",
        '@media print { .k::after { content: "元" } }',
        '.k span::after { content: "不适用" }',
    ],
)
def test_what_a_page_prints_before_or_behind_a_value_is_told(rules: str) -> None:
    page = f"<style>{rules}</style>{HEAD}<td class=k data-value=7><span></span></table>"
    assert cells(page) == [UNREAD]
    (figure,) = parse(page.encode()).cells
    assert (figure.code, figure.status) == ("permit_decisions", "text")
    assert "unread_content" in {issue.code for issue in parse(page.encode()).issues}
    assert cells(page.replace("<span></span>", "128<span></span>"))[0].strip(UNREAD) == "128"


@pytest.mark.parametrize(
    "rules",
    [
        '.k::before { content: "" }',
        '.k::before { content: "\\f101"; font-family: icons }',
        '.k::after { content: "件" }',
        '.k::before { content: "• " } td::after { content: url(a.png) }',
        "@media (max-width: 600px) { .k::before { content: attr(data-label) } }",
        '.k::before { display: none; content: "12" }',
        '.other::before { content: "12" } p::after { content: "12" }',
        ".k::before { content: none }",
    ],
)
def test_what_adorns_a_value_costs_it_nothing(rules: str) -> None:
    assert cells(f"<style>{rules}</style><p>12</p>{HEAD}<td class=k>1284</table>") == ["1284"]


def test_a_mark_before_a_hidden_text_is_hidden_too() -> None:
    rules = '.k { display: none } .k::before { content: "12" }'
    assert cells(f"<style>{rules}</style>{HEAD}<td><span class=k>7</span>1284</table>") == ["1284"]
