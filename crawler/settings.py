"""Scrapy's settings for every crawl (``scrapy.cfg`` names this module; docs/capture.md says why each is as it is).

Scrapy schedules, retries, follows redirects and counts. Everything between a request and the network is ours
(`crawler.capture`, `crawler.politeness.gate`), so what Scrapy does there by default is off: two things that pace, obey
robots.txt or decode would each be half in charge.
"""

from __future__ import annotations

from crawler.capture.wire.headers import user_agent

BOT_NAME = "gongkai"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# -- the one way out ------------------------------------------------------------------------------------------------
DOWNLOAD_HANDLERS = {
    "http": "crawler.capture.handler.CaptureHandler",
    "https": "crawler.capture.handler.CaptureHandler",
    # Nothing else is reachable from a crawl.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
EXTENSIONS = {
    "crawler.extension.CaptureExtension": 0,
    # Executes Python that arrives over a loopback port; the same for the telnet console below.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
    # Our pace does not follow latencies, and AutoThrottle does not notice a 304.
    "scrapy.extensions.throttle.AutoThrottle": None,
    # Pickled state of a run: resuming is replaying (crawler/capture/replay.py).
    "scrapy.extensions.spiderstate.SpiderState": None,
}
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

DOWNLOADER_MIDDLEWARES = {
    # Ours in its place: waits that a server asks for do not use up the retries of failures.
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.retry.Retry": 550,
    # In the gate instead: Scrapy's lets most of the requests through that wait for the same robots.txt.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    # In the capture session instead: this one downloads a list of public suffixes on first use.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    # In the capture session instead: it offers br and zstd, and would decode a second time.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # In the session and in the profile: headers, proxies and time-outs of a site.
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    # The archive is the cache.
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
    # As browsers follow: empty and odd Location headers, Refresh.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.middlewares.redirects.Redirects": 600,
    # Scope is the gate's, which also records what it refuses.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
ROBOTSTXT_OBEY = True  # said for readers of the settings; crawler/robots.py does it
COOKIES_ENABLED = False
COMPRESSION_ENABLED = False
HTTPCACHE_ENABLED = False
HTTPPROXY_ENABLED = False
AUTOTHROTTLE_ENABLED = False
USER_AGENT = user_agent()

# -- pace: the gate's; these only say how many requests may wait for it ----------------------------------------------
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
CONCURRENT_REQUESTS = 64
CONCURRENT_REQUESTS_PER_DOMAIN = 8
DNSCACHE_ENABLED = False
# Scrapy starts so many tasks for every answer, however few items it yields: with its default of 100 they cost more than
# archiving the answer does (benchmarks/capture.py).
CONCURRENT_ITEMS = 8
# In the order in which a list names them, newest first: a run that ends early has those. (Scrapy's default is last in,
# first out.)
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

# -- answers --------------------------------------------------------------------------------------------------------
REQUEST_FINGERPRINTER_CLASS = "crawler.capture.handler.Fingerprinter"
RETRY_TIMES = 2
# So often a request is made again after a wait that its server asked for by 429 or 503.
AGAIN_WAITS = 2
# What still was not answered is asked for again when everything else is done: at once, then after so many paces of its
# site (two minutes at the usual one), at least so many seconds apart, so often; and no longer than so many seconds.
AGAIN_TIMES = 4
AGAIN_PACES = 40
AGAIN_LEAST = 1.0
AGAIN_LIMIT = 1800.0
RETRY_HTTP_CODES = [408, 429, 500, 502, 503, 504, 522, 524]
REDIRECT_MAX_TIMES = 20  # as browsers do
# Refusals and challenges are evidence: the spider sees them, counts them and says why it went on.
HTTPERROR_ALLOW_ALL = True
DOWNLOAD_WARNSIZE = 0
URLLENGTH_LIMIT = 8192

# -- running --------------------------------------------------------------------------------------------------------
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
FEED_EXPORT_ENCODING = "utf-8"
