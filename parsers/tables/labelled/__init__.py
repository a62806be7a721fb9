"""Figures that stand behind words of their own, without a table's columns: lists, cards, phrases.

pairs        words and the value behind each, in a line or a cell
label_paths  which cell of which form a row's label and a column's word name together
lists        lines: a row's label with its pairs behind it, or below it
cards        tables: a card a row, cells that say their column, several figures in one cell
found        rows on their way to figures
reader       what is read so, and the document without it
"""
