"""The pager call of a script (``createPageHTML(5, 0, "index", "html")``), whatever the order of its arguments.

Functions are called as their authors like: one of another name is a pager where its arguments are a pager's.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from crawler.cms.page import Page

_CALL = re.compile(r"(?<!function )\bcreate_?page\w{0,40}+\s{0,9}\(([^(){};]{0,600})\)", re.IGNORECASE)
_COMMENT = re.compile(r"(?<![:'\"\\])//")  # and no address
_LONGEST_LINE = 500
_MOST_ARGUMENTS = 12
_COUNT = re.compile(
    r"\b(?:countPage|pageCount|page_count|totalPages?|total_page|nPageCount|maxPage|pagesum)\s{0,9}=\s{0,9}"
    r"(?:parseInt\s{0,9}\(\s{0,9}|Number\s{0,9}\(\s{0,9})?['\"]?(\d{1,6})(?!\d)",
    re.IGNORECASE,
)
_PARSE_INT = re.compile(r"=\s{0,9}parseInt\s{0,9}\(\s{0,9}['\"]?(\d{1,4})['\"]?\s{0,9}\)")
# A number of pages and the current one, before stem and ending or behind them; an element first, a total last.
_PAGER_SHAPE = re.compile(r"s?nnsen?|s?sennn?")
_ENDING = re.compile(r"(['\"])\.?(?:s?html?|jhtml|jspx?|aspx?|php)\1", re.IGNORECASE)
_MOST_ENDINGS = 60
_LONGEST_NAME = 80
_CALLED = re.compile(r"[\w$]\s{0,9}$")
_DEFINED = re.compile(r"\bfunction\b[\s\w$]{0,60}$|\.(?:replace|split|indexOf|substring|slice)\s{0,9}$")
_EXTENSION = re.compile(r"^\.?(s?html?|jhtml|jspx?|aspx?|php)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """A pager call in a script.

    Attributes:
        pages: number of pages.
        prefix, extension: parts of the names; empty where the call does not say.
        records: number of entries, where it says so.
        derived: the number of pages was worked out from the number of entries; none of them is promised.
        direct: page N is ``<prefix>_N`` (the variant that names its container first and counts from 1).
        weak: a bare number that may be anything: pages are looked for by it, and none is missed.
    """

    pages: int
    prefix: str = ""
    extension: str = ""
    records: int | None = None
    direct: bool = False
    derived: bool = False
    weak: bool = False


def promised(page: Page) -> Call | None:
    """The pager call whose numbers count as stated; a bare ``parseInt(4)`` may be anything."""
    call = read_call(page.scripts)
    return call if call is not None and not call.weak else None


def read_call(scripts: str) -> Call | None:
    """The pager call of a page, whatever the order of its arguments; a bare page count where there is no call."""
    for match in _CALL.finditer(scripts):
        if _is_commented(scripts, match.start()):
            continue
        call = _arguments(match.group(1), scripts)
        if call is not None:
            return call
    shaped = _call_of_any_name(scripts)
    if shaped is not None:
        return shaped
    count = _COUNT.search(scripts)
    if count is not None:
        return Call(int(count.group(1)))
    bare = _PARSE_INT.search(scripts)
    return Call(int(bare.group(1)), weak=True) if bare else None


def _call_of_any_name(scripts: str) -> Call | None:
    """A call with a pager's arguments: an element or none, pages and the current one, stem and ending, perhaps a total.

    ``pagenation('pagination', 3, 1, 'index', 'shtml', 31)``; stem and ending may come first.
    """
    for ending in itertools.islice(_ENDING.finditer(scripts), _MOST_ENDINGS):
        opened = scripts.rfind("(", max(0, ending.start() - _LONGEST_LINE), ending.start())
        closed = scripts.find(")", ending.end(), ending.end() + _LONGEST_LINE)
        if opened < 0 or closed < 0 or re.search(r"[(){};]", scripts[opened + 1 : closed]):
            continue
        before = scripts[max(0, opened - _LONGEST_NAME) : opened]
        if not _CALLED.search(before) or _DEFINED.search(before) or _is_commented(scripts, opened):
            continue
        arguments = [argument.strip() for argument in scripts[opened + 1 : closed].split(",")]
        if _PAGER_SHAPE.fullmatch("".join(map(_sort_of, arguments))):
            return _arguments(scripts[opened + 1 : closed], scripts)
    return None


def _sort_of(argument: str) -> str:
    """What an argument is, in a letter: a number, an ending, a name, or something else."""
    plain = argument[1:-1] if argument[:1] in "'\"" and argument[-1:] == argument[:1] else None
    if plain is None:
        return "n" if re.fullmatch(r"\d{1,6}", argument) else "x"
    if _EXTENSION.match(plain):
        return "e"
    return "s" if re.fullmatch(r"#?[\w-]{1,60}", plain) else "x"


def _is_commented(scripts: str, position: int) -> bool:
    """Whether what stands at ``position`` of a script is commented out, to the line's end or within marks."""
    line = scripts[max(scripts.rfind("\n", 0, position) + 1, position - _LONGEST_LINE) : position]
    return _COMMENT.search(line) is not None or scripts.rfind("/*", 0, position) > scripts.rfind("*/", 0, position)


def _arguments(text: str, scripts: str) -> Call | None:
    numbers_before: list[int] = []
    numbers_after: list[int] = []
    strings: list[str] = []
    first_is_text = False
    arguments = re.findall(r"'[^']*'|\"[^\"]*\"|[^,\s][^,]*", text)
    for index, raw in enumerate(arguments[:_MOST_ARGUMENTS]):
        argument = raw.strip()
        quoted = argument[:1] in "'\""
        value = argument.strip("'\" ")
        if not quoted and re.fullmatch(r"[A-Za-z_$][\w$.]*", value):
            resolved = re.search(
                rf"\b{re.escape(value.rsplit('.', 1)[-1])}\s{{0,9}}=\s{{0,9}}['\"]?(\d{{1,8}})", scripts
            )
            if resolved is None:
                return None
            value, quoted = resolved.group(1), False
        if re.fullmatch(r"\d{1,8}", value):
            (numbers_after if strings and not (len(strings) == 1 and first_is_text) else numbers_before).append(
                int(value)
            )
        elif quoted:
            if index == 0:
                first_is_text = True
            strings.append(value)
    extension = next((value.lstrip(".") for value in reversed(strings) if _EXTENSION.match(value)), "")
    names = [value for value in strings if not _EXTENSION.match(value)]
    if not numbers_before and not numbers_after:
        return None
    counts_from_0 = len(numbers_before) == 2 and numbers_before[1] == 0
    container_first = first_is_text and len(names) > 1 and not counts_from_0
    prefix = names[-1] if names and not (first_is_text and len(names) == 1 and not extension) else ""
    if len(numbers_before) >= 3:
        return Call(numbers_before[1], prefix, extension, numbers_before[0])
    pages = (numbers_before or numbers_after)[0]
    records = numbers_after[0] if numbers_before and numbers_after else None
    return Call(pages, prefix, extension, records, direct=container_first)
