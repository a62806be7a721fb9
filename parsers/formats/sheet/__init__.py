"""Spreadsheets as documents.

reader           every block of filled rows is a table, merged cells keep their spans
csv              tables saved as comma-separated values
cell_styles      how cells are set, and what a reader sees of them; the three below say where that is written
xlsx_looks       .xlsx
ods_looks        .ods
xls_looks        .xls
number_formats   numbers as the number format of their cell shows them
"""
