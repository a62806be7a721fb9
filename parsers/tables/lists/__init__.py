"""Statistics annexes: one indicator a row, with its unit and value.

columns      what the columns of a list hold, as its header says
indicators   each label with the cells that can be its figure
run_on       lists of which several rows stand in one line
lists        the annex as a whole
"""
