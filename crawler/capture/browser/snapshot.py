"""A page's DOM as HTML and its text, with what stands in shadow roots and in frames that the page itself fills.

``outerHTML`` leaves both out, so that lists and reports inside them were nowhere. Here a shadow root is written as the
standard writes it (``<template shadowrootmode>``, open or closed, drawn by script or declared), a frame of the same
process as the ``srcdoc`` of its element; `parsers.formats.html.shadow_roots` reads both back as a browser shows them.
A page that has neither is written as ever. Everything runs in worlds of our own, where the page's script has changed
nothing.
"""

from __future__ import annotations

import html as markup
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

_MOST_FRAMES = 60
_MOST_ROOTS = 2_000  # elements looked at for a closed root
_DEEPEST = 6
_PIECE = """
function (mark, limit, closed, ...nodes) {
  const frames = nodes.slice(closed), roots = new Set();
  const look = tree => { for (const one of tree.querySelectorAll('*')) if (one.shadowRoot) add(one.shadowRoot); };
  const add = root => { if (!roots.has(root)) { roots.add(root); look(root); } };
  look(document); nodes.slice(0, closed).forEach(add);
  const unseen = new Set(['STYLE', 'SCRIPT', 'TEMPLATE', 'LINK', 'META', 'NOSCRIPT']);
  const shown = node => node.nodeType === 3 ? node.data.trim()
    : node.nodeType !== 1 || unseen.has(node.nodeName) ? '' : node.innerText ?? node.textContent;
  const texts = [document.body ? document.body.innerText : ''];
  for (const root of roots) texts.push([...root.childNodes].map(shown).filter(Boolean).join('\\n'));
  frames.forEach((frame, at) => frame.setAttribute(mark, at));
  const top = document.documentElement;
  let html = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : '';
  if (top && roots.size && top.getHTML) {
    const shell = top.cloneNode(false).outerHTML, end = shell.lastIndexOf('</');
    html += shell.slice(0, end) + top.getHTML({shadowRoots: [...roots]}) + shell.slice(end);
  } else if (top) html += top.outerHTML;
  frames.forEach(frame => frame.removeAttribute(mark));
  if (html.length > limit) return {large: html.length};
  return {html, text: texts.filter(Boolean).join('\\n')};
}
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """DOM and text, UTF-8; no ``html`` where it is longer than was allowed."""

    html: bytes | None
    text: bytes


class _Large(Exception):
    """The DOM is longer than was allowed."""


async def take_snapshot(protocol: CDPSession, frame: str, *, limit: int) -> Snapshot:
    """The page of a DevTools session as it stands.

    Args:
        protocol: a session of the page.
        frame: the browser's name for the page's own frame.
        limit: characters that the DOM may have, frames included.
    """
    taker = _Taker(protocol, await protocol.send("DOMSnapshot.captureSnapshot", {"computedStyles": []}), limit)
    try:
        html, text = await taker.document(taker.number_of(frame), frame)
    except _Large:
        return Snapshot(None, b"")
    return Snapshot(html.encode("utf-8", "surrogatepass"), text.encode("utf-8", "replace"))


class _Taker:
    def __init__(self, protocol: CDPSession, seen: dict[str, Any], limit: int) -> None:
        self._protocol = protocol
        self._documents: list[dict[str, Any]] = seen["documents"]
        self._strings: list[str] = seen["strings"]
        self._left = limit
        self._frames = 0
        self._roots = 0

    def number_of(self, frame: str) -> int | None:
        """Where a frame's document stands in what was seen."""
        for number, document in enumerate(self._documents):
            if self._string(document["frameId"]) == frame:
                return number
        return None

    async def document(self, number: int | None, frame: str, depth: int = 0) -> tuple[str, str]:
        """HTML and text of one document with all that stands in it."""
        made = await self._protocol.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "gongkai"})
        world: int = made["executionContextId"]
        nodes = None if number is None else self._documents[number]["nodes"]
        inner = await self._inner(nodes, world) if nodes is not None and depth < _DEEPEST else []
        closed = await self._closed_roots(nodes, world) if nodes is not None else []
        mark = f"gongkai-{secrets.token_hex(8)}"
        values = [{"value": mark}, {"value": self._left}, {"value": len(closed)}]
        objects = [{"objectId": name} for name in (*closed, *(name for name, _ in inner))]
        answer = await self._protocol.send(
            "Runtime.callFunctionOn",
            {
                "functionDeclaration": _PIECE,
                "executionContextId": world,
                "arguments": [*values, *objects],
                "returnByValue": True,
            },
        )
        piece: dict[str, Any] = answer["result"].get("value") or {"html": "", "text": ""}
        if "large" in piece:
            raise _Large
        html, text = str(piece["html"]), str(piece["text"])
        self._left -= len(html)
        for at, (_, below) in enumerate(inner):
            document = self._documents[below]
            shown, said = await self.document(below, self._string(document["frameId"]), depth + 1)
            html = _filled(html, f'{mark}="{at}"', shown, self._string(document["baseURL"]))
            text = f"{text}\n{said}" if said else text
        return html, text

    async def _inner(self, nodes: dict[str, Any], world: int) -> list[tuple[str, int]]:
        """Elements that hold a document of their own, with its number; pages of the browser's own are none."""
        found = []
        held = nodes["contentDocumentIndex"]
        for node, number in zip(held["index"], held["value"], strict=True):
            address = self._string(self._documents[number]["documentURL"])
            if self._frames >= _MOST_FRAMES or not address.startswith(("http:", "https:", "about:", "blob:")):
                continue
            self._frames += 1
            found.append((await self._resolved(nodes["backendNodeId"][node], world), number))
        return found

    async def _closed_roots(self, nodes: dict[str, Any], world: int) -> list[str]:
        """Shadow roots that no script can reach."""
        flags = nodes["shadowRootType"]
        inside = [
            node for node, kind in zip(flags["index"], flags["value"], strict=True) if self._string(kind) == "closed"
        ]
        found = []
        for host in dict.fromkeys(nodes["parentIndex"][node] for node in inside):
            self._roots += 1
            if self._roots > _MOST_ROOTS:
                break
            told = await self._protocol.send("DOM.describeNode", {"backendNodeId": nodes["backendNodeId"][host]})
            roots = [root for root in told["node"].get("shadowRoots", ()) if root.get("shadowRootType") == "closed"]
            found += [await self._resolved(root["backendNodeId"], world) for root in roots]
        return found

    async def _resolved(self, node: int, world: int) -> str:
        told = await self._protocol.send("DOM.resolveNode", {"backendNodeId": node, "executionContextId": world})
        return str(told["object"]["objectId"])

    def _string(self, number: int) -> str:
        return self._strings[number] if number >= 0 else ""


def _filled(html: str, mark: str, shown: str, base: str) -> str:
    """``html`` with a document as the ``srcdoc`` of the frame that carries ``mark``; a frame of a frameset cannot."""
    found = re.search(rf'<iframe((?: [^\s"=>]+="[^"]*")*) {re.escape(mark)}', html)
    if found is None:
        return html.replace(f" {mark}", "")
    attributes = re.sub(r' srcdoc="[^"]*"', "", found[1])
    if base.startswith(("http:", "https:")) and "<base " not in shown:
        shown = re.sub(r"<head[^>]*>", lambda head: f'{head[0]}<base href="{markup.escape(base)}">', shown, count=1)
    return f'{html[: found.start()]}<iframe{attributes} srcdoc="{markup.escape(shown)}"{html[found.end() :]}'
