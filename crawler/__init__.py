"""Portals, spiders, byte-exact capture and politeness; the command line. Stands on ``archive``.

The errors are looked up when they are asked for: importing the package costs nothing, so that `crawler.start` is there
to hear Ctrl-C before anything that takes time is loaded.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to load than all of this
if TYPE_CHECKING:
    from crawler._errors import (
        BrowserError,
        Busy,
        CrawlerError,
        FetchError,
        HeldBack,
        NotHeld,
        OutOfScope,
        ProfileError,
        RobotsDenied,
        UsageError,
        WireError,
    )

__all__ = [
    "BrowserError",
    "Busy",
    "CrawlerError",
    "FetchError",
    "HeldBack",
    "NotHeld",
    "OutOfScope",
    "ProfileError",
    "RobotsDenied",
    "UsageError",
    "WireError",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from crawler import _errors

    return getattr(_errors, name)
