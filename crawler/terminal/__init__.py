"""Writing for people at a terminal.

streams    what a terminal is told, how wide it is, and what happens when nobody reads any more
folding    lines folded between words and Chinese letters
tables     tables and facts, never cut off
progress   one line that is rewritten, or lines now and then
"""
