"""Who published a report, for which year and place, and when; what a title says.

divisions   administrative divisions with the years in which they existed (GB/T 2260, GB/T 10114)
agencies    names of bodies: the place in them, their kind, the canonical way to write them
shortened   places that a name shortens
dates       dates as people write them, and which is the day of publication
titles      is it the title of an annual report, whose, for which year
evidence    what a document says of itself, place by place
identity    all evidence weighed: the most specific statement wins, or a conflict is said
examples    forms that are filled in to show how it is done
"""
