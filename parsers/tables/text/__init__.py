"""Tables that were set as running text.

wordings         all wordings of all forms as one pattern
stream           the text between two tables as one stream, and back to its blocks
page_marks       page numbers among the lines
gaps             what stands between two labels
blank_cells      what a blank cell adds to the line breaks between two others
record_layouts   records in running text that are laid out otherwise
scanner          the rows of all that
"""
