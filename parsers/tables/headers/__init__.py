"""Printed headers to columns, wherever the lines of a header come from (tables or running text).

matrices       the header of a matrix: columns over one to three lines, under the words for their parents
other_columns  columns of a matrix that no form has: subtotals, one for several, of another year
records        the header of a record: blocks, each with its columns
blocks         the header of a small table
broken         headers of which only pieces are left
by_grid        headers with other columns than the form's, read by where each word stands in the grid
order          which column stands before which
"""
