"""From a page's text to its tree (`dom`): elements as browsers make them, with what their styles do to their text.

selectolax (lexbor) parses as browsers do; its tree is copied into plain objects once, because everything after needs
parents, positions and cheap repeated visits. Text that nobody sees is set apart on the way (`looks`), and controls are
asked for what they show (`controls`).
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.characters import UNREAD as SIGN
from parsers.formats import limits
from parsers.formats.html import visibility
from parsers.formats.html.controls import CONTROLS, PICTURES, shown
from parsers.formats.html.dom import ERASED, UNREAD, UNSEEN, Element
from parsers.formats.html.shadow_roots import with_shadows
from parsers.formats.html.style_sheets import Styles, is_telling, medium_holds
from parsers.formats.html.visibility import Look

MAX_DEPTH = 200  # Chromium flattens at 512; nothing a person wrote is deeper, and our walks recurse

# Elements whose content is no content of the page.
_CLOSED = frozenset(
    """
    script style template svg math object embed applet audio video canvas select
    """.split()  # noqa: SIM905 - a list of names reads better so
)
# Elements that mean something for the look of text by themselves, and attributes that do.
_TELLING = frozenset({"s", "strike", "del", "font", "body", "rp", "rt", "sup", "sub", "dialog", "input"})
_TELLING_ATTRIBUTES = frozenset({"hidden", "bgcolor", "background", "color"})
_SIMPLE_TAG = re.compile(r"[a-z][a-z0-9-]*\Z")
_MARKUP = re.compile(r"<(?:table|p|div|br)[\s/>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tree:
    """A page as a tree.

    Attributes:
        root: its ``html`` element.
        unstyled: the page has more style rules than were applied.
    """

    root: Element
    unstyled: bool


def parse(text: str) -> Element:
    """The elements of a page.

    Raises:
        OversizedDocument: it has more than `limits.MAX_ELEMENTS` elements.
    """
    return load(text).root


def load(text: str) -> Tree:
    """The tree of a page, and how it was made.

    Raises:
        OversizedDocument: it has more than `limits.MAX_ELEMENTS` elements.
    """
    limits.check_source(text)
    copy = _Copy(text, None, [0])
    return Tree(copy.root, copy.unstyled)


class _Copy:
    """One page, or one page within a page, copied."""

    def __init__(self, text: str, frame: Element | None, copied_before: list[int]) -> None:
        # A NUL makes lexbor's tokenizer substitute or drop it by context; dropping it here keeps offsets plain.
        plain = with_shadows(text.replace("\0", ""))
        self._page = LexborHTMLParser(plain.encode("utf-8", "replace").decode("utf-8"))
        self._copied = copied_before
        self.unstyled = False
        self._looks: dict[tuple[Look, str, str, bool], tuple[Look, bool, bool]] = {}
        source = self._page.root
        depth = frame.depth + 1 if frame else 0
        if source is None or not source.is_element_node:
            self.root = Element("html", {}, frame, "html", depth)
            return
        self.root = Element("html", _attributes(source), frame, "html", depth)
        sheets, self._others = _sheets(self._page)
        self._styles = Styles(self._page, sheets, plain)
        self.unstyled = self._styles.cut
        self._walk(source)

    def _walk(self, source: LexborNode) -> None:
        order = [self.root]
        look = self._inner(visibility.PLAIN, source, self.root)
        stack: list[tuple[LexborNode, Element, Look]] = [(source, self.root, look)]
        while stack:
            node, element, look = stack.pop()
            unseen = "hidden" if _is_folded(element) else look.unseen
            below: list[tuple[LexborNode, Element, Look]] = []
            counts: dict[str, int] = {}
            place = 0
            child = node.first_child
            while child is not None:
                if child.is_text_node:
                    _add_text(element, child.text_content or "", unseen)
                elif child.is_element_node:
                    tag = (child.tag or "").lower()
                    place += 1
                    counts[tag] = counts.get(tag, 0) + 1
                    copied = _add_element(element, tag, place, counts[tag], _attributes(child))
                    order.append(copied)
                    self._copied[0] += 1
                    if self._copied[0] > limits.MAX_ELEMENTS:
                        raise limits.refuse("elements", limits.MAX_ELEMENTS)
                    inner = self._inner(look, child, copied)
                    if child.mem_id in self._styles.lettered and not copied.hidden and _in_cell(copied):
                        _add_text(copied, SIGN, inner.unseen)
                    if tag in CONTROLS or tag in PICTURES:
                        copied.control = shown(child, tag, copied.attributes)
                        copied.hidden = copied.hidden or inner.gone or not inner.shown
                    carried = _carried(child, copied)
                    if carried:
                        page = _Copy(carried, copied, self._copied).root
                        page.hidden = tag != "iframe"
                        copied.append(page)
                        copied.note_block()
                    elif tag not in _CLOSED:
                        below.append((child, copied, inner))
                child = child.next
            stack.extend(reversed(below))
        for element in reversed(order):
            if element.parent is not None and element.block and element.parent.tag not in UNREAD:
                element.parent.note_block()

    def _inner(self, look: Look, node: LexborNode, element: Element) -> Look:
        """The look of what is in an element; says of the element whether it is hidden or raised."""
        attributes, tag = element.attributes, element.tag
        style = attributes.get("style", "")
        matched = self._styles.names(node.mem_id)
        classed = self._others and look.ground is not None and bool(attributes.get("class") or attributes.get("id"))
        folded = element.parent is not None and tag != "summary" and _is_folded(element.parent)
        named = tag in _TELLING or not _TELLING_ATTRIBUTES.isdisjoint(attributes)
        if not (matched or classed or folded or named or (style and is_telling(style))):
            return look
        alone = not (matched or folded) and _TELLING_ATTRIBUTES.isdisjoint(attributes)
        known = (look, tag, style, classed) if alone else None
        if known is not None and known in self._looks:
            inner, element.hidden, element.raised = self._looks[known]
        else:
            declared = self._styles.of(node.mem_id, style)
            element.hidden = visibility.is_hidden(tag, declared, attributes)
            element.raised = visibility.is_raised(tag, declared, look.size)
            inner = visibility.inner(look, tag, declared, attributes, others=self._others)
            inner = dataclasses.replace(inner, gone=True) if folded else inner
            if known is not None:
                self._looks[known] = (inner, element.hidden, element.raised)
        if inner.pale and not look.pale and not element.block and _has_text_beside(node):
            return dataclasses.replace(inner, colour=None)  # of its line only these letters are white
        return inner


def _sheets(page: LexborHTMLParser) -> tuple[list[str], bool]:
    """The style sheets that stand in the page, and whether others are named."""
    sheets = [
        node.text(deep=True) or ""
        for node in page.css("style")
        if medium_holds(node.attributes.get("media") or "") and "css" in (node.attributes.get("type") or "text/css")
    ]
    linked = page.css_first('link[rel~="stylesheet" i]') is not None or any("@import" in sheet for sheet in sheets)
    return sheets, linked


def _add_text(element: Element, text: str, unseen: str) -> None:
    """Text of an element; what nobody sees stands in an element of its own, which is hidden."""
    if not unseen or not text.strip():
        element.children.append(text)
        return
    tag = UNSEEN if unseen == "hidden" else ERASED
    step = f":nth-child({2_000_000 + len(element.children)})"
    around = Element(tag, {}, element, step, element.depth + 1)
    around.hidden = True
    around.append(text)
    element.append(around)


def _add_element(element: Element, tag: str, place: int, count: int, attributes: dict[str, str]) -> Element:
    # `div:nth-of-type(2)`; names that are no CSS identifiers (o:p) go by their place among all elements.
    simple = _SIMPLE_TAG.match(tag) is not None
    step = f"{tag}:nth-of-type({count})" if simple else f":nth-child({place})"
    if tag in {"head", "body"} and element.tag == "html":
        step = tag
    parent = element
    if element.depth >= MAX_DEPTH and element.parent is not None:
        # Too deep: laid beside its parent, under a step that no shallow sibling can have.
        parent = element.parent
        step = f"{tag if simple else ''}:nth-child({1_000_000 + len(parent.children)})"
    added = Element(tag, attributes, parent, step, parent.depth + 1)
    parent.append(added)
    return added


def _in_cell(element: Element) -> bool:
    return element.tag in {"td", "th"} or any(up.tag in {"td", "th"} for up in element.ancestors())


def _is_folded(element: Element) -> bool:
    """Details within a cell that nobody opened: their summary alone is seen. Elsewhere they are a part of the page."""
    return element.tag == "details" and "open" not in element.attributes and _in_cell(element)


def _has_text_beside(node: LexborNode) -> bool:
    """Whether other text stands beside an element in its parent."""
    beside = node.parent.first_child if node.parent is not None else None
    while beside is not None:
        text = beside.text(deep=True) if beside.is_element_node else beside.text_content
        if beside.mem_id != node.mem_id and (text or "").strip():
            return True
        beside = beside.next
    return False


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
