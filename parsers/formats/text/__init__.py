"""Plain text and Markdown as documents.

reader           paragraphs, and which kind of table begins in a line
lines            lines, and locators of what stands in them
pipe_tables      tables whose cells are parted by pipes: Markdown's and others
tabbed_lines     tables whose cells are parted by tabs, or begun by one
ascii_tables     tables drawn with characters
ascii_grid       the grid of such a table: which column and row each cell stands in
html_tables      tables in HTML inside Markdown and plain text
tab_tables       tables in the text of a rendered page
aligned          tables whose columns are set by spaces
widths           how many columns of a terminal a character takes
markdown_marks   what a reader of rendered Markdown sees of the marks in cells
"""
