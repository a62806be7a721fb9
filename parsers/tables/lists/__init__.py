"""Statistics annexes: one indicator a row, with its unit and value.

columns      what the columns of a list hold, as its header says
entries      printed rows, and what their neighbours say of them
row_codes    which row of a list a label is
list_header  the header that holds
table_rows   rows in tables
text_cells   the cells of a text
text_rows    rows in texts
run_on       lists of which several rows stand in one line
indicators   all rows of a document that may be of a list
lists        the annex as a whole
"""
