"""Rules that need several reports: an agency's years, a place and its parts, copies, and two forms of one report.

    all             every rule over every report, in a fixed order
    years           each report against the year before
    levels          a government against the bodies and places in it
    copies          reports that hold the figures, or nearly the text, of another
    twins           a page and the file beside it
    lent            the text of a page against the figures of its annex
    report_figures  what rules take (`ReportFigures`) and give (`CrossCheck`)
    store           runs them over the index and stores the outcomes

Pure functions over plain records but for ``store``. Rules and limits are data (``config/templates/rules.yaml``), the
arithmetic with its five outcomes is that of `parsers.checks.cells`. A rule of a known kind is YAML alone; a new kind
is a class in `parsers.checks.rules`, and a function here that yields `CrossCheck` and is called by ``all``.
"""
