"""A page as a light tree: elements with their exact CSS path, and text cut into the lines a reader sees.

`tree.parse` makes it of a page's text. A path leads back to the same element whenever the same bytes are parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsers.characters import raised
from parsers.remembered import remembered

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
_SPACES = " \t\r\n\f"
# Each run of blanks is looked at from its beginning alone: from all its places it would take the square of its length.
_SOURCE_BREAK = re.compile(r"(?<![ \t\f])[ \t\f]*+[\r\n][ \t\r\n\f]*")


class Cut(NamedTuple):
    """A container cut into what stands in it line by line: all pieces, and those of them that are lines of text."""

    pieces: list[str | Element]
    lines: list[str]


class Element:
    """One element.

    Attributes:
        tag: lower-case name.
        children: elements and text, in order; text of comments is not kept. `append` adds one.
        below: the elements among them.
        step: this element's step in a CSS path.
        block: begins a new line, or holds something that does.
        hidden: the page's own markup keeps it from being shown. Text that takes room and is not seen stands in an
            element `UNSEEN` or `ERASED`, which is hidden too.
        has_block: an element that begins a new line stands somewhere in it.
        raised: its text stands above or below the line.
        control: what is seen of a control or picture (`controls.shown`).
        cut, cut_with_controls: its `pieces`, once they were asked for.
    """

    __slots__ = (
        *("tag", "attributes", "parent", "step", "depth", "children", "below", "hidden", "block", "has_block"),
        *("raised", "control", "cut", "cut_with_controls", "_path"),
    )

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None, step: str, depth: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.step = step
        self.depth = depth
        self.children: list[Element | str] = []
        self.below: list[Element] = []
        self.hidden = False
        self.block = tag in _BLOCKS
        self.has_block = False
        self.raised = False
        self.control = ""
        # A page is looked at many times when it is built: what it says is worked out once.
        self._path: str | None = None
        self.cut: Cut | None = None
        self.cut_with_controls: Cut | None = None

    def append(self, child: Element | str) -> None:
        """Add an element or text behind all others."""
        self.children.append(child)
        if isinstance(child, Element):
            self.below.append(child)

    def note_block(self) -> None:
        """Take in that an element within it begins a new line."""
        self.block = self.has_block = True

    def path(self) -> str:
        """The CSS path from the root, e.g. ``html > body > table:nth-of-type(2)``."""
        if self._path is None:
            arrow = FRAME_STEP if self.tag == "html" else " > "
            self._path = self.step if self.parent is None else f"{self.parent.path()}{arrow}{self.step}"
        return self._path

    def show(self, *, hidden: bool) -> None:
        """Say anew whether the element is hidden; what is around it says something else then."""
        self.hidden = hidden
        for element in (self, *self.ancestors()):
            element.cut = element.cut_with_controls = None

    def descend(self) -> list[Element]:
        """This element and all below it, in document order, hidden and unread ones left out."""
        found: list[Element] = []
        stack = [self]
        while stack:
            node = stack.pop()
            if node.hidden or (node.tag in UNREAD and not node.has_block):
                continue
            found.append(node)
            stack += node.below[::-1]
        return found

    def everything(self) -> list[Element]:
        """This element and all below it, in document order, whether shown or not."""
        found: list[Element] = []
        stack = [self]
        while stack:
            node = stack.pop()
            found.append(node)
            stack += node.below[::-1]
        return found

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
        below = next((child for child in node.below if child.step == step), None)
        if below is None or (arrow == FRAME_STEP) != (below.tag == "html") or _STEP.match(step) is None:
            return None
        node = below
    return node


def pieces(container: Element, *, controls: bool = False) -> Sequence[str | Element]:
    """What stands in a container line by line: lines of inline text, and the block elements between them.

    Lines end at ``<br>`` and at block elements. A run of white space with a line break in the *source* is one space, as
    it is on the screen; other spaces and tabs are kept, because text tables are made of them. Blank lines are left out.

    Args:
        container: the element.
        controls: what is seen of controls and pictures stands in the lines too.
    """
    return _cut_of(container, controls).pieces


def lines(container: Element) -> Sequence[str]:
    """The lines of text that stand in a container itself: of its `pieces` those that are no elements."""
    return _cut_of(container, False).lines


def _cut_of(container: Element, controls: bool) -> Cut:
    known = container.cut_with_controls if controls else container.cut
    if known is not None:
        return known
    cut = Cut([], [])
    keeps = container.tag in _KEEPS_SPACE
    if container.below:
        _cut_flow(container, controls, keeps, cut)
    else:
        _add_lines("".join(container.children), keeps, cut)  # type: ignore[arg-type]  # text alone
    if controls:
        container.cut_with_controls = cut
    else:
        container.cut = cut
    return cut


def _cut_flow(container: Element, controls: bool, keeps: bool, cut: Cut) -> None:
    buffer: list[str] = []
    for item in _flow(container, controls):
        if isinstance(item, str):
            buffer.append(item)
            continue
        if buffer:
            _add_lines("".join(buffer), keeps, cut)
            buffer = []
        if item.tag != "br":
            cut.pieces.append(item)
    if buffer:
        _add_lines("".join(buffer), keeps, cut)


def inline_elements(container: Element) -> list[Element]:
    """The inline elements (links, pictures) directly in a container, not those in its block children."""
    found: list[Element] = []
    stack: list[Element] = [container]
    while stack:
        node = stack.pop()
        for child in reversed(node.below):
            if not (child.block or child.hidden or child.tag in UNREAD):
                found.append(child)
                stack.append(child)
    return found


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


def _add_lines(text: str, keeps: bool, cut: Cut) -> None:
    if not keeps:
        line = _line_of(text)
        if line:
            cut.pieces.append(line)
            cut.lines.append(line)
        return
    for line in re.split(r"\r\n|\r|\n", text):
        # Only no-break or ideographic spaces: a blank cell says so.
        if line.strip() or line.strip(_SPACES):
            cut.pieces.append(line)
            cut.lines.append(line)


@remembered
def _line_of(text: str) -> str:
    """A run of inline text as the one line that it is on the screen; empty where nothing is seen of it."""
    return _SOURCE_BREAK.sub(" ", text).strip(_SPACES)


def plain_text(element: Element, *, nested_tables: bool = True, controls: bool = False) -> str:
    """All text in an element, one line per line a reader sees; with ``controls``: the raw text of cells."""
    found: list[str] = []
    _collect(element, found, nested_tables, controls)
    return "\n".join(found)


def _collect(element: Element, found: list[str], nested_tables: bool, controls: bool) -> None:
    cut = _cut_of(element, controls)
    if len(cut.lines) == len(cut.pieces):
        found += cut.lines
        return
    for piece in cut.pieces:
        if isinstance(piece, str):
            found.append(piece)
        elif piece.tag != "table" or nested_tables:
            _collect(piece, found, nested_tables, controls)
