"""Tables that were set as running text.

scanner          the labels of a text one after the other, and the rows that come of them
wordings         all wordings of all forms as one pattern
stream           the text between two tables as one stream, and back to its blocks
page_marks       page numbers among the lines
stream_headers   the headers of a text, label by label
stream_records   the records of a text
record_layouts   records that are laid out otherwise
loose_rows       rows whose labels are not readable, behind the values of others
found_rows       what a text holds, before blank cells are counted back
gaps             what stands between two labels
blank_cells      what a blank cell adds to the line breaks between two others
finish           blank cells counted back
"""
