"""Uncompressed bytes of archive files of any origin (plain, gzip, zstd), with every byte accounted for."""
