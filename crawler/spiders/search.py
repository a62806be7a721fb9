"""Where a column is looked for when it is missing, empty or renamed."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.forwarding import is_home
from crawler.joining import joined
from crawler.spiders.tasks import ColumnState


def parents(state: ColumnState) -> list[str]:
    """Pages from which a column can be found again, nearest first, at most five."""
    urls = list(state.column.parents) if state.column else []
    parts = urlsplit(state.url)
    root = f"{parts.scheme}://{parts.netloc}"
    segments = [segment for segment in parts.path.split("/")[:-1] if segment]
    if parts.path and not parts.path.endswith("/") and "." not in parts.path.rpartition("/")[2]:
        segments.append(parts.path.rpartition("/")[2])
    for length in range(len(segments) - 1, 0, -1):
        folder = "/".join(segments[:length])
        if not re.search(r"/columns$|^columns$|^col$|^web$|^site$|^public$", folder):
            urls.append(f"{root}/{folder}/")
    if state.column is None and state.site.home is None:
        urls.append(f"http://{parts.netloc}/")
    urls.append(f"{root}/")
    unique = list(dict.fromkeys(joined(state.url, url) for url in urls))
    return [*unique[:4], *(url for url in unique[4:] if is_home(url))][:6]


def namesakes(state: ColumnState) -> list[str]:
    """The column under the site's other name, with or without ``www.``."""
    if state.column is None or state.column.is_report:
        return []
    parts = urlsplit(state.url)
    host = parts.hostname or ""
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    return [state.url.replace(f"//{host}", f"//{other}", 1)] if other in state.site.own_hosts() else []
