"""Sealed WARC files become rows: captures, versions of documents, what they say, and reports.

    extract        one file -> the facts in it (discoveries, revisits)
    load           the facts of one file -> tables; forgetting a file takes them out again
    versions       the captures of one address -> which are versions of a publication, and what is to be read
    documents      a place in a file -> content (content_key: what makes two captures the same) and `AnnualReport`
    readings       `AnnualReport` <-> rows
    identity       which report a document is, by its reading and by what people decided
    annexes        which files a report's page links to, where nobody says what was asked for
    publications   versions and readings -> tables
    reports        publications -> reports: which one is the body, what it says now
    indexer        all of it in order, then `archive.checks`; goes on where it was stopped (runs)

Every step is repeatable: the same files give the same rows, in whatever order they come. The diagram stands in
`archive.index.indexer`.
"""
