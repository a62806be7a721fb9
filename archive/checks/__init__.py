"""Rules that need several reports, and what they came to."""
