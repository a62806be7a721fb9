"""Tables for analysts: the codebook's tables as CSV files."""

from __future__ import annotations

from archive.export.csv import ExportResult, export_csv

__all__ = ["ExportResult", "export_csv"]
