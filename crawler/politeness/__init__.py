"""What every request has to pass before it goes out.

gate     scope, then the site's pace, its budget, and what it said about waiting
locks    one crawl per site, and one request at a time to a host that several crawls ask
robots   robots.txt by RFC 9309
"""
