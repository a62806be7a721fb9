"""What a paragraph of a Word file prints: text as its runs and styles set it, and a sign for what is no text.

Left out is what nobody reads on paper: struck through, hidden, of the colour of its ground, too small to see, deleted
in tracked changes, the readings beside ruby letters. Digits above or below the line are written as superscripts.
Symbols, equations and chosen entries of drop-down fields are text where they say which; pictures, objects, other
equations and fields without a result are `UNREAD`.

Source of element meanings: ECMA-376 part 1, 17.3 (runs), 17.7 (styles), 17.16 (fields), 22.1 (equations).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from parsers.characters import UNREAD, raised
from parsers.formats import contrast

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
GONE = frozenset({W + "del", W + "moveFrom", _M + "del", _FALLBACK, W + "rt"})
"""Elements whose content is not printed: deletions, the second version of a drawing, readings beside letters."""

_FLOATING = "\ufdd0"  # a picture that floats: it counts only where nothing else stands (a noncharacter of Unicode)
_SMALLEST = 5  # half-points: what is smaller is not read by anybody
_LIFTED = 4  # half-points between two stretches of a line: one of them is a mark
_LEAST_EXTENT = 38100  # EMU, 3 points: smaller pictures are spacers
_FLAT = frozenset({_M + name for name in ("oMath", "oMathPara", "r", "t", "box", "e", "rPr", "ctrlPr", "boxPr")})
# Fields that print nothing, or nothing that is of the report, when they have no result.
_SILENT_FIELDS = frozenset(
    {"ADVANCE", "ASK", "BIBLIOGRAPHY", "BOOKMARK", "HYPERLINK", "INDEX", "NUMPAGES", "PAGE", "PAGEREF", "PRINT"}
    | {"PRIVATE", "RD", "SECTIONPAGES", "SET", "TA", "TC", "TOA", "TOC", "XE"}
)
# Symbol fonts whose signs have a character of their own; digits of Symbol stand where ASCII has them.
_CIRCLED = {0x80: "⓪", **{0x81 + at: chr(ord("①") + at) for at in range(10)}}
_CIRCLED |= {0x8B: "⓿", **{0x8C + at: chr(ord("❶") + at) for at in range(10)}}
_DIGITS = range(ord("0"), ord("9") + 1)
_LETTERS = range(0x20, 0xD800)  # from the blank to the surrogates
_PROPERTIES = {"p": "pPr", "tc": "tcPr", "tbl": "tblPr"}  # where an element says how it is shaded
_PICTORIAL = ("wingdings", "webdings", "marlett", "mt extra", "zapfdingbats", "zapf dingbats", "bookshelf symbol")


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is set.

    Attributes:
        seen: it is neither hidden, struck, too small nor of the colour of its ground.
        mark: it is set as superscript or subscript.
        position: how far it is raised (lowered: below 0), in half-points.
    """

    seen: bool = True
    mark: bool = False
    position: int = 0


@dataclass(slots=True)
class _Field:
    """A field of which the beginning was met."""

    begins: Any
    look: Look
    at: int
    code: str = ""


@dataclass(slots=True)
class _Line:
    """A paragraph on its way to text."""

    pieces: list[tuple[str, Look]] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)

    def add(self, text: str, look: Look) -> None:
        self.pieces.append((text if look.seen else "", look))

    def text(self) -> str:
        base = Counter[int]()
        for text, look in self.pieces:
            base[look.position] += len(text.strip())
        # The line is where most letters stand: a form may set a whole paragraph higher.
        level = base.most_common(1)[0][0] if base else 0
        shown = []
        for text, look in self.pieces:
            is_mark = look.mark or abs(look.position - level) >= _LIFTED
            shown.append(raised(text) if is_mark else text)
        return "".join(shown)


class Looks:
    """How the runs of a document are set, by their own properties and by styles.

    Args:
        styles: the element ``w:styles``; None where the file has none.
    """

    def __init__(self, styles: Any) -> None:
        self._styles: dict[str | None, Any] = {}
        if styles is not None:
            self._styles = {style.get(W + "styleId"): style for style in styles.iter(W + "style")}
        self._known: dict[str, tuple[Any, ...]] = {}

    def text(self, paragraph: Any, *, in_cell: bool = False) -> str:
        """What a paragraph prints; text boxes in it are left to the caller.

        Args:
            paragraph: the element ``w:p``.
            in_cell: pictures and objects count as content (elsewhere they decorate).
        """
        line = _Line()
        self._walk(paragraph, Look(), line, in_cell=in_cell)
        return line.text()  # a field that is still open has its result in the paragraphs that follow

    def look(self, run: Any) -> Look:
        """How a run is set."""
        properties = list(self._properties(run))
        mark = _value(_first(properties, "vertAlign")) in {"superscript", "subscript"}
        position = _number(_value(_first(properties, "position")))
        size = _number(_value(_first(properties, "sz")), default=99)
        hidden = any(self._is_on(properties, name) for name in ("vanish", "strike", "dstrike"))
        seen = not hidden and size >= _SMALLEST and self._is_inked(run, properties)
        return Look(seen, mark, position)

    def _walk(self, element: Any, look: Look, line: _Line, *, in_cell: bool) -> None:
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in GONE or tag.endswith("Pr"):
                continue
            if tag == W + "r":
                self._run(child, line, in_cell=in_cell)
            elif tag in {_M + "oMath", _M + "oMathPara"}:
                line.add(_equation(child), look)
            elif tag == W + "fldSimple":
                before = len(line.pieces)
                self._walk(child, look, line, in_cell=in_cell)
                code = str(child.get(W + "instr") or "")
                if not _printed(line, before) and not _is_silent(code):
                    line.add(UNREAD, look)
            elif tag == W + "sdt":
                before = len(line.pieces)
                self._walk(child, look, line, in_cell=in_cell)
                if in_cell and not _printed(line, before):
                    line.add(UNREAD, look)
            else:
                self._walk(child, look, line, in_cell=in_cell)

    def _run(self, run: Any, line: _Line, *, in_cell: bool) -> None:
        look = self.look(run)
        for child in _content(run):
            name = child.tag.rpartition("}")[2]
            if name == "t":
                line.add(str(child.text or ""), look)
            elif name in {"tab", "ptab"}:
                line.add("\t", look)
            elif name in {"br", "cr"}:
                # Breaks of another type end a page or a column, and no line of the text.
                ends_line = child.get(W + "type") in {None, "textWrapping"}
                line.add("\n" if ends_line else "", look)
            elif name == "noBreakHyphen":
                line.add("-", look)
            elif name == "sym":
                line.add(_symbol(child), look)
            elif name == "ruby":
                self._walk(child, look, line, in_cell=in_cell)
            elif name == "fldChar":
                self._field(child, look, line)
            elif name == "instrText" and line.fields:
                line.fields[-1].code += str(child.text or "")
            elif name in {"drawing", "pict", "object"}:
                line.add(_drawn(child, in_cell=in_cell), look)

    def _field(self, mark: Any, look: Look, line: _Line) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin":
            line.fields.append(_Field(mark, look, len(line.pieces)))
        elif kind == "end" and line.fields:
            self._end_field(line)

    def _end_field(self, line: _Line) -> None:
        """What a field prints that holds no result: the chosen entry of a list, or something nobody can know."""
        ended = line.fields.pop()
        if _printed(line, ended.at):
            return
        chosen = _chosen(ended.begins)
        if chosen is not None:
            line.add(chosen, ended.look)
        elif not _is_silent(ended.code):
            line.add(UNREAD, ended.look)

    def _properties(self, run: Any) -> Iterator[Any]:
        """The properties that set a run, nearest first: its own, its style's, its paragraph's style's."""
        own = run.find(W + "rPr")
        if own is not None:
            yield own
            yield from self._of_style(_value(own.find(W + "rStyle")))
        paragraph = next((parent for parent in run.iterancestors(W + "p")), None)
        named = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        yield from self._of_style(_value(named))

    def _of_style(self, name: str | None) -> tuple[Any, ...]:
        if not name:
            return ()
        if name not in self._known:
            found: list[Any] = []
            passed: set[str] = set()
            at: str | None = name
            while at and at not in passed and at in self._styles:
                passed.add(at)
                style = self._styles[at]
                found += style.findall(W + "rPr")
                at = _value(style.find(W + "basedOn"))
            self._known[name] = tuple(found)
        return self._known[name]

    @staticmethod
    def _is_on(properties: list[Any], name: str) -> bool:
        element = _first(properties, name)
        return element is not None and element.get(W + "val") not in {"0", "false", "off", "none"}

    def _is_inked(self, run: Any, properties: list[Any]) -> bool:
        ink = contrast.of_hex(_value(_first(properties, "color")))
        if ink is None or contrast.shows(ink):
            return True
        if _value(_first(properties, "highlight")) not in {None, "none", "white"}:
            return True
        own = _first(properties, "shd")
        shades = [] if own is None else [own]
        for parent in run.iterancestors():
            name = parent.tag.rpartition("}")[2]
            if name in {"txbxContent", "background"}:
                return True  # the fill of a shape: what it is, stands elsewhere
            held = parent.find(W + _PROPERTIES[name]) if name in _PROPERTIES else None
            if held is None:
                continue
            shades += held.findall(W + "shd")[:1]
            if name == "tbl" and self._is_shaded(_value(held.find(W + "tblStyle"))):
                return True
        return contrast.shows(ink, _ground(shades))

    def _is_shaded(self, name: str | None) -> bool:
        """Whether a table style shades cells: which ones depends on where they stand."""
        passed: set[str] = set()
        while name and name not in passed and name in self._styles:
            passed.add(name)
            for shade in self._styles[name].iter(W + "shd"):
                fill = contrast.of_hex(shade.get(W + "fill"))
                if shade.get(W + "themeFill") or (fill is not None and contrast.shows(fill)):
                    return True
            name = _value(self._styles[name].find(W + "basedOn"))
        return False


def settled(text: str) -> str:
    """The text of a whole cell: a picture that floats over it counts where nothing else stands."""
    rest = text.replace(_FLOATING, "")
    if _FLOATING in text and not rest.strip():
        return UNREAD
    return rest


def boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes anchored in a paragraph, each once."""
    for box in paragraph.iter(W + "txbxContent"):
        for parent in box.iterancestors():
            if parent is paragraph:
                yield box
                break
            if parent.tag in GONE or parent.tag == W + "txbxContent":
                break


def _ground(shades: Sequence[Any]) -> contrast.Colour:
    """The colour below a run: that of the nearest shading which has one."""
    for shade in shades:
        named = "color" if shade.get(W + "val") == "solid" else "fill"
        fill = contrast.of_hex(shade.get(W + named))
        if fill is not None:
            return fill
    return contrast.WHITE


def _content(run: Any) -> Iterator[Any]:
    """The children of a run, also those of the version of a drawing that is chosen."""
    for child in run:
        if not isinstance(child.tag, str) or child.tag in GONE:
            continue
        if child.tag.endswith(("}AlternateContent", "}Choice")):
            yield from _content(child)
        else:
            yield child


def _printed(line: _Line, start: int) -> bool:
    return any(text.strip() for text, _ in line.pieces[start:])


def _is_silent(code: str) -> bool:
    words = code.split()
    return not words or words[0].upper() in _SILENT_FIELDS


def _chosen(begins: Any) -> str | None:
    """The entry that a drop-down field shows."""
    choices = begins.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return None
    entries = [str(entry.get(W + "val") or "") for entry in choices.iter(W + "listEntry")]
    shown = choices.find(W + "result")
    if shown is None:
        shown = choices.find(W + "default")
    chosen = _number(_value(shown))
    return entries[chosen] if 0 <= chosen < len(entries) else None


def _symbol(element: Any) -> str:
    """A sign that a run takes from a font by its number."""
    font = str(element.get(W + "font") or "").lower()
    try:
        code = int(str(element.get(W + "char") or ""), 16)
    except ValueError:
        return UNREAD
    if 0xF000 <= code <= 0xF0FF:
        code -= 0xF000  # Word writes the places of symbol fonts into the private area of Unicode
    if font == "wingdings":
        return _CIRCLED.get(code, UNREAD)
    if font.startswith(_PICTORIAL):
        return UNREAD
    known = _DIGITS if font == "symbol" else _LETTERS
    return chr(code) if code in known else UNREAD


def _equation(element: Any) -> str:
    """An equation set in one line as text; what it stacks, raises or strikes means more than its letters."""
    inner = [child for child in element.iter() if isinstance(child.tag, str) and child.tag.startswith(_M)]
    if any(child.tag not in _FLAT and not _is_property(child) for child in inner):
        return UNREAD
    return "".join(str(child.text or "") for child in inner if child.tag == _M + "t")


def _is_property(element: Any) -> bool:
    within = (element, *element.iterancestors())
    return any(parent.tag.startswith(_M) and parent.tag.endswith("Pr") for parent in within)


def _drawn(element: Any, *, in_cell: bool) -> str:
    """What a drawing, picture or object prints in a cell beside its text boxes."""
    names = {child.tag.rpartition("}")[2] for child in element.iter() if isinstance(child.tag, str)}
    lettering = [str(child.get("string") or "") for child in element.iter() if str(child.tag).endswith("}textpath")]
    if any(text.strip() for text in lettering):
        return "".join(lettering)
    pictured = bool(names & {"pic", "imagedata", "chart", "relIds", "contentPart", "control", "OLEObject"})
    if not in_cell or not pictured or "txbxContent" in names:
        return ""
    for child in element.iter():
        name = str(child.tag).rpartition("}")[2]
        if name == "extent" and _shorter_side(child) < _LEAST_EXTENT:
            return ""
        if name == "docPr" and child.get("hidden") in {"1", "true"}:
            return ""
    return _FLOATING if "anchor" in names else UNREAD


def _shorter_side(extent: Any) -> int:
    """In EMU; as much as counts where a side is not said."""
    width = _number(extent.get("cx"), default=_LEAST_EXTENT)
    height = _number(extent.get("cy"), default=_LEAST_EXTENT)
    return min(width, height)


def _first(properties: list[Any], name: str) -> Any:
    """The property of that name that counts: the nearest."""
    for element in properties:
        found = element.find(W + name)
        if found is not None:
            return found
    return None


def _value(element: Any) -> str | None:
    return None if element is None else element.get(W + "val")


def _number(written: str | None, *, default: int = 0) -> int:
    try:
        return int(float(written or ""))
    except ValueError:
        return default
