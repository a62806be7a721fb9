"""Back-ends that a page's own script asks: address, method and fields as they are written there.

Many portals are products of nobody in particular: a list is drawn by ``$.post("/x/list.do", {page: p, topic: topic})``.
What the call says is asked as it stands: names are looked up in the page's scripts and in its address, the parameter of
the function around it is the page number. A call whose address cannot be put together is left to the browser.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborNode

from crawler.cms import hidden_rows
from crawler.cms.back_ends.next_page import goes_on, next_page_requests
from crawler.cms.javascript import count_of, inside, setting, split
from crawler.cms.links import Link, holds_scripts_alone, name_of
from crawler.cms.page import Page
from crawler.cms.pagers.paging import PARAMETERS, page_parameter, set_parameter
from crawler.cms.request import FORM, JSON, XHR, ListRequest, form, json_body
from crawler.joining import joined

CALL, SCRIPT = "call", "script"
_SIZES = frozenset({"pagesize", "page_size", "rows", "size", "limit", "perpage", "length"})
_CALLS = re.compile(
    r"(?:\$|\bjQuery|\baxios|\$http)\s{0,9}\.\s{0,9}(ajax|getJSON|get|post)\s{0,9}\(|(?<![\w.$])(fetch|axios|ajax)\s{0,9}\(",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"hits?\b|visit|counter|click|login|captcha|verif|weather|tongji|browse|\bpv\b", re.IGNORECASE)
# Calls that change something are no business of a reader, whatever page they stand in.
_CHANGES = re.compile(
    r"(?:^|[/_.\-]|(?<=[a-z]))(?:[Aa]dd|[Ss]ave|[Ss]ubmit|[Ii]nsert|[Uu]pdate|[Dd]el(?:ete)?|[Rr]emove|[Cc]omment|[Vv]ote"
    r"|[Pp]raise|[Zz]an|[Ff]eedback|[Uu]pload|[Ll]ogout|[Rr]egister|[Ss]ubscribe)(?=[A-Z/_.\-\d]|$)"
)
_LIBRARY = re.compile(
    r"jquery|bootstrap|swiper|layui|layer|vue|react|echarts|polyfill|axios|moment|slide|share|zoom|\bwza|print|qrcode"
    r"|tongji|analytics|webtrends|video|player|calendar",
    re.IGNORECASE,
)
_MENU = re.compile(r"nav|menu|left|side|head|tree|column|channel|lanmu", re.IGNORECASE)
_QUOTED = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|`([^`$]*)`")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$")
# location.href = "#/detail?id=" + row.id; '<a href="/show/' + x.articleId + '.html">'
_PLACE = r"(?:https?:/|\.{1,2})?[/#][^'\"\s+]{0,300}"
_BUILT = re.compile(
    r"(?:href|open|hash|push|location|assign|replace|src)\b[^;\n]{0,24}?"
    rf"(?:['\"]({_PLACE})['\"]|=[\\]?['\"]({_PLACE})['\"])\s*\+\s*"
    r"(?:(?:[A-Za-z_$][\w$]{0,60}(?:\[\w{1,60}\])?\.){1,9}([A-Za-z_$][\w$]{0,60})\b(?!\s{0,9}\()"
    r"|\$\(\s*this\s*\)\.(?:attr|data)\(\s*['\"](?:data-)?([\w-]+)['\"]\s*\))"
    r"(?:\s*\+\s*['\"]([^'\"<>\s+]*))?"
)
_STRINGIFIED = re.compile(r"JSON\.stringify\s*\((.*)\)$", re.DOTALL)
# Pages are followed as links, data files as such.
_PAGE_OR_FILE = re.compile(r"\.(?:s?html?|js|css|json|png|gif|jpe?g)$", re.IGNORECASE)
# loadList(0): the function around the call is given the number of the page, and counts from zero.
_CALLED_WITH_ZERO = re.compile(r"(?<=\w)\s{0,9}\(\s{0,9}0\s{0,9}\)")
_MOST = 5  # requests, files or patterns that one page's scripts may bring
_LONGEST_BESIDE = 200_000  # characters of a page's own scripts in which a script file's settings are looked for
_MOST_CALLS = 60  # calls of one script that are looked at


@dataclass(slots=True)
class _Call:
    """One call: its address, the fields it sends, and how."""

    url: str
    method: str = "GET"
    fields: dict[str, str] = field(default_factory=dict)
    as_json: bool = False
    source: str = ""


def back_ends(
    page: Page, scripts: str | None = None, address: str | None = None, beside: str = ""
) -> list[ListRequest]:
    """Requests that the scripts of a page send for its list.

    Args:
        page: the page, or the script file that ``scripts`` are taken from.
        scripts: where the calls stand; the page's own where none are given.
        address: of the page that the script belongs to, where that is another one.
        beside: that page's own scripts, which set what a script file's calls name.
    """
    text = page.scripts if scripts is None else scripts
    known = f"{beside}\n{text}" if beside else text
    own = address or page.url
    found: dict[tuple[str, str, bytes], ListRequest] = {}
    for call in _calls(text, known, own):
        request = _request(call, known, own)
        if request is not None:
            found[request.method, request.url, request.body] = request
    return list(found.values())[:_MOST]


def script_files(page: Page) -> list[ListRequest]:
    """Script files of the page's own host that may draw its menu or, where it lists nothing, its list.

    A menu's bears a menu's name, stands where it is to write it (alone in an element of the page), or belongs to a
    page in which an element of such a name is empty.
    """
    every = not page.entry_count or _has_empty_menu(page)
    found: dict[str, ListRequest] = {}
    for node in page.tree.css("script[src]"):
        url = joined(page.base, (node.attributes.get("src") or "").strip())
        name = urlsplit(url).path.rpartition("/")[2]
        if urlsplit(url).hostname != urlsplit(page.url).hostname or not name.endswith(".js"):
            continue
        menu = _MENU.search(name) is not None
        if menu or ((every or _writes_here(node)) and not _LIBRARY.search(name)):
            state = (("page", page.url), ("beside", page.scripts[:_LONGEST_BESIDE]))
            request = ListRequest(url, 1, headers=(("Referer", page.url),), dialect=SCRIPT, tentative=True, state=state)
            found = {url: request, **found} if menu and url not in found else {**found, url: request}
    return list(found.values())[:_MOST]


def _has_empty_menu(page: Page) -> bool:
    """Whether an element that is called like a menu holds nothing: a script is to fill it."""
    for node in page.tree.css("div, ul, ol, dl, nav, td"):
        if _MENU.search(name_of(node)) and holds_scripts_alone(node):
            return True
    return False


def _writes_here(script: LexborNode) -> bool:
    """Whether a script file is all that an element of the page holds: what it writes comes to stand there."""
    around = script.parent
    if around is None or around.tag in {"head", "body", "html", "-undef"}:
        return False
    return holds_scripts_alone(around)


def address_patterns(scripts: str) -> tuple[tuple[str, str, str], ...]:
    """How scripts put addresses together from a field of an entry: what stands before, the field, what stands after."""
    found: set[tuple[str, str, str]] = set()
    for quoted, in_markup, field_name, attribute, after in _BUILT.findall(scripts):
        before = quoted or in_markup
        if not _COUNTER.search(before):
            found.add((before, field_name or _set_from(attribute, scripts) or attribute, after))
    return tuple(sorted(found))[:_MOST]


def _set_from(attribute: str, scripts: str) -> str | None:
    """The field that an attribute is set from: ``data-id="' + x.articleId`` on the entry, read where it is clicked."""
    found = re.search(rf"data-{re.escape(attribute)}=[\\]?['\"]+\s*\+\s*(?:[\w$]+\.)+(\w+)", scripts)
    return found.group(1) if found else None


def entries_with_address(page: Page, asked: ListRequest) -> tuple[Link, ...]:
    """Entries of an answer that bear no address, with the one that the page's script gives them (``#/detail?id=7``)."""
    known = [tuple(entry) for entry in json.loads(asked.get("patterns") or "[]")]
    data = page.data
    if not known or data is None or page.links:
        return ()
    found: list[Link] = []
    for entry in hidden_rows.entries_of(data):
        for before, name, after in known:
            value = entry.get(name)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                link = hidden_rows.link_at(entry, joined(asked.get("own") or page.url, f"{before}{value}{after}"))
                if link is not None:
                    found.append(link)
                    break
    return tuple(found)


def next_requests(page: Page, asked: ListRequest) -> tuple[ListRequest, ...]:
    """What follows from an answer: the calls of a script file, the next page of a list."""
    if asked.dialect == SCRIPT:
        return tuple(back_ends(page, page.text, asked.get("page"), asked.get("beside")))
    name = asked.get("parameter")
    shown = page.entry_count or len(entries_with_address(page, asked))
    onward = goes_on(page, asked, page.stated, int(asked.get("size") or 10), shown)
    if not onward.more or not name:
        return ()
    first = int(asked.get("first") or 1)
    step = int(asked.get("step") or 1)
    # Counted by entries, a page behind one that was not full begins behind what came.
    number = first + (asked.page * step if onward.promised or step == 1 else onward.seen)
    if name in dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True)):
        return next_page_requests(asked, onward, set_parameter(asked.url, name, number))
    return next_page_requests(asked, onward, asked.url, _numbered(asked.body, name, number))


def _numbered(body: bytes, name: str, number: int) -> bytes:
    """A body with the field that counts pages set to ``number``; all else in its place."""
    text = body.decode("utf-8", "replace")
    if text.startswith("{"):
        return json_body({**json.loads(text), name: number})
    pairs = [(key, str(number) if key == name else old) for key, old in parse_qsl(text, True)]
    return urlencode(pairs).encode()


def _request(call: _Call, scripts: str, own: str) -> ListRequest | None:
    """The request for the first page of a list that a call sends; None where it is no list's.

    Args:
        call: as written.
        scripts: the scripts that it stands in.
        own: address of the page that they belong to.
    """
    url = joined(own, call.url)
    if not _may_be_list(url, own):
        return None
    fields = dict(call.fields)
    query = dict(parse_qsl(urlsplit(url).query))
    if not fields and not urlsplit(url).query:
        return None  # nothing in it could tell one list from another
    size = _page_size({**fields, **query})
    step = 1
    name = next((key for key in fields if key.lower() in PARAMETERS), None) or page_parameter(url)
    if name is None:
        # No field is called like a page: one that the script multiplies counts the entries before the page.
        name = next((key for key in fields if _is_multiplied(call, key)), None)
        step = int(size)
    first = 1
    if name is not None:
        given = fields.get(name) or query.get(name) or ""
        if count_of(given) is not None:
            first = int(given)
        else:
            counted_from = 0 if _CALLED_WITH_ZERO.search(scripts) else 1
            first = max(counted_from + _shift(call, name), 0) * step
        if name in fields:
            fields[name] = str(first)
        else:
            url = set_parameter(url, name, first)
    state = (
        *(("parameter", name or ""), ("first", str(first)), ("size", size), ("step", str(step))),
        *(("own", own), ("patterns", json.dumps(address_patterns(scripts)))),
    )
    referer = ("Referer", own)
    if call.method == "GET":
        if fields:
            mark = "&" if urlsplit(url).query else "?"
            url = f"{url}{mark}{urlencode(fields)}"
        return ListRequest(url, 1, headers=(*XHR, referer), dialect=CALL, tentative=True, state=state)
    body, headers = (json_body(fields), JSON) if call.as_json else (form(fields), FORM)
    return ListRequest(url, 1, "POST", body, headers=(*headers, referer), dialect=CALL, tentative=True, state=state)


def _may_be_list(url: str, own: str) -> bool:
    """Whether an address that a script asks may be a list's: of the page's host, and nothing that counts or changes."""
    path = urlsplit(url).path
    if urlsplit(url).hostname != urlsplit(own).hostname:
        return False
    if _COUNTER.search(path) or _CHANGES.search(path):
        return False
    return not _PAGE_OR_FILE.search(path)


def _page_size(fields: dict[str, str]) -> str:
    """How many entries a page has, by the fields of a request; most products show ten where none says so."""
    for key, value in fields.items():
        if key.lower() in _SIZES and count_of(value):
            return value
    return "10"


def _shift(call: _Call, name: str) -> int:
    """What the script adds to the number of the page it wants: -1 for ``page: n - 1``."""
    found = _counted(call, name)
    if found is None or not found.group(1):
        return 0
    return int(found.group(1).replace(" ", ""))


def _is_multiplied(call: _Call, name: str) -> bool:
    """Whether the script multiplies the number of the page: ``start: (n - 1) * size``."""
    found = _counted(call, name)
    return found is not None and found.group(2) is not None


def _counted(call: _Call, name: str) -> re.Match[str] | None:
    """The field of a call with the arithmetic on its value: what is added to it, and whether it is multiplied."""
    return re.search(
        rf"(?:[?&]{re.escape(name)}=['\"`]\s*\+|(?<![\w$]){re.escape(name)}['\"]?\s*:)[\s(]*(?:(?:parseInt|Number)\s*\()?"
        r"\s*[A-Za-z_$][\w$.]*[\s)]*([+-]\s*\d{1,4})?[\s)]*(\*)?",
        call.source,
    )


def _calls(scripts: str, known: str, own: str) -> Iterator[_Call]:
    """The calls in ``scripts``; what they name is set in ``known``."""
    for match in itertools.islice(_CALLS.finditer(scripts), _MOST_CALLS):
        name = (match.group(1) or match.group(2)).lower()
        arguments = split(inside(scripts, match.end() - 1))
        if not arguments:
            continue
        # Address and options stand in one object ($.ajax({url: ...})), or one after the other (fetch(url, {...})).
        options: dict[str, str] = {}
        address = arguments[0]
        if name == "ajax" or (name == "axios" and address.startswith("{")):
            options = _members(address)
            address = options.get("url", "")
        elif name == "fetch" and len(arguments) > 1:
            options = _members(arguments[1])
        data = options.get("data") or options.get("body") or options.get("params") or ""
        if name in {"get", "getjson", "post"} and len(arguments) > 1:
            data = arguments[1]
        url = _text(address, known, own)
        if not url or not re.search(r"[/.]", url):
            continue
        method = _text(options.get("type") or options.get("method") or "", known, own) or "GET"
        posts = name == "post" or method.upper() == "POST"
        call = _Call(url, "POST" if posts else "GET", source=address)
        _read_data(call, data, known, own)
        content_type = _text(options.get("contentType", ""), known, own) or ""
        if "json" in content_type.lower():
            call.as_json = True
        yield call


def _read_data(call: _Call, data: str, scripts: str, own: str) -> None:
    """Take in what a call sends: an object as written or by its name, perhaps made to JSON, or a query."""
    written = None if data.startswith("{") else _STRINGIFIED.match(data)
    if written:
        data = written.group(1).strip()
        call.as_json = True
    if _NAME.match(data):
        assigned = re.search(rf"\b{re.escape(data)}\s*=\s*(?=\{{)", scripts)
        if assigned:
            data = "{" + inside(scripts, assigned.end()) + "}"
    call.source += data
    if data.startswith("{"):
        call.fields = {key: _text(value, scripts, own) or "" for key, value in _members(data).items()}
    elif data:
        call.fields = dict(parse_qsl(_text(data, scripts, own) or "", keep_blank_values=True))


def _members(text: str) -> dict[str, str]:
    """Names and the expressions behind them, of an object as written."""
    found: dict[str, str] = {}
    if text.startswith("{"):
        for part in split(inside(text, 0)):
            name, colon, value = part.partition(":")
            found[name.strip().strip("'\"")] = value.strip() if colon else name.strip()
    return found


def _text(expression: str, scripts: str, own: str) -> str | None:
    """What an expression comes to: strings, numbers and names, joined by plus signs; None where a part is neither.

    A name that is set nowhere is the parameter of the function around it: in an address it cannot be left out.
    """
    pieces: list[str] = []
    parts = split(expression, "+")
    for part in parts:
        quoted = _QUOTED.fullmatch(part)
        if quoted:
            inside = next(group for group in quoted.groups() if group is not None)
            pieces.append(re.sub(r"\\(.)", r"\1", inside))
        elif re.fullmatch(r"\d+", part):
            pieces.append(part)
        else:
            value = _named(part, scripts, own)
            if value is None:
                in_query = len(parts) > 1 and pieces and re.search(r"[?&](\w+)=$", pieces[-1])
                if not in_query:
                    return None
                value = ""  # of a field in a query: the number of the page, which is set later
            pieces.append(value)
    return "".join(pieces) if parts else None


def _named(part: str, scripts: str, own: str) -> str | None:
    """What a name stands for: a field of the page's own address (``getQueryString("id")``), or what a script sets."""
    query: dict[str, Any] = dict(parse_qsl(urlsplit(own).query, keep_blank_values=True))
    asked = re.fullmatch(r"[\w$.]*\(\s*['\"](\w+)['\"]\s*\)", part)
    if asked:
        return query.get(asked.group(1))
    if not _NAME.match(part):
        return None
    last = part.rsplit(".", 1)[-1]
    found = re.search(
        rf"\b{re.escape(last)}\s{{0,9}}=\s{{0,9}}[\w$.]{{0,80}}\(\s{{0,9}}['\"](\w{{1,80}})['\"]\s{{0,9}}\)", scripts
    )
    if found and found.group(1) in query:
        return str(query[found.group(1)])
    return setting(scripts, last)
