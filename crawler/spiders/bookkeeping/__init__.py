"""What a crawl remembers while it runs, and what it comes to.

state     one crawl of one portal, and the small questions that all its steps ask
tasks     columns, branches of their lists, lists and reports under way
tally     what a list states beside what was read; ahead: its further pages, a few at a time
shared    answers that several columns ask for
order     in which order a run asks
summary   what each column came to, and everything that fell short
"""
