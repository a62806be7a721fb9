"""Numbers in running text as facts: each with the sentence it stands in.

sentences   sentences folded for matching, each character knowing where it came from
facts       the facts of ``config/templates/prose.yaml`` found in them; none without verb, thing and unit
"""
