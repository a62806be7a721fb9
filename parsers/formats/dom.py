"""A page as a light tree: elements with their exact CSS path, and text cut into the lines a reader sees.

selectolax (lexbor) parses as browsers do; this module copies its tree into plain objects once, because everything after
needs parents, positions and cheap repeated visits. A path leads back to the same element whenever the same bytes are
parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.formats import limits
from parsers.formats.composed import with_shadows
from parsers.radicals import raised

MAX_DEPTH = 200  # Chromium flattens at 512; nothing a person wrote is deeper, and our walks recurse
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
_UNREAD = frozenset(
    """
    script style noscript template head title meta link base object embed applet svg math audio video
    canvas select textarea noframes
    """.split()  # noqa: SIM905 - a list of thirty names reads better so
)
_CLOSED = frozenset(
    """
    script style template svg math object embed applet audio video canvas select
    """.split()  # noqa: SIM905 - a list of thirty names reads better so
)
_KEEPS_SPACE = frozenset({"pre", "listing", "plaintext", "xmp"})
_HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)\b", re.IGNORECASE)
_SIMPLE_TAG = re.compile(r"[a-z][a-z0-9-]*\Z")
_STEP = re.compile(r"([a-z][a-z0-9-]*)?(?::nth-(of-type|child)\(([0-9]+)\))?\Z")
_MARKUP = re.compile(r"<(?:table|p|div|br)[\s/>]", re.IGNORECASE)
_SOURCE_BREAK = re.compile(r"[ \t\f]*[\r\n][ \t\r\n\f]*")


@dataclass(slots=True, eq=False)
class Element:
    """One element.

    Attributes:
        tag: lower-case name.
        children: elements and text, in order; text of comments is not kept.
        step: this element's step in a CSS path.
        hidden: the page's own markup keeps it from being shown.
        has_block: an element that begins a new line stands somewhere in it.
    """

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    step: str
    depth: int
    children: list[Element | str] = field(default_factory=list)
    hidden: bool = False
    has_block: bool = False

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
            if node.hidden or (node.tag in _UNREAD and not node.has_block):
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


def parse(text: str) -> Element:
    """The tree of a page.

    Raises:
        OversizedDocument: it has more than `limits.MAX_ELEMENTS` elements.
    """
    limits.check_source(text)
    return _copy(text, None, [0])


def _copy(text: str, frame: Element | None, copied_before: list[int]) -> Element:
    # A NUL makes lexbor's tokenizer substitute or drop it by context; dropping it here keeps offsets plain.
    plain = with_shadows(text.replace("\0", ""))
    source = LexborHTMLParser(plain.encode("utf-8", "replace").decode("utf-8")).root
    depth = frame.depth + 1 if frame else 0
    if source is None or not source.is_element_node:
        return Element("html", {}, frame, "html", depth)
    root = Element("html", _attributes(source), frame, "html", depth)
    order = [root]
    stack: list[tuple[LexborNode, Element]] = [(source, root)]
    while stack:
        node, element = stack.pop()
        counts: dict[str, int] = {}
        place = 0
        below: list[tuple[LexborNode, Element]] = []
        child = node.first_child
        while child is not None:
            if child.is_text_node:
                element.children.append(child.text_content or "")
            elif child.is_element_node:
                tag = (child.tag or "").lower()
                place += 1
                counts[tag] = counts.get(tag, 0) + 1
                # `div:nth-of-type(2)`; names that are no CSS identifiers (o:p) go by their place among all elements.
                simple = _SIMPLE_TAG.match(tag) is not None
                step = f"{tag}:nth-of-type({counts[tag]})" if simple else f":nth-child({place})"
                if tag in {"head", "body"} and element.tag == "html":
                    step = tag
                parent = element
                if element.depth >= MAX_DEPTH and element.parent is not None:
                    # Too deep: laid beside its parent, under a step that no shallow sibling can have.
                    parent = element.parent
                    step = f"{tag if simple else ''}:nth-child({1_000_000 + len(parent.children)})"
                copied = Element(tag, _attributes(child), parent, step, parent.depth + 1)
                copied.hidden = _is_hidden(copied)
                parent.children.append(copied)
                order.append(copied)
                copied_before[0] += 1
                if copied_before[0] > limits.MAX_ELEMENTS:
                    raise limits.refuse("elements", limits.MAX_ELEMENTS)
                carried = _carried(child, copied)
                if carried:
                    inner = _copy(carried, copied, copied_before)
                    inner.hidden = tag != "iframe"
                    copied.children.append(inner)
                    copied.has_block = True
                elif tag not in _CLOSED:
                    below.append((child, copied))
            child = child.next
        stack.extend(reversed(below))
    for element in reversed(order):
        if element.parent is not None and element.block and element.parent.tag not in _UNREAD:
            element.parent.has_block = True
    return root


def _carried(node: LexborNode, element: Element) -> str | None:
    """The page an element carries as text: shown in a frame, or put in its place by a script."""
    if element.depth > MAX_DEPTH // 4:
        return None
    if element.tag == "iframe":
        return element.attributes.get("srcdoc") or None
    if element.tag == "textarea" or (element.tag == "script" and _is_no_program(element)):
        text = node.text(deep=True) or ""
        return text if _MARKUP.search(text) else None
    return None


def _is_no_program(script: Element) -> bool:
    kind = script.attributes.get("type", "").lower()
    return kind.startswith("text/") and "script" not in kind


def _attributes(node: LexborNode) -> dict[str, str]:
    return {name.lower(): value or "" for name, value in node.attributes.items()}


def _is_hidden(element: Element) -> bool:
    attributes = element.attributes
    return (
        "hidden" in attributes
        or (element.tag == "input" and attributes.get("type", "").lower() == "hidden")
        or ("style" in attributes and _HIDING.search(attributes["style"]) is not None)
    )


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


def pieces(container: Element) -> Iterator[str | Element]:
    """What stands in a container line by line: lines of inline text, and the block elements between them.

    Lines end at ``<br>`` and at block elements. A run of white space with a line break in the *source* is one space, as
    it is on the screen; other spaces and tabs are kept, because text tables are made of them. Blank lines are left out.
    """
    keeps = container.tag in _KEEPS_SPACE
    buffer: list[str] = []
    for item in _flow(container):
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
            if isinstance(child, Element) and not child.hidden and child.tag not in _UNREAD and not child.block:
                yield child
                stack.append(child)


def _flow(container: Element) -> Iterator[str | Element]:
    stack: list[Element | str] = list(reversed(container.children))
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif node.hidden or (node.tag in _UNREAD and not node.has_block):
            continue
        elif node.tag == "input":
            if node.attributes.get("type", "text").lower() in {"text", "number", ""} and _in_cell(node):
                yield node.attributes.get("value", "")
        elif node.block or node.tag == "br":
            yield node
        elif node.tag == "sup":
            stack.extend(raised(piece) if isinstance(piece, str) else piece for piece in reversed(_leaves(node)))
        else:
            stack.extend(reversed(node.children))


def _leaves(node: Element) -> list[Element | str]:
    """What stands in an inline element, its own inline elements opened."""
    found: list[Element | str] = []
    for child in node.children:
        plain = isinstance(child, Element) and not (
            child.hidden or child.block or child.tag in {"br", "input", *_UNREAD}
        )
        found += _leaves(child) if plain and isinstance(child, Element) else [child]
    return found


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


def plain_text(element: Element, *, nested_tables: bool = True) -> str:
    """All text in an element, one line per line a reader sees; the raw text of cells."""
    lines: list[str] = []
    _collect(element, lines, nested_tables)
    return "\n".join(lines)


def _collect(element: Element, lines: list[str], nested_tables: bool) -> None:
    for piece in pieces(element):
        if isinstance(piece, str):
            lines.append(piece)
        elif piece.tag != "table" or nested_tables:
            _collect(piece, lines, nested_tables)
