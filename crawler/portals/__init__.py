"""Portals: where annual reports are looked for, one profile each (``config/portals``).

profile   a profile, typed and checked: sites and columns
load      profiles found and read
docs      a page of documentation per portal
"""
