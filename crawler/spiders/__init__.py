"""One spider per profile, made from `PortalSpider`: ``scrapy list`` shows the portals, ``scrapy crawl henan`` works.

A province that needs code of its own gets a module here with a subclass that bears its name; the rest are made. The
spider is put together of objects over one `CrawlState`; each knows those below it, none knows one above:

    bookkeeping     what a crawl remembers, and small questions: is it ours, how often, what went wrong
    responses       small questions asked of answers; script_pages: pages that script fills, and their own pagers
    controls        what of a page leads on and has no address
    requests        requests for lists and reports, each made once
    discoveries     what pages said, as it is archived; lessons for the profile
    later           what was not answered is asked for again later in the run
    known_reports   reports of earlier crawls come last, and those that no list names any more too
    list_links      from a list page that was read to what is asked for next
    reports         report pages: what a followed link turned out to be
    columns         where a column is looked for when it is missing, empty or renamed
    list_ends       how list requests end
    lists           list pages: what an answer is, what it says, how its request ends
    shortfalls      what is said of columns at the end of a run
    portal          the spider: the order of all that
"""

from __future__ import annotations

from crawler.portals.load import portal_names
from crawler.spiders.portal import PortalSpider

for _key in portal_names():
    _class = f"{_key.title().replace('-', '')}Spider"
    globals()[_class] = type(
        _class, (PortalSpider,), {"name": _key, "__module__": __name__, "__doc__": f"The portal {_key}."}
    )

__all__ = ["PortalSpider"]
