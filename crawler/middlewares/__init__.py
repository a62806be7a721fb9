"""Scrapy's middlewares in our manner (named in `crawler.settings`).

redirects   as browsers follow them
retry       asking again at once; what still fails is asked for again later by the spider
"""
