"""Consistency rules of one report: five-valued outcomes with both sides and the cells they rest on.

    rules   the kinds of rules as classes: which fields each has, which of them are operands
    load    reads ``config/templates/rules.yaml`` and refuses what could never be applied
    text    rules about the text, the form and the dates; the context that all rules share
    unread  which cells are lacking because they could not be read: no blanks
    sums    sums of cells with blanks in them, compared, with their five outcomes
    cells   the kinds of rules on cells, and the run over all rules of one report

A rule of a known kind is YAML alone. A new kind: a class in ``rules`` (its operands are told there, so that a misspelt
cell is refused), a case in ``cells`` or ``text`` (type checking fails while one is missing), a row in docs/checks.md,
tests beside. Rules over several reports stand in `archive.checks`, which uses the arithmetic here.
"""
