"""Rows to figures: every value under its code, or flagged.

alignment     every way in which the cells of a row can belong to its columns
totals        what the columns of a row must add up to
padding       empty cells before a row's values
runs          digits that were run together
figures       one row's cells to figures and issues
lost_labels   rows whose label is lost, read by their place
merge         one figure a code
row_ways      the ways of one row, by its cells and by those of the other rows
places        rows whose blanks leave no cell: each number stands under its column
blocks        rows of small tables
matrices      rows of matrices
records       rows of records
binding       all rows of a report
"""
