"""Pages of a list that are documents of their own.

    pager_call   the call of a pager in a script
    naming       how pages are named: as the pager shows, or guessed while pages are missing
    paging       requests for them: by links, by names, by a query, by a form
    postback     ASP.NET: the page's own form sent back
    sent_forms   a form that the pager's script fills in and sends

They make requests and fetch nothing.
"""
