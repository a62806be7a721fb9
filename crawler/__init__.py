"""Portals, spiders, byte-exact capture and politeness; the command line. Stands on ``archive``."""

from __future__ import annotations

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
