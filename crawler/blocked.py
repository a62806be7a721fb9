"""Answers that are not the portal's own, as the crawl meets them: what they are, and whether asking again can help.

What a challenge looks like is a fact (``config/signatures.yaml``, `archive.signatures`). Here is only what a crawl does
about it: the answer is archived like any other and labelled; a site that merely wants a cookie brought back gets it,
once. Nothing is solved or disguised: a challenge that runs script needs the browser, by the profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.signatures import Judgement, load_signatures

# A script that sets one literal cookie and reloads (C3VK and its kin): name=value, attributes, and what is put behind.
_SCRIPT_COOKIE = re.compile(
    rb"""(?:document|\b[A-Za-z_$][\w$]{0,15})\s*\.\s*cookie\s*=\s*(["'])"""
    rb"""([A-Za-z0-9_.-]{1,64}=[\x21\x23-\x26\x28-\x3a\x3c-\x7e]*)(;[^\r\n]*?)?\1(\s*\+)?"""
)
_SMALL = 4096


def judge(status: int | None, headers: Iterable[tuple[bytes, bytes]], content: bytes) -> Judgement:
    """What an answer is, by the signatures of the configuration in use."""
    return load_signatures().judge(status, headers, content)


def script_cookie(content: bytes) -> bytes | None:
    """The cookie that a small challenge page sets by script, when its value stands there literally.

    It has its attributes: without its ``path`` it would go back to the directory of the challenge alone.
    """
    if len(content) > _SMALL:
        return None
    found = _SCRIPT_COOKIE.search(content)
    if found is None or (found[4] and not found[3]):  # the value itself is put together by the script
        return None
    return found[2] + (found[3] or b"")
