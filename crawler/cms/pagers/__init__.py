"""Pages of a list that are documents of their own.

pager_call   the call of a pager in a script
paging       names from that call, from the pager's links, or guessed while pages are missing
postback     ASP.NET: the page's own form sent back
"""
