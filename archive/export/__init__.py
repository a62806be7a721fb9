"""Tables for analysts: the codebook's tables as CSV files.

    tables     the tables, row by row, whatever the format
    csv        as CSV: UTF-8 with BOM, ISO dates, exact decimals
    labels     what the codes of a form mean, in both languages
    places     names of divisions and their time of validity
    harmonise  series over the forms

A new format is a function like `export_csv` over `archive.export.tables.Tables`.
"""

from __future__ import annotations

from archive.export.csv import ExportResult, export_csv

__all__ = ["ExportResult", "export_csv"]
