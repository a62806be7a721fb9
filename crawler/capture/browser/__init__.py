"""Chromium as part of a crawl: it has no network of its own, and every request of it goes through the capture session.

chromium    found and started
devtools    what a paused request asks, and how it is answered
visit       one page under way: what it asked for and may still ask for
waiting     for the browser, and no longer than makes sense; scrolling, clicking: as a reader of a list does
page_clock  time without what the machine lets the browser wait for a processor
snapshot    a page's DOM as HTML, and its text
ranges      files that a page reads in pieces
browser     rendering, one page at a time
renderer    the browser over a session: what it rendered is kept there
"""
