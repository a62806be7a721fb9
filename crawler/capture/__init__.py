"""Capture: the one way out to the network, byte-exact records of what went over it, and resuming by replaying them.

ask       what spiders and capture say to each other
wire      the HTTP/1.1 client (framing, tls, proxy beside it)
session   one crawl: replay, scope, robots, pace, wire, archive, answer
keeping   what was asked and answered becomes records
earlier   what earlier crawls hold
originals their records, read back from the folder or the store
again     what this crawl holds, given again
replay    what a crawl already holds, read from its files
handler   Scrapy's download handler over the session
browser   Chromium without a network of its own, over the session
"""

from __future__ import annotations

from archive.access.captures import Prior
from crawler.capture.ask import Ask, CaptureRef, CrawlPlan, PriorCaptures, Render, SitePolicy

__all__ = ["Ask", "CaptureRef", "CrawlPlan", "Prior", "PriorCaptures", "Render", "SitePolicy"]
