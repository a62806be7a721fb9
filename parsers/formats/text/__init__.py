"""Plain text and Markdown as documents.

reader           lines, and tables set with tabs and pipes
ascii_tables     tables drawn with characters
ascii_grid       the grid of such a table: which column and row each cell stands in
html_tables      tables in HTML inside Markdown and plain text
tab_tables       tables in the text of a rendered page
aligned          tables whose columns are set by spaces
widths           how many columns of a terminal a character takes
markdown_marks   what a reader of rendered Markdown sees of the marks in cells
"""
