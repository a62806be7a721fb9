"""Finding reports on a portal: what to do with each link of a list, and what a followed page turned out to be.

    decision      what to do with a link (`LinkDecision`), and where it was found (`Context`)
    places        where an address stands to a page or a column
    labels        rules for links that do not bear the title of a report, in their order
    links         a decision for each link of a list, by its title, its address and its place
    related       links that belong to the report of another link: twins in another form, pages of statistics
    pages         what a fetched page is: the report, a look-alike, a list, or a shell around attachments
    breadcrumbs   the steps above a page, from which a column is found again

Nothing is fetched here; what links and pages are called says `crawler.wording` (``config/links.yaml``). Every decision
has a reason, a stable word that is archived with the link and counted.
"""
