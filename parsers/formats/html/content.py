"""Which part of a page is the document, told by what it holds.

Portals differ in every class name and identifier, so none is asked for. Every element is weighed: tables and headings
of a report (words in ``config/templates/pages.yaml``) are strong evidence, sentences outside of links are weak
evidence, text in links counts against. The content is the smallest element that holds all strong evidence, widened to
its ancestors as long as they add sentences rather than links. The headline and the bar with date and publisher often
stand outside of it; lines that look like them are kept, everything else around the content is left out.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from parsers.configuration import facts_file, load_yaml
from parsers.formats.html import dom
from parsers.formats.html.dom import Element
from parsers.identity.titles import is_headline
from parsers.remembered import remembered

_LANDMARKS = frozenset({"nav", "header", "footer", "aside"})
_SPACE = re.compile(r"\s+")
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-年/.][0-9]{1,2}[-月/.][0-9]{1,2}日?")
_NUMBER = re.compile(r"[-+增减]?[0-9０-９,，.．]+[万%]?元?")
_LONGEST_LABEL = 60
_HAN = re.compile(r"[\u3400-\u9fff]")
_MARKS = re.compile(r"[:：,，。;；|>＞»!！?？]")
_CELLS_OF_A_FORM = 12  # at least; the smallest table of a form has so many


class _Line(NamedTuple):
    """What a line of text is to the weighing: its characters without blanks, and whether it is a heading or prose."""

    length: int
    heading: bool
    prose: bool


@dataclass(frozen=True)
class Words:
    """The words of ``config/templates/pages.yaml``, compiled."""

    heading: re.Pattern[str]
    heading_words: re.Pattern[str]
    table_words: tuple[str, ...]
    table_least: int
    prose_least: int
    prose_marks: frozenset[str]
    continues: re.Pattern[str]
    begins_longest: int
    facts: re.Pattern[str]
    around_longest: int

    def is_heading(self, text: str) -> bool:
        """A short line with an ordinal and a heading's words."""
        folded = _SPACE.sub("", text)
        return len(folded) <= 40 and bool(self.heading.match(folded) and self.heading_words.search(folded))

    def is_report_table(self, text: str) -> bool:
        """Enough labels of the official tables."""
        folded = _SPACE.sub("", text)
        return sum(word in folded for word in self.table_words) >= self.table_least

    def holds_label(self, text: str) -> bool:
        """A whole label of the official tables."""
        folded = _SPACE.sub("", text)
        return any(word in folded for word in self.table_words)

    def continues_headline(self, begun: str, folded: str) -> bool:
        """A headline whose first words (``begun``) stand on the lines before."""
        return bool(begun) and self.continues.match(folded) is not None and is_headline(begun + folded)

    def begins_headline(self, folded: str) -> bool:
        """What may stand on the line before: a name, neither a sentence nor a labelled fact."""
        return len(folded) <= self.begins_longest and bool(_HAN.search(folded)) and not _MARKS.search(folded)

    @functools.cached_property
    def look_at(self) -> Callable[[str], _Line]:
        """What a line is."""
        return remembered(self._look_at)

    def _look_at(self, text: str) -> _Line:
        return _Line(len(_without_blanks(text)), self.is_heading(text), self.is_prose(text))

    def is_prose(self, text: str) -> bool:
        """A sentence."""
        return len(text) >= self.prose_least and not self.prose_marks.isdisjoint(text)


def words() -> Words:
    """The words in use.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    return _words(str(facts_file("templates/pages.yaml")))


@functools.lru_cache(maxsize=4)
def _words(path: str) -> Words:
    facts: dict[str, Any] = load_yaml(Path(path))
    return Words(
        heading=re.compile(facts["headings"]["ordinal"]),
        heading_words=_any_of(facts["headings"]["words"]),
        table_words=tuple(facts["tables"]["words"]),
        table_least=int(facts["tables"]["least"]),
        prose_least=int(facts["prose"]["least"]),
        prose_marks=frozenset(facts["prose"]["marks"]),
        continues=re.compile(facts["around"]["continues"]),
        begins_longest=int(facts["around"]["begins_longest"]),
        facts=_any_of(facts["around"]["facts"]),
        around_longest=int(facts["around"]["longest"]),
    )


@remembered
def _without_blanks(text: str) -> str:
    return _SPACE.sub("", text)


def _any_of(alternatives: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in alternatives))


@dataclass(slots=True)
class Weight:
    """What an element and all below it hold: characters, characters in links, sentences, strong evidence."""

    characters: int = 0
    linked: int = 0
    prose: int = 0
    strong: int = 0
    links: int = 0

    def add(self, other: Weight) -> None:
        """Add a child's weight."""
        self.characters += other.characters
        self.linked += other.linked
        self.prose += other.prose
        self.strong += other.strong
        self.links += other.links

    @property
    def link_dense(self) -> bool:
        """Mostly links: a menu, a list of other pages, a trail of crumbs."""
        return self.links >= 2 and self.linked >= 0.7 * self.characters and not self.strong and self.prose < 60


@dataclass(frozen=True, slots=True)
class Region:
    """The content of a page.

    Attributes:
        core: the element that holds it.
        weights: of every visited element, by identity.
        revealed: the page hides its content by markup (a script shows it); it was read nevertheless.
    """

    core: Element
    weights: dict[Element, Weight]
    revealed: bool


def find(root: Element, known: Words) -> Region:
    """Find the content; content that only hidden elements hold is made visible in the tree."""
    weights = _weigh(root, known)
    revealed = False
    opened: list[Element] = []
    while not weights[root].strong and (layer := _outermost_hidden(root)):
        for element in layer:
            element.show(hidden=False)
        opened += layer
        unfolded = _weigh(root, known)
        if unfolded[root].strong or unfolded[root].prose > 10 * weights[root].prose + 400:
            weights, revealed = unfolded, True
            break
    else:
        for element in opened:
            element.show(hidden=True)
    return Region(_core(root, weights), weights, revealed)


def hidden_tables(root: Element) -> list[Element]:
    """Tables of the size of a form's in parts of the page that are not shown until somebody asks for them (tabs)."""
    found: list[Element] = []
    for layer in _outermost_hidden(root):
        tables = [element for element in layer.everything() if element.tag == "table"]
        found += [table for table in tables if _cells_in(table) >= _CELLS_OF_A_FORM]
    return found


def _cells_in(table: Element) -> int:
    return sum(element.tag in {"td", "th"} for element in table.everything())


def _outermost_hidden(root: Element) -> list[Element]:
    """Hidden elements that stand in no other hidden one; not the text that nobody sees whatever a script does."""
    found: list[Element] = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.hidden and node.tag != dom.ERASED:
            found.append(node)
        elif not node.hidden:
            stack.extend(node.below)
    return found


def _weigh(root: Element, known: Words) -> dict[Element, Weight]:
    order = list(root.descend())
    in_link: set[Element] = set()
    holds_table: set[Element] = set()
    for element in order:
        if element.tag == "a" or element.parent in in_link:
            in_link.add(element)
    weights = {element: Weight() for element in order}
    for element in reversed(order):
        weight = weights[element]
        if element.block:
            _weigh_lines(element, weight, known, linked=element in in_link)
        if element.tag == "a":
            weight.links += 1
        if element.tag == "table":
            weight.strong += 4 if known.is_report_table(_labels(element)) else 0
            if element not in holds_table:
                weight.prose += 20 * _figures(element)  # a table of numbers belongs to the content like a sentence
        if element.parent is not None:
            weights[element.parent].add(weight)
            if element.tag == "table" or element in holds_table:
                holds_table.add(element.parent)
    return weights


def _labels(table: Element) -> str:
    """The short lines of a table itself; those of tables nested in it are theirs."""
    lines = dom.plain_text(table, nested_tables=False).split("\n")
    return "\n".join(line for line in lines if len(line) <= _LONGEST_LABEL)


def _figures(table: Element) -> int:
    return sum(_is_figure(dom.plain_text(cell)) for cell in table.descend() if cell.tag in {"td", "th"})


@remembered
def _is_figure(text: str) -> bool:
    return _NUMBER.fullmatch(_SPACE.sub("", text)) is not None


def _weigh_lines(element: Element, weight: Weight, known: Words, *, linked: bool) -> None:
    own = 0 if linked else linked_characters(element)
    weight.linked += own
    for text in dom.lines(element):
        line = known.look_at(text)
        weight.characters += line.length
        if linked:
            weight.linked += line.length
        elif own * 2 > line.length:
            continue
        elif line.heading:
            weight.strong += 1
        elif line.prose and (element.tag not in {"td", "th"} or line.length > 100):
            weight.prose += line.length


def linked_characters(element: Element) -> int:
    """How many characters of an element's own lines stand in links."""
    if not element.below:
        return 0
    anchors = (inline for inline in dom.inline_elements(element) if inline.tag == "a")
    return sum(len(_without_blanks(dom.plain_text(anchor))) for anchor in anchors)


def _core(root: Element, weights: dict[Element, Weight]) -> Element:
    total = weights[root]
    if total.strong:
        core = _deepest(root, lambda element: weights[element].strong == total.strong, weights)
    elif total.prose:
        core = _deepest(root, lambda element: weights[element].prose >= 0.8 * total.prose, weights)
    else:
        return next((element for element in root.below if element.tag == "body"), root)
    if core.tag in {"tr", "tbody", "thead", "tfoot"}:
        core = next((element for element in core.ancestors() if element.tag == "table"), core)
    while core.parent is not None and not core.has_block and core.tag != "table":
        core = core.parent  # one line alone is never the content
    for wider in list(core.ancestors()):
        ours, theirs = weights[core], weights[wider]
        added = theirs.characters - ours.characters
        if theirs.prose - ours.prose >= 20 and theirs.linked - ours.linked < 0.5 * added:
            core = wider
    return core


def _deepest(root: Element, holds: Callable[[Element], bool], weights: dict[Element, Weight]) -> Element:
    node = root
    while True:
        below = next((child for child in node.below if child in weights and holds(child)), None)
        if below is None:
            return node
        node = below


def is_boilerplate(element: Element, region: Region) -> bool:
    """An element within the content that belongs to the portal: a landmark or a list of links."""
    weight = region.weights.get(element)
    if weight is None:
        return True
    if element.tag in _LANDMARKS and not weight.strong and weight.prose < 100:
        return True
    return element.tag in {"ul", "ol", "dl", "div", "section", "table"} and weight.links >= 3 and weight.link_dense


def around(root: Element, region: Region, known: Words) -> Iterator[tuple[Element, int | None]]:
    """What stands outside the content and belongs to it, in document order.

    Yields:
        ``(element, number)`` for a line of an element, ``(table, None)`` for a table of facts; the content itself comes
        as ``(region.core, None)`` in its place.
    """
    lineage = {region.core, *region.core.ancestors()}
    after_label = False
    begun: list[tuple[Element, int, str]] = []  # lines passed that may be the first ones of the headline
    stack = [root]
    while stack:
        node = stack.pop()
        if node is region.core:
            if begun and _beside(begun[-1][0], node) and known.continues_headline(_words_of(begun), _first_line(node)):
                yield from (entry[:2] for entry in begun)
            yield node, None
            continue
        weight = region.weights.get(node)
        if weight is None or (node not in lineage and (node.tag in {"nav", "footer"} or weight.link_dense)):
            continue
        if node.tag == "table" and node not in lineage and _is_fact_table(node, known):
            yield node, None
            continue
        if node.block:
            lines = dom.lines(node)
            mostly_links = linked_characters(node) * 2 > len(_SPACE.sub("", "".join(lines)))
            for number, line in enumerate(lines):
                folded = _without_blanks(line)
                if begun and not (_beside(begun[-1][0], node) and known.continues.match(folded)):
                    begun = []
                short = not mostly_links and 2 <= len(folded) <= known.around_longest and _HAN.search(folded)
                headline = short and (is_headline(folded) or known.continues_headline(_words_of(begun), folded))
                wanted = headline or (short and _is_headed_or_fact(node, folded, known))
                if headline:
                    yield from (entry[:2] for entry in begun)
                    begun = []
                if wanted or (after_label and _DATE.match(folded)):
                    yield node, number
                if not wanted and not mostly_links and known.begins_headline(folded):
                    begun = [*begun[-1:], (node, number, folded)]
                else:
                    begun = []
                after_label = bool(wanted) and known.facts.search(folded) is not None
        stack.extend(reversed(node.below))


def _beside(one: Element, other: Element) -> bool:
    return one is other or one.parent is other.parent


def _words_of(begun: Sequence[tuple[Element, int, str]]) -> str:
    return "".join(text for _, _, text in begun)


def _first_line(element: Element) -> str:
    lines = (_SPACE.sub("", line) for line in dom.plain_text(element).split("\n"))
    return next((line for line in lines if line), "")


def _is_headed_or_fact(element: Element, folded: str, known: Words) -> bool:
    return element.tag in {"h1", "h2"} or (known.facts.search(folded) is not None and len(folded) <= 80)


def _is_fact_table(table: Element, known: Words) -> bool:
    text = _SPACE.sub("", dom.plain_text(table))
    return len(text) <= 800 and len(set(known.facts.findall(text))) >= 2
