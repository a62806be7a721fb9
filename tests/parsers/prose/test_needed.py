"""Where a pattern is found, the letters stand that it needs; where they do not, it is not tried."""

import ast
from pathlib import Path

import pytest

from parsers.prose.needed import Letters, may_hold_any, needed
from parsers.prose.words import load_words

WORDS = load_words()


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        ("不予", ["不", "予"]),
        ("不?予", ["予"]),
        ("不*予+", ["予"]),
        ("不{0,2}予{2}", ["予"]),
        ("不{1,3}?予", ["不", "予"]),
        ("(?:收到|接到)件", ["接收", "件"]),
        ("(?:收到|)件", ["件"]),
        ("(?:收到)?(?P<u>件|份)", ["件份"]),
        ("(?<!第)(?=件)[件份]{1,2}", ["件份"]),
        ("[^件]份", ["份"]),
        ("[0-9]件", ["件"]),
        (r"\d+\.件", [".", "件"]),
        (r"[\]件]份", ["份"]),
        ("^件$", ["件"]),
        ("件|.", []),
        ("(?i:件)", []),
    ],
)
def test_what_a_pattern_needs(pattern: str, needs: list[str]) -> None:
    assert sorted("".join(sorted(some)) for some in needed(pattern)) == sorted(needs)


def test_a_text_that_lacks_a_letter_holds_no_pattern_that_needs_it() -> None:
    needs = [needed("(?:收到|接到)件"), needed("不予")]
    letters = Letters(needs)
    patterns = [letters.conditions(each) for each in needs]
    held = {text: may_hold_any(letters.held_by(text), patterns) for text in ("接到3件", "接到3份", "予以不", "以", "")}
    assert held == {"接到3件": True, "接到3份": False, "予以不": True, "以": False, "": False}


def test_a_pattern_that_needs_nothing_may_be_in_any_text() -> None:
    letters = Letters([()])
    assert may_hold_any(letters.held_by(""), [letters.conditions(())])


def sentences_of_the_tests() -> set[str]:
    """Every text in the tests of facts and sums of parts."""
    modules = [Path(__file__).with_name(name) for name in ("test_facts.py", "test_part_sums.py")]
    nodes = (node for module in modules for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_no_pattern_is_found_in_a_sentence_on_which_it_would_not_be_tried() -> None:
    patterns = {pattern for fact in WORDS.facts for pattern in (*fact.patterns, *fact.none, *fact.none_in_section)}
    found = 0
    for text in sentences_of_the_tests():
        held = WORDS.letters.held_by(text)
        for pattern in patterns:
            compiled = WORDS.compiled(pattern)
            if compiled.search(text):
                found += 1
                assert may_hold_any(held, [WORDS.letters.conditions(needed(compiled.pattern))]), text
    assert found > 100
