"""What a document and its caller say about publisher, year, place and day: collected here, weighed by `identity`.

words         the facts of ``config/identity.yaml``, their patterns compiled once
page_header   the table or bar above the text: labels with what stands behind them
passages      the parts of a text that speak of its publisher: opening, first paragraphs, last lines
title_lines   titles that the first lines make, and reports that a paragraph names
mentions      names of bodies in running text, and which of them is the report's own publisher
signature     who signed, and dates that stand alone
collected     all of it together, read once per document

All texts are folded (`parsers.identity.titles.fold`) unless a function says otherwise.
"""
