"""Captures looked up: by address and time (closest, as of a day), by id; and their records, read back.

    captures  look-ups over the index, and the content behind a revisit
    record    single records with an implementation that is not ours (warcio): a second opinion

Days are those of China, times are UTC. Keys of addresses are SURT (`archive.urlkey`).
"""
