"""A page as a light tree: elements with their exact CSS path, and text cut into the lines a reader sees.

`tree.parse` makes it of a page's text. A path leads back to the same element whenever the same bytes are parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.characters import raised

UNSEEN = "#unseen"
"""Tag around text that a style keeps from being shown; a script may show it."""

ERASED = "#erased"
"""Tag around text that nobody sees: struck through, of no size, of its ground's colour."""

FRAME_STEP = " >>> "  # from an element into the document it carries (srcdoc, textarea, text in a script element)

# Elements that begin a new line (HTML Standard, 15.3 "Flow content in the rendering section"), tables aside.
_BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption
    figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav
    ol optgroup option p plaintext pre search section summary ul xmp table caption colgroup thead tbody
    tfoot tr td th iframe
    """.split()  # noqa: SIM905 - a list of thirty names reads better so
)
UNREAD = frozenset(
    """
    script style noscript template head title meta link base object embed applet svg math audio video
    canvas select textarea noframes
    """.split()  # noqa: SIM905 - a list of thirty names reads better so
)
"""Elements whose content is no text of the page."""

_RAISED_TAGS = frozenset({"sup", "sub", "rt"})
_KEEPS_SPACE = frozenset({"pre", "listing", "plaintext", "xmp"})
_STEP = re.compile(r"([a-z][a-z0-9-]*)?(?::nth-(of-type|child)\(([0-9]+)\))?\Z")
# Each run of blanks is looked at from its beginning alone: from all its places it would take the square of its length.
_SOURCE_BREAK = re.compile(r"(?<![ \t\f])[ \t\f]*+[\r\n][ \t\r\n\f]*")


@dataclass(slots=True, eq=False)
class Element:
    """One element.

    Attributes:
        tag: lower-case name.
        children: elements and text, in order; text of comments is not kept.
        step: this element's step in a CSS path.
        hidden: the page's own markup keeps it from being shown. Text that takes room and is not seen stands in an
            element `UNSEEN` or `ERASED`, which is hidden too.
        has_block: an element that begins a new line stands somewhere in it.
        raised: its text stands above or below the line.
        control: what is seen of a control or picture (`controls.shown`).
    """

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    step: str
    depth: int
    children: list[Element | str] = field(default_factory=list)
    hidden: bool = False
    has_block: bool = False
    raised: bool = False
    control: str = ""

    def path(self) -> str:
        """The CSS path from the root, e.g. ``html > body > table:nth-of-type(2)``."""
        steps: list[str] = []
        node: Element | None = self
        while node is not None:
            steps.append(node.step)
            if node.parent is not None:
                steps.append(FRAME_STEP if node.tag == "html" else " > ")
            node = node.parent
        return "".join(reversed(steps))

    @property
    def block(self) -> bool:
        """Begins a new line, or holds something that does."""
        return self.tag in _BLOCKS or self.has_block

    def elements(self) -> Iterator[Element]:
        """Child elements."""
        for child in self.children:
            if isinstance(child, Element):
                yield child

    def descend(self) -> Iterator[Element]:
        """This element and all below it, in document order, hidden and unread ones left out."""
        stack = [self]
        while stack:
            node = stack.pop()
            if node.hidden or (node.tag in UNREAD and not node.has_block):
                continue
            yield node
            stack.extend(reversed([child for child in node.children if isinstance(child, Element)]))

    def everything(self) -> Iterator[Element]:
        """This element and all below it, in document order, whether shown or not."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed([child for child in node.children if isinstance(child, Element)]))

    def ancestors(self) -> Iterator[Element]:
        """The parents, nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


def find(root: Element, path: str) -> Element | None:
    """The element a path of `Element.path` leads to, or None."""
    node = root
    steps = re.split(r"( > | >>> )", path)
    if not steps or steps[0] != "html":
        return None
    for arrow, step in zip(steps[1::2], steps[2::2], strict=False):
        below = next((child for child in node.elements() if child.step == step), None)
        if below is None or (arrow == FRAME_STEP) != (below.tag == "html") or _STEP.match(step) is None:
            return None
        node = below
    return node


def pieces(container: Element, *, controls: bool = False) -> Iterator[str | Element]:
    """What stands in a container line by line: lines of inline text, and the block elements between them.

    Lines end at ``<br>`` and at block elements. A run of white space with a line break in the *source* is one space, as
    it is on the screen; other spaces and tabs are kept, because text tables are made of them. Blank lines are left out.

    Args:
        container: the element.
        controls: what is seen of controls and pictures stands in the lines too.
    """
    keeps = container.tag in _KEEPS_SPACE
    buffer: list[str] = []
    for item in _flow(container, controls):
        if isinstance(item, str):
            buffer.append(item)
            continue
        yield from _lines(buffer, keeps)
        buffer = []
        if item.tag != "br":
            yield item
    yield from _lines(buffer, keeps)


def inline_elements(container: Element) -> Iterator[Element]:
    """The inline elements (links, pictures) directly in a container, not those in its block children."""
    stack: list[Element] = [container]
    while stack:
        node = stack.pop()
        for child in reversed(node.children):
            if isinstance(child, Element) and not child.hidden and child.tag not in UNREAD and not child.block:
                yield child
                stack.append(child)


def _flow(container: Element, controls: bool) -> Iterator[str | Element]:
    stack: list[Element | str] = list(reversed(container.children))
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif node.hidden:
            continue
        elif node.control and (controls or (node.tag == "input" and _in_cell(node))):
            yield node.control
        elif node.tag in UNREAD and not node.has_block:
            continue
        elif node.block or node.tag == "br":
            yield node
        elif node.raised and (node.tag in _RAISED_TAGS or _stands_beside(container)):
            stack.extend(raised(piece) if isinstance(piece, str) else piece for piece in reversed(_leaves(node)))
        else:
            stack.extend(reversed(node.children))


def _stands_beside(container: Element) -> bool:
    """Whether any text of a container stands in the line; where none does, none is raised above it."""
    stack: list[Element | str] = list(container.children)
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            if node.strip():
                return True
        elif not (node.hidden or node.block or node.raised or node.tag in UNREAD):
            stack += node.children
    return False


def _leaves(node: Element) -> list[Element | str]:
    """What stands in an inline element, its own inline elements opened."""
    found: list[Element | str] = []
    for child in node.children:
        plain = isinstance(child, Element) and not (
            child.hidden or child.block or child.control or child.tag in {"br", *UNREAD}
        )
        found += _leaves(child) if plain and isinstance(child, Element) else [child]
    return found


def holds_text(element: Element) -> bool:
    """Whether any letters stand in an element, shown or not."""
    return any(isinstance(child, str) and child.strip() for node in element.everything() for child in node.children)


def _in_cell(element: Element) -> bool:
    return any(up.tag in {"td", "th"} for up in element.ancestors())


def _lines(buffer: list[str], keeps: bool) -> Iterator[str]:
    text = "".join(buffer)
    lines = re.split(r"\r\n|\r|\n", text) if keeps else [_SOURCE_BREAK.sub(" ", text).strip(" \t\r\n\f")]
    for line in lines:
        if line.strip():
            yield line
        elif line.strip(" \t\r\n\f"):
            yield line  # only no-break or ideographic spaces: a blank cell says so


def plain_text(element: Element, *, nested_tables: bool = True, controls: bool = False) -> str:
    """All text in an element, one line per line a reader sees; with ``controls``: the raw text of cells."""
    lines: list[str] = []
    _collect(element, lines, nested_tables, controls)
    return "\n".join(lines)


def _collect(element: Element, lines: list[str], nested_tables: bool, controls: bool) -> None:
    for piece in pieces(element, controls=controls):
        if isinstance(piece, str):
            lines.append(piece)
        elif piece.tag != "table" or nested_tables:
            _collect(piece, lines, nested_tables, controls)
