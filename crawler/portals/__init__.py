"""Portals: where annual reports are looked for, one profile each (``config/portals``).

profile     a profile, typed and checked: sites and columns
load        profiles found and read
addresses   what the address of a report alone says of it
docs        a page of documentation per portal
"""
