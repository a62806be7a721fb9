"""Capture: the one way out to the network, byte-exact records of what went over it, and resuming by replaying them.

The way of a request, from the spider, robots.txt or the browser to an answer that lies on disk:

    handler         Scrapy's download handler over the session
    request         what spiders and capture say to each other; a request on its way
    session         one crawl: replay, scope, robots, then fetcher; opened and closed
    fetcher         the site's turn, validators, cookies, the wire, archived: until there is an answer
    challenges      what a run does about challenges, host by host
    replay          what this crawl holds, given again; shared_parts: parts of rendered pages that later pages share
    replay_index    what a crawl's own WARC files hold, by request
    resume          which crawl is unfinished, its files and its clock
    dedup           what earlier crawls hold: validators, originals of a 304, the same bytes once more
    prior_records   their records, read back from the folder or the store
    wire            a small HTTP/1.1 client that keeps the bytes of both directions
    contents        from an answer as it came to what it holds, and whether that is all
    answer          what a request got
    recorder        what was asked and answered becomes records; records: these, ready to be written
    warc_files      the WARC files of one run: appended to, sealed, closed
    browser         Chromium without a network of its own, over the session
"""
