"""Which files the pages of reports link to, in WARC files that do not say what was asked for.

Our own crawls say of an annex on which page its link stood (`archive.metadata.Hint`). Files of other makers do not, so
the links of pages that prove to be a report's are kept beside the index's own rows (`Pending`): a table that does not
say whose it is belongs to the report of the page that links to it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive.database.models import Pending
from archive.database.rows import insert_new
from archive.urlkey import LAST
from parsers.formats.media import FILE_ENDINGS

LINKED = "linked"
"""Kind of `Pending` that is no work to be done; ``key`` is JSON of the file's address and the page's."""

_MOST = 50
"""Files of one page; a page with more is a list of files."""


def linked_files(data: bytes, url: str) -> tuple[str, ...]:
    """Addresses of the files that a page links to, in its order; none where it links to too many to be their report's.

    Args:
        data: the page as served, content codings removed.
        url: its address.
    """
    found: dict[str, None] = {}
    for node in LexborHTMLParser(data).css("a[href]"):
        try:
            address = urljoin(url, (node.attributes["href"] or "").strip()).partition("#")[0]
            path = urlsplit(address).path
        except ValueError:
            continue
        if path.rpartition(".")[2].lower() in FILE_ENDINGS:
            found[address] = None
    return tuple(found) if len(found) <= _MOST else ()


def keep_links(session: Session, page: str, files: Sequence[str]) -> None:
    """Replace the links of a page by those of now."""
    end = f", {json.dumps(page, ensure_ascii=False)}]"
    session.execute(delete(Pending).where(Pending.kind == LINKED, Pending.key.endswith(end, autoescape=True)))
    keys = [json.dumps([file, page], ensure_ascii=False) for file in files]
    insert_new(session, Pending, [{"kind": LINKED, "key": key} for key in sorted(set(keys))])


def linking_pages(session: Session, file: str) -> list[str]:
    """Addresses of the pages of reports that link to a file."""
    begin = json.dumps([file], ensure_ascii=False).removesuffix("]") + ", "
    # A range of keys and no LIKE: every table of nobody asks at every index, and the range is found by the key.
    query = select(Pending.key).where(Pending.kind == LINKED, Pending.key >= begin, Pending.key < begin + LAST)
    return sorted(json.loads(key)[1] for key in session.scalars(query))
