"""PDF files as documents.

reader        a file to a document, and a locator back to its text
file          a file opened to its pages: bounds, and what mends damage
page_reader   one page: which letters are read, and in which cell or line they stand
ruled_tables  the ruled tables of a page
layout        pages put together to one text (what recognised scans share)
page          what a page is made of: lines, ruled tables, what stands in its margins
grids         ruled tables: their rows and columns, and how they go on over a page break
paragraphs    lines to paragraphs, and to tables without rules
ruled_cells   letters in the cells of a ruled table
letters       the letters of a page as a reader takes them: each once, marks as marks
paint         what is painted so that a reader sees it
margins       page numbers and running heads within a table
watermarks    letters that were laid across a page
wide_numbers  numbers whose digits are set apart over the width of their cell
two_up        two pages printed side by side on one sheet
line_numbers  numbers at the margin that count the lines
"""
