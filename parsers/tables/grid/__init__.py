"""Lines of tables to rows and columns of a form.

finder           each line of a table in turn: what it is, and the rows that come of it
table_lines      the lines of a table, made ready to be read
above            what stands above a line, and holds for it
header_lines     which lines are headers, and of what
matrix_headers   the columns that hold for a row of a matrix
record_rows      rows of records, with labels of their own or none
row_labels       which row of which form a line names
merged_cells     a value merged over several rows stands in each of them
label_pieces     labels that were wrapped around the line of their values
group_sums       headings over rows that are printed as rows with their sums
broken_rows      several rows that stand in the cells of one
grouped_numbers  numbers whose thousands are set apart by blanks
spelled_numbers  tables whose numbers are written in Chinese numerals
record_layouts   a record laid out in other ways than the form's
upright_blocks   small tables with one cell a row
transposed       a matrix turned round
"""
