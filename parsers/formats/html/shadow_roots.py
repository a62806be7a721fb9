"""HTML as a browser shows it: what declared shadow roots and ``srcdoc`` frames hold stands where they stand.

A ``<template>`` holds nothing that is shown, unless it declares a shadow root (HTML Standard, 4.12.3
``shadowrootmode``); a frame's ``srcdoc`` is a page within an attribute. Both hold lists and reports, in pages as they
come and in what a browser's snapshot writes (`crawler.capture.browser`). Text goes in and text comes out, so that
every reader may use it.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin

_SHADOW = re.compile("shadowrootmode", re.IGNORECASE)
_FRAMED = re.compile(r"<iframe\b", re.IGNORECASE)
# What is no markup inside: comments, and elements whose content is text.
_TOKEN = re.compile(r"<!--|<(script|style|textarea|title|xmp|noscript)\b|<(/?)template\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_HEAD = re.compile(r"<head\b[^>]*>.*?</head\s*>|<!doctype[^>]*>|</?(?:html|body)\b[^>]*>", re.IGNORECASE | re.DOTALL)
_BASE = re.compile(r"""<base\b[^<>]*?\shref\s*=\s*["']([^"'<>]*)""", re.IGNORECASE)
_LINK = re.compile(
    r"""(<(?:a|area|iframe|frame|img|embed|object|form)\b[^<>]*?\s(?:href|src|data|action)\s*=\s*)("[^"]*"|'[^']*')""",
    re.IGNORECASE,
)
_DEEPEST = 6
MOST_NESTED = 512
"""Elements within each other; the limit of Chromium's parser (``kMaximumHTMLParserDOMTreeDepth``)."""
_NESTING = re.compile(
    r"<(/?)(div|span|ul|ol|dl|table|section|article|main|aside|blockquote|center|form|font|fieldset|details|figure|pre"
    r"|header|footer|nav)(?![\w-])[^<>]{0,2000}>",
    re.IGNORECASE,
)


def with_shadows(text: str) -> str:
    """The page with declared shadow roots shown: their ``<template>`` becomes a ``<div>``."""
    if _SHADOW.search(text) is None:
        return text
    parts: list[str] = []
    kept = at = 0
    shown: list[bool] = []
    while (token := _TOKEN.search(text, at)) is not None:
        if token[2] is None:
            at = _behind(text, token)
            continue
        names, at = _attributes(text, token.end())
        closes = token[2] == "/"
        if not closes:
            shown.append("shadowrootmode" in names)
        if shown and shown[-1]:
            parts += [text[kept : token.start()], "</div>" if closes else "<div>"]
            kept = at
        if closes and shown:
            shown.pop()
    return "".join([*parts, text[kept:]])


def with_frames(text: str, _depth: int = 0) -> str:
    """The page with the documents of its ``srcdoc`` frames before them, their links made absolute by their own base."""
    parts: list[str] = []
    kept = 0
    for found in _FRAMED.finditer(text) if "srcdoc" in text.lower() and _depth < _DEEPEST else ():
        if found.start() < kept:
            continue
        names, end = _attributes(text, found.end())
        if names.get("srcdoc"):
            inner = with_frames(names["srcdoc"], _depth + 1)
            base = _BASE.search(inner)
            inner = _HEAD.sub("", inner)
            if base is not None:
                inner = _LINK.sub(functools.partial(_absolute, html.unescape(base[1])), inner)
            others = "".join(f' {name}="{html.escape(value)}"' for name, value in names.items() if name != "srcdoc")
            parts += [text[kept : found.start()], f"<div>{inner}</div><iframe{others}>"]
            kept = end
    return "".join([*parts, text[kept:]])


def within_depth(text: str) -> str:
    """The page with nothing nested deeper than `MOST_NESTED`: what is, stands side by side, as browsers put it.

    Only elements count that nothing but their end tag ends. Deeper trees take a parser time that grows with the square
    of their depth, and cost every walker its stack.
    """
    depth = kept = 0
    parts: list[str] = []
    for tag in _NESTING.finditer(text):
        if not tag[1]:
            depth += 1
            if depth > MOST_NESTED:
                parts.append(f"{text[kept : tag.end()]}</{tag[2]}>")
                kept = tag.end()
        elif depth:
            if depth > MOST_NESTED:
                parts.append(text[kept : tag.start()])
                kept = tag.end()
            depth -= 1
    return "".join([*parts, text[kept:]])


def composed(text: str) -> str:
    """All three."""
    return within_depth(with_shadows(with_frames(text)))


def _behind(text: str, token: re.Match[str]) -> int:
    """Where a comment or an element of text ends."""
    if token[1] is None:
        end = text.find("-->", token.end())
        return len(text) if end < 0 else end + 3
    close = re.compile(rf"</{token[1]}\b", re.IGNORECASE).search(text, token.end())
    return len(text) if close is None else close.end()


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag whose name ends at ``at``, the first of each name, and where the tag ends."""
    found: dict[str, str] = {}
    for one in _one_by_one(text, at):
        found.setdefault(one[1].lower(), html.unescape(next((v for v in one.groups()[1:] if v is not None), "")))
        at = one.end()
    end = text.find(">", at)
    return found, len(text) if end < 0 else end + 1


def _one_by_one(text: str, at: int) -> Iterator[re.Match[str]]:
    while (one := _ATTRIBUTE.match(text, at)) is not None:
        yield one
        at = one.end()


def _absolute(base: str, link: re.Match[str]) -> str:
    value = html.unescape(link[2][1:-1])
    if value.startswith("#") or not value:
        return link[0]
    try:
        return f'{link[1]}"{html.escape(urljoin(base, value))}"'
    except ValueError:
        return link[0]
