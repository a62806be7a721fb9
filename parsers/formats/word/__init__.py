"""Word files as documents.

reader       paragraphs and tables in body order, merged cells with their spans
runs         what a paragraph prints: its runs and styles, and a sign for what is no text
conversion   old formats to DOCX, by LibreOffice where it is installed
"""
