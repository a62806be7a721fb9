"""What stands in a document's tables and is none of a form's: found, told, and left out before rows are read.

numbering      columns that number the rows, and rows that number the columns
year_columns   columns that say of which year a row is, and the rows of other years
other_columns  columns of another year, of changes, shares or remarks
captions       the same table of two years, told apart by captions
"""
