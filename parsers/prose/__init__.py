"""Numbers in running text as facts: each with the sentence it stands in.

sentences   sentences folded for matching, each character knowing where it came from
statements  what a sentence says of one indicator; which numbers are left alone
years       which year a text is about, and a number in it
facts       the facts of ``config/templates/prose.yaml`` found in them; none without verb, thing and unit
part_sums   lists of parts that the text says make up a whole
unread      numbers and sentences that no fact or table holds, told
needed      which letters a pattern needs: most are tried on few sentences
words       those facts, typed, their patterns compiled once
"""
