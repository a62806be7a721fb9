"""Crawling: portals are visited politely, every byte is captured, reports are found. Stands on ``archive``.

    errors, interrupt                errors; what an interrupted command says
    scope, joining, forwarding       addresses: which may be asked, how browsers join and follow them
    samples                          sample portals, played by a small server
    wording                          what links and pages of reports are called (``config/links.yaml``)
    crawl_plan                       one run as data; plan: from a portal's name and options to it
    cms                              lists of the content management systems that portals run
    discovery                        what to do with a link, and what a followed page turned out to be
    politeness                       what every request has to pass: scope, pace, budget, robots.txt
    portals                          profiles of portals
    capture                          the way to the network, and records of what went over it
    middlewares, settings            Scrapy's, in our manner
    spiders                          from the columns of a profile to the reports in them
    extension                        puts the capture into a Scrapy crawl; run: several crawls in one process
    terminal, commands, cli          the command ``gongkai``, which begins in ``__main__``; reference: its documentation

The errors are looked up when they are asked for: importing the package costs nothing, so that `crawler.__main__` is
there to hear Ctrl-C before anything that takes time is loaded.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to load than all of this
if TYPE_CHECKING:
    from crawler.errors import (
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
    from crawler import errors

    return getattr(errors, name)
