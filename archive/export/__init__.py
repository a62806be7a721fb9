"""Tables for analysts: the codebook's tables as CSV files.

    tables     the tables, row by row, whatever the format
    files      what every format shares: files put in their places whole, the result
    csv        as CSV: UTF-8 with BOM, ISO dates, exact decimals
    labels     what the codes of a form mean, in both languages
    places     names of divisions and their time of validity
    harmonise  series over the forms

How to add a format, and which test fails where a step is forgotten: CONTRIBUTING.md, "An export format".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from archive.export.csv import export_csv
from archive.export.files import Export, ExportResult

__all__ = ["FORMATS", "Export", "ExportResult", "export_csv"]

FORMATS: Final[Mapping[str, Export]] = {"csv": export_csv}
"""What writes the tables, by the name that ``gongkai export --format`` takes."""
