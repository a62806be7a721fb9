"""A page's own style sheets: which declarations hold for which element, by the cascade of CSS.

Only what can hide, strike or raise text is kept (`PROPERTIES`): of most sheets nothing is, and they cost nothing. The
page may be printed, so rules for print hold beside those for the screen; those for narrow windows do not. Selectors are
matched by lexbor and weighed by cssselect; sheets of other files are not in the bytes, and are not known.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

import cssselect
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

PROPERTIES = frozenset(
    """
    display visibility opacity filter font font-size color background background-color background-image text-decoration
    text-decoration-line vertical-align position left right top bottom inset text-indent margin margin-left transform
    clip clip-path overflow overflow-x overflow-y width height max-width max-height float mso-hide content
    """.split()  # noqa: SIM905 - a list of thirty names reads better so
)

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_TOKEN = re.compile(r""""(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|\\.|[{};]""", re.DOTALL)
_DECLARATION = re.compile(r"""((?:[^;"'(]|"[^"]*"|'[^']*'|\([^)]*\)?)+)""")
_PLACES = ("position", "left", "right", "top", "bottom", "inset", "transform")
_BOXES = ("overflow", "overflow-x", "overflow-y", "width", "height", "max-width", "max-height", "display", "float")
# What a page must say somewhere for a property to hide, strike or raise anything, and the properties that decide of it.
_SIGNS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), names)
    for pattern, names in (
        (r"display\s*:\s*none|hidden", ("display",)),
        (r"visibility\s*:\s*(?:hidden|collapse)", ("visibility",)),
        (r"opacity\s*[:(]\s*0?\.?0", ("opacity", "filter")),
        (r"line-through|<(?:s|del|strike)[\s>]", ("text-decoration", "text-decoration-line")),
        (r"font(?:-size)?\s*:[^;}\"']*(?<![\d.#a-f])(?:0|0?\.\d+|[12](?:\.\d+)?(?=px|pt|%))", ("font", "font-size")),
        (r"vertical-align\s*:\s*(?:su|[-+\d.])", ("vertical-align",)),
        (r"position\s*:\s*(?:relative|absolute|fixed)|transform", _PLACES),
        (r"clip(?:-path)?\s*:", ("clip", "clip-path", "position")),
        (r"(?:indent|margin(?:-left)?)\s*:[^;}\"']*\d{2}", ("text-indent", "margin", "margin-left")),
        (r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", (*_BOXES, "position")),
        (r"mso-hide\s*:\s*all", ("mso-hide",)),
        (r":(?:before|after)(?![\w-])", ("content",)),
    )
)
_COLOURS = ("color", "background", "background-color", "background-image")
_LETTERS = re.compile(r"(?<![-\w])(?:color|text)\s*[:=]\s*+[\"']?\s*+([#\w]+)", re.IGNORECASE)
_GROUNDS = re.compile(r"(?:background(?:-color)?\s*:|bgcolor\s*=)\s*+[\"']?\s*+([#\w]+)", re.IGNORECASE)
_PALE = re.compile(
    r"#?(?:[ef]{3,4}|(?:[ef][0-9a-f]){3}(?:[0-9a-f]{2})?)|rgba?|hsla?|[a-z]*white[a-z]*|transparent|snow|ivory|azure"
)
_NAMES = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_CLASSES = re.compile(r"""\bclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_TELLING = re.compile(
    r"display|visib|opacity|filter|line-through|vertical-align|position|indent\s*:\s*-|margin[^;]*-\d|transform|clip"
    r"|overflow|color|background|font-size|font\s*:|mso-hide",
    re.IGNORECASE,
)
_ENTERED = ("@supports", "@layer", "@container", "@scope")
_WIDTH = 1280  # CSS pixels: a page laid out for a desk, as it is when somebody prints it
_FEATURE = re.compile(r"\(\s*(min|max)-(?:device-)?width\s*:\s*([\d.]+)\s*(px|em|rem)?\s*\)")
_MOST_MATCHES = 1_500_000  # selectors times elements; what is beyond would take seconds, and is not applied
_SLOW = 30
_SEARCHING = re.compile(r":(?!hover|first-child|last-child)|~")  # looks at an element's neighbours, each time
_LONGEST_SELECTOR = 400
_BOX = re.compile(r"::?(?:before|after)$", re.IGNORECASE)
_QUOTED = re.compile(r""""((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'""")
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?")
_NAMED = re.compile(r"\b(?:attr|counters?|var)\(")
_ADORNING = re.compile(r"[\W_件条个项]*")

Declaration = tuple[str, str, bool]
"""Name of a property, its value in lower case, and whether it is marked ``!important``."""

_Weight = tuple[int, int, int, int]
_Rule = tuple[str, str]


class Styles:
    """The declarations of a page's sheets, by element.

    Attributes:
        cut: there were too many rules for the page's size, and the rest was not applied.
        lettered: elements (``mem_id``) before or behind whose content the page sets letters or digits of its own.
    """

    def __init__(self, page: LexborHTMLParser, sheets: Sequence[str], source: str) -> None:
        self._found: dict[int, list[tuple[_Weight, tuple[Declaration, ...]]]] = {}
        self.cut = False
        self.lettered: set[int] = set()
        decisive = _decisive(source) if sheets else frozenset()
        classes = {word for match in _CLASSES.findall(source) for word in "".join(match).split()} if decisive else ()
        each = max(source.count("<") // 2, 1)
        left = _MOST_MATCHES
        for order, (selectors, block) in enumerate(_all_rules(sheets) if decisive else ()):
            declared = tuple(one for one in declarations(block) if one[0] in decisive)
            for selector in _boxed(selectors) if _prints(declared) else ():
                self.lettered.update(node.mem_id for node in _matching(page, selector))
            for selector, weight in _selectors(selectors) if declared else ():
                if any(name not in classes for name in _NAMES.findall(selector)):
                    continue
                left -= each * (_SLOW if _SEARCHING.search(selector) else 1)
                if left < 0:
                    self.cut = True
                    return
                for node in _matching(page, selector):
                    self._found.setdefault(node.mem_id, []).append(((*weight, order), declared))

    def names(self, node: int) -> bool:
        """Whether any rule is of the element with this ``mem_id``."""
        return node in self._found

    def of(self, node: int, inline: str) -> Mapping[str, str]:
        """The declarations that hold for an element.

        Args:
            node: its ``mem_id``.
            inline: its ``style`` attribute.
        """
        matched = self._found.get(node)
        own = declarations(inline) if inline else ()
        if not matched:
            return _cascade([own])
        ordered = [declared for _, declared in sorted(matched, key=lambda each: each[0])]
        return _cascade([*ordered, own])


def _matching(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return page.css(selector)
    except (SelectolaxError, ValueError):
        return []


def _boxed(prelude: str) -> Iterator[str]:
    """The selectors of a list that name a box before or behind an element's content, without that box."""
    for selector in _SPLIT.split(prelude) if len(prelude) <= _LONGEST_SELECTOR * 8 else ():
        bare = _BOX.sub("", selector.strip())
        if bare != selector.strip() and _specificity(bare or "*") is not None:
            yield bare or "*"


def _prints(declared: Sequence[Declaration]) -> bool:
    """Whether a generated box says anything: letters or digits, and not what adorns, parts or counts (件) a value."""
    held = _cascade([declared])
    content = held.get("content", "")
    if held.get("display") == "none" or not content:
        return False
    text = "".join(double or single for double, single in _QUOTED.findall(content))
    text = _ESCAPE.sub(lambda match: chr(int(match[1], 16) % 0x110000), text)
    named = _NAMED.search(_QUOTED.sub("", content)) is not None
    return named or _ADORNING.fullmatch(text) is None


def _cascade(blocks: Sequence[Sequence[Declaration]]) -> Mapping[str, str]:
    held: dict[str, str] = {}
    for important in (False, True):
        for block in blocks:
            for name, value, marked in block:
                if marked == important:
                    held.pop(name, None)  # later ones stand last: a shorthand behind its longhand takes its place
                    held[name] = value
    return held


@functools.lru_cache(maxsize=4096)  # office programs write the same few styles thousands of times
def declarations(block: str) -> tuple[Declaration, ...]:
    """The declarations of a block or ``style`` attribute that are among `PROPERTIES`: name, value, important."""
    found = []
    for match in _DECLARATION.finditer(block):
        name, colon, value = match.group(1).partition(":")
        name = name.strip().lower()
        if colon and name in PROPERTIES:
            value, mark, _ = value.strip().lower().partition("!")
            found.append((name, value.strip(), bool(mark)))
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def is_telling(inline: str) -> bool:
    """Whether a ``style`` attribute alone can change what is seen of text: most give widths and margins."""
    return _TELLING.search(inline) is not None


def _decisive(source: str) -> frozenset[str]:
    """The properties that can hide, strike or raise anything on a page, by what it says anywhere."""
    found = {name for sign, names in _SIGNS if sign.search(source) for name in names}
    letters = {match.lower() for match in _LETTERS.findall(source)}
    grounds = {match.lower() for match in _GROUNDS.findall(source)}
    if letters & grounds or any(map(_PALE.fullmatch, letters)):
        found.update(_COLOURS)
    return frozenset(found)


def _all_rules(sheets: Sequence[str]) -> Iterator[_Rule]:
    for sheet in sheets:
        yield from _rules(_COMMENT.sub(" ", sheet))


def _rules(sheet: str) -> Iterator[_Rule]:
    """The style rules of a sheet, those within rules for print or of conditions too: selectors and block."""
    start = at = 0
    while (token := _TOKEN.search(sheet, at)) is not None:
        at = token.end()
        if token.group() == "{":
            prelude, end = sheet[start : token.start()].strip(), _closing(sheet, at)
            inner = sheet[at:end]
            start = at = end + 1
            if not prelude.startswith("@"):
                yield prelude, inner
            elif prelude.lower().startswith(_ENTERED) or _media_holds(prelude):
                yield from _rules(inner)
        elif token.group() in {";", "}"}:
            start = at


def _closing(sheet: str, at: int) -> int:
    depth = 1
    for token in _TOKEN.finditer(sheet, at):
        depth += {"{": 1, "}": -1}.get(token.group(), 0)
        if depth == 0:
            return token.start()
    return len(sheet)


def _media_holds(prelude: str) -> bool:
    """Whether an ``@media`` rule holds for a page on a wide screen or on paper."""
    name, _, queries = prelude.lower().partition(" ")
    return name.startswith("@media") and medium_holds(queries or prelude[6:])


def medium_holds(queries: str) -> bool:
    """Whether one of several media queries (also a ``media`` attribute) holds for a wide screen or for paper."""
    return any(_query_holds(query.strip().lower()) for query in queries.split(","))


def _query_holds(query: str) -> bool:
    medium = re.match(r"(?:only\s+|(not)\s+)?([a-z]*)", query)
    named = medium.group(2) if medium else ""
    if medium and medium.group(1):
        return named not in {"all", "screen"}
    if named not in {"", "all", "screen", "print", "and"}:
        return False
    for bound, number, unit in _FEATURE.findall(query):
        pixels = float(number) * (16 if unit in {"em", "rem"} else 1)
        if (bound == "min") == (pixels > _WIDTH):
            return False
    return True


def _selectors(prelude: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Each selector of a list with its specificity; those of generated boxes (``::before``) name no element."""
    if len(prelude) > _LONGEST_SELECTOR * 8:
        return
    for selector in _SPLIT.split(prelude):
        weight = _specificity(selector.strip())
        if weight is not None:
            yield selector.strip(), weight


_SPLIT = re.compile(r",(?![^(\[]*[)\]])")


@functools.lru_cache(maxsize=4096)
def _specificity(selector: str) -> tuple[int, int, int] | None:
    if not selector or len(selector) > _LONGEST_SELECTOR:
        return None
    try:
        parsed = cssselect.parse(selector)
    except cssselect.SelectorError:
        return None
    if len(parsed) != 1 or parsed[0].pseudo_element is not None:
        return None
    return parsed[0].specificity()
