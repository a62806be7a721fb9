"""HTML pages as documents.

reader         from a page to blocks in reading order
page           a page loaded: its charset, its content, what its head and its links say
table_kinds    what a table is used for: figures, layout, or a whole report
content        which part of the page is the document, told by what it holds
tree           from text to elements as browsers make them
dom            elements with their exact CSS path, and the lines a reader sees
style_sheets   the page's own styles: which declarations hold for which element
visibility     what is shown at all, and what is a mark above the line
controls       values of fields, chosen options, words of drawings
shadow_roots   declared shadow roots and ``srcdoc`` frames, put where they are shown
table_grid     the table model of the HTML Standard
div_tables     tables set without table elements
"""
