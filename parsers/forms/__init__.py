"""The official forms as data, and what can be said about a cell without a document.

    templates   the forms of ``config/templates/*.yaml``, typed: tables, rows, columns, codes, units
    labels      printed labels: folded to what they say, recognised when misspelt, cut or split
    contrasts   words that look alike and mean another thing
    values      what the content of a cell says, without ever making it say more
    lacking     what of its form a report has not
    codebook    every cell of every form with code, labels, unit and type
    crosswalk   the harmonised series over the forms

A new form is a file in ``config/templates/``: docs/reading.md says what stands in it.
"""
