"""Who published a report, for which year and place, and when; what a title says.

divisions   administrative divisions with the years in which they existed (GB/T 2260, GB/T 10114)
division_list, division_names, place_names   their lists, their names, and how a text names one within the other
agencies    names of bodies: the place in them, their kind, the canonical way to write them (words: agency_words)
shortened   places that a name shortens
dates       dates as people write them, and which is the day of publication
titles      is it the title of an annual report, whose, for which year
evidence    what a document and its caller say of all this, collected and not judged
report_year, publisher, place, publication   one decision each: the statement that wins, and what contradicts it
identity    the decisions put together, with the source of each
examples    forms that are filled in to show how it is done
"""
