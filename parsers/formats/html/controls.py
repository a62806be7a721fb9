"""What a reader sees of controls and pictures: the value of a field, the chosen option, the words of a drawing.

What is seen and cannot be said in letters (a picture, a canvas, a formula with fractions) is
`radicals.UNREAD`: a cell that holds it is not blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborNode

from parsers.characters import UNREAD

CONTROLS = frozenset({"select", "textarea", "input", "progress", "meter"})
"""Elements whose value is shown, and not what stands in them."""

PICTURES = frozenset({"img", "svg", "math", "canvas", "object", "embed", "video", "audio", "iframe", "applet"})
"""Elements that are drawn."""

_TYPED = frozenset({"button", "submit", "reset"})
_MARKS = {"checkbox": "☐", "radio": "○", "color": UNREAD, "range": UNREAD, "file": UNREAD, "image": UNREAD}
_CHECKED = {"checkbox": "☑", "radio": "◉"}
_IN_A_ROW = frozenset({"math", "mrow", "mstyle", "semantics", "mn", "mi", "mo", "mtext", "mspace", "mpadded", "merror"})
_THINNEST = 3  # CSS pixels: thinner pictures keep things apart


def shown(node: LexborNode, tag: str, attributes: Mapping[str, str]) -> str:
    """What is seen of a control or picture; empty when nothing is."""
    if tag == "input":
        return _input(attributes)
    if tag == "textarea":
        return (node.text(deep=True) or "").strip("\r\n")
    if tag == "select":
        return _select(node, attributes)
    if tag == "math":
        return _formula(node)
    if tag == "svg":
        return _drawing(node)
    if tag == "audio" and "controls" not in attributes:
        return ""
    if tag == "iframe" and not (attributes.get("src") or "").strip():
        return ""
    sizes = [re.match(r"\s*(\d+)\s*(?:px)?\s*$", attributes.get(side, "")) for side in ("width", "height")]
    return "" if any(size is not None and int(size.group(1)) <= _THINNEST for size in sizes) else UNREAD


def _input(attributes: Mapping[str, str]) -> str:
    kind = attributes.get("type", "text").strip().lower()
    if kind == "hidden":
        return ""
    if kind in _CHECKED and "checked" in attributes:
        return _CHECKED[kind]
    if kind in _MARKS:
        return _MARKS[kind]
    value = attributes.get("value", "")
    if kind == "password":
        return "•" * len(value)
    return value or {"submit": "提交", "reset": "重置"}.get(kind, "") if kind in _TYPED else value


def _select(node: LexborNode, attributes: Mapping[str, str]) -> str:
    """The chosen option, else the first one; a box that lists several is no text."""
    options = [option for option in _elements(node) if option.tag == "option"]
    if "multiple" in attributes or re.match(r"\s*0*(?:[2-9]|1\d)", attributes.get("size") or ""):
        return UNREAD if options else ""
    chosen = [option for option in options if "selected" in option.attributes] or options[:1]
    if not chosen:
        return ""
    return (chosen[-1].attributes.get("label") or " ".join((chosen[-1].text(deep=True) or "").split())).strip()


def _formula(node: LexborNode) -> str:
    """A formula whose parts stand side by side; one with parts above each other is no text."""
    names = {element.tag for element in _elements(node) if element.tag not in {"annotation", "annotation-xml"}}
    if names - _IN_A_ROW:
        return UNREAD
    leaves = [element for element in _elements(node) if element.tag in {"mn", "mi", "mo", "mtext"}]
    return "".join((leaf.text(deep=True) or "").strip() for leaf in leaves) or UNREAD


def _drawing(node: LexborNode) -> str:
    """The words of a drawing that holds one text; of several the order is that of their places."""
    texts = [element for element in _elements(node) if element.tag == "text"]
    if len(texts) == 1 and not any(element.tag in {"tspan", "textpath"} for element in _elements(texts[0])):
        return " ".join((texts[0].text(deep=True) or "").split()) or UNREAD
    drawn = any(element.tag not in {"title", "desc", "metadata", "defs", "g", "style"} for element in _elements(node))
    return UNREAD if drawn else ""


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    """All elements below a node, in document order."""
    stack = [node.first_child]
    while stack:
        here = stack.pop()
        while here is not None:
            if here.is_element_node:
                yield here
                stack.append(here.next)
                here = here.first_child
            else:
                here = here.next
