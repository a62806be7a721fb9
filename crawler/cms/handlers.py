"""Where the handler of an element leads: the address that its script builds, or the form that it fills in and sends.

A pager is often no link: ``<select onchange="location='?p='+this.value">``, ``href="javascript:goPage(2)"`` with
``function goPage(n) { document.fy.dqy.value = n; document.fy.submit() }`` in the page. What such a script does with a
literal is worked out; anything else in it (a condition, a value from elsewhere) is left to the browser.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.cms.javascript import inside, split

_CALL = re.compile(r"(?<![\w$.])([A-Za-z_$][\w$]{0,60})\s{0,9}\(([^()]{0,200})\)")
_GOES = re.compile(
    r"\blocation(?:\s{0,9}\.\s{0,9}href)?\s{0,9}=(?!=)|\blocation\s{0,9}\.\s{0,9}(?:replace|assign)\s{0,9}\("
    r"|\bwindow\s{0,9}\.\s{0,9}open\s{0,9}\("
)
_SETS = re.compile(
    r"(?:getElement(?:ById|sByName)\s{0,9}\(\s{0,9}['\"]([\w.$-]{1,60})['\"]\s{0,9}\)(?:\s{0,9}\[\s{0,9}0\s{0,9}\])?"
    r"|\$\(\s{0,9}['\"][^'\"()]{0,40}?([\w$-]{1,60})['\"]?\]?['\"]\s{0,9}\)"
    r"|\b([\w$]{1,60}))\s{0,9}\.\s{0,9}(?:value\s{0,9}=(?!=)|val\s{0,9}\()"
)
_SENDS = re.compile(r"\.\s{0,9}submit\s{0,9}\(")
_QUOTED = re.compile(r"\"((?:\\.|[^\"\\]){0,2000})\"|'((?:\\.|[^'\\]){0,2000})'")
_NAME = re.compile(r"[A-Za-z_$][\w$]{0,60}")
_WRAPPED = re.compile(r"(?:encodeURIComponent|encodeURI|escape|parseInt|Number|String)\s{0,9}\((.*)\)", re.DOTALL)
_SHIFTED = re.compile(r"\(?\s{0,9}([A-Za-z_$][\w$]{0,60})\s{0,9}([+-])\s{0,9}(\d{1,3})\s{0,9}\)?")
_OWN_VALUE = re.compile(
    r"[A-Za-z_$][\w$]{0,60}\s{0,9}\.\s{0,9}(?:value|options\s{0,9}\[[^\[\]]{1,60}\]\s{0,9}\.\s{0,9}value)"
    r"|\$\(\s{0,9}this\s{0,9}\)\s{0,9}\.\s{0,9}val\s{0,9}\(\s{0,9}\)"
)
_THIS = "\x00this"
_MOST_STEPS = 4  # names that stand for names
_LONGEST_BODY = 3000


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that a handler sends.

    Attributes:
        form: its element. fields: names of the fields that are set, with what they are set to.
    """

    form: LexborNode
    fields: Mapping[str, str]


class Handlers:
    """The handlers of one page's elements.

    Args:
        tree: the page.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._functions: dict[str, tuple[tuple[str, ...], str] | None] = {}
        self._set: dict[str, str | None] = {}

    @functools.cached_property
    def _scripts(self) -> str:
        return "\n".join(node.text() or "" for node in self._tree.css("script") if not node.attributes.get("src"))

    def address(self, source: str, value: str = "") -> str | None:
        """The address, as written, to which a handler leads; None where it is not plain.

        Args:
            source: of the handler, ``javascript:`` before it or not.
            value: of the element itself, which ``this.value`` stands for.
        """
        found = {
            address
            for body, known in self._bodies(source, value)
            for address in self._goes(body, known, value, plain=body == source)
        }
        return found.pop() if len(found) == 1 else None

    def filled(self, source: str, value: str = "") -> Filled | None:
        """The form that a handler fills in and sends, or None."""
        for body, known in self._bodies(source, value):
            if not _SENDS.search(body):
                continue
            fields: dict[str, str] = {}
            for match in _SETS.finditer(body):
                name = next(group for group in match.groups() if group)
                text = self._text(_expression(body, match.end()), body, known, value)
                if text is not None:
                    fields[name] = text
            form, named = self._form_of(fields)
            if form is not None:
                return Filled(form, named)
        return None

    def _form_of(self, fields: Mapping[str, str]) -> tuple[LexborNode | None, dict[str, str]]:
        """The form that holds fields of these names or ids, and the names under which it sends them."""
        for form in self._tree.css("form"):
            named: dict[str, str] = {}
            for field in form.css("input, select"):
                name = field.attributes.get("name") or ""
                for known in (name, field.attributes.get("id") or ""):
                    if name and known in fields:
                        named[name] = fields[known]
            if named:
                return form, named
        return None, {}

    def _bodies(self, source: str, value: str) -> Iterator[tuple[str, dict[str, str]]]:
        """The handler itself, and the functions of the page that it calls, with what they are given."""
        yield source, {}
        for call in _CALL.finditer(source):
            function = self._function(call[1])
            if function is None:
                continue
            names, body = function
            given = [_THIS if part == "this" else self._text(part, "", {}, value) for part in split(call[2])]
            known = {name: text for name, text in zip(names, given, strict=False) if name and text is not None}
            yield body, known

    def _function(self, name: str) -> tuple[tuple[str, ...], str] | None:
        """Names of the parameters and body of a function of the page; looked for once, however many entries call it."""
        if name not in self._functions:
            found = re.search(
                rf"(?:function\s{{1,9}}{re.escape(name)}\s{{0,9}}"
                rf"|(?<![\w$.]){re.escape(name)}\s{{0,9}}=\s{{0,9}}function\s{{0,9}})\(([^()]{{0,200}})\)\s{{0,9}}(?=\{{)",
                self._scripts,
            )
            self._functions[name] = (
                None
                if found is None
                else (
                    tuple(one.strip() for one in found[1].split(",")),
                    inside(self._scripts, found.end())[:_LONGEST_BODY],
                )
            )
        return self._functions[name]

    def _set_to(self, name: str) -> str | None:
        """The expression that the page's scripts first set a name to."""
        if name not in self._set:
            self._set[name] = _set_in(self._scripts, name)
        return self._set[name]

    def _goes(self, body: str, known: Mapping[str, str], value: str, *, plain: bool) -> Iterator[str]:
        """Addresses that depend on what the handler is given: one that is always the same is no entry's own."""
        for match in _GOES.finditer(body):
            expression = _expression(body, match.end())
            constant = self._text(expression, body, {}, "\x00")
            text = self._text(expression, body, known, value)
            if text is not None and (text != constant or plain) and not text.startswith(("javascript:", "#")):
                yield text

    def _text(self, expression: str, body: str, known: Mapping[str, str], value: str, steps: int = 0) -> str | None:
        """What an expression comes to: strings, numbers, what is known, joined by plus signs; else None."""
        pieces: list[str] = []
        for part in split(expression, "+") if not _SHIFTED.fullmatch(expression.strip()) else [expression.strip()]:
            piece = self._piece(part, body, known, value, steps)
            if piece is None:
                return None
            pieces.append(piece)
        return "".join(pieces) if pieces else None

    def _piece(self, part: str, body: str, known: Mapping[str, str], value: str, steps: int) -> str | None:
        wrapped = _WRAPPED.fullmatch(part)
        part = split(wrapped[1])[0] if wrapped and split(wrapped[1]) else part
        quoted = _QUOTED.fullmatch(part)
        if quoted:
            return re.sub(r"\\(.)", r"\1", quoted[1] if quoted[1] is not None else quoted[2])
        if re.fullmatch(r"\d{1,9}", part):
            return part
        if _OWN_VALUE.fullmatch(part) and (part.startswith(("this", "$")) or known.get(part.split(".")[0]) == _THIS):
            return value or None
        shifted = _SHIFTED.fullmatch(part)
        if shifted and known.get(shifted[1], "").isdigit():
            number = int(known[shifted[1]]) + int(f"{shifted[2]}{shifted[3]}")
            return str(number) if number >= 0 else None
        if not _NAME.fullmatch(part):
            return None
        if part in known:
            return known[part] if known[part] != _THIS else None
        if steps >= _MOST_STEPS:
            return None
        said = _set_in(body, part) or self._set_to(part)
        return None if said is None else self._text(said, body, known, value, steps + 1)


def _set_in(text: str, name: str) -> str | None:
    """The expression that a name is first set to in ``text``."""
    said = re.search(rf"(?<![\w$.]){re.escape(name)}\s{{0,9}}=(?!=)", text)
    return None if said is None else _expression(text, said.end())


def _expression(text: str, start: int) -> str:
    """The expression that begins at ``start``: up to what ends a statement or the call that it stands in."""
    depth, index = 0, start
    while index < len(text) and index - start < _LONGEST_BODY:
        quoted = _QUOTED.match(text, index) if text[index] in "'\"" else None
        if quoted:
            index = quoted.end()
            continue
        if text[index] in "([{":
            depth += 1
        elif text[index] in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif text[index] in ";,\n" and depth == 0:
            break
        index += 1
    return text[start:index].strip()
