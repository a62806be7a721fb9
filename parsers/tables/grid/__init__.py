"""Lines of tables to rows and columns of a form.

finder           which line is a header, which a row of what, which cells are its values
row_labels       which row of which form a line names
merged_cells     a value merged over several rows stands in each of them
label_pieces     labels that were wrapped around the line of their values
year_columns     columns that say of which year a row is
other_columns    columns of another year, of changes, shares or remarks
broken_rows      several rows that stand in the cells of one
spelled_numbers  tables whose numbers are written in Chinese numerals
record_layouts   a record laid out in other ways than the form's
transposed       a matrix turned round
"""
