"""Uncompressed bytes of archive files of any origin, with every byte accounted for.

open  which stream reads a file; base: plain files and what all have in common; gzip, zstd: member by member
"""
