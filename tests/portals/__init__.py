"""The test portal farm: every CMS family played by the facts known of it, under real host names and column URLs.

Written from the protocol facts alone, not from the adapters: what a product serves, in which order arguments stand,
what it ignores, what it caps. Which host plays which family with which holdings is data (``sites.yaml``); the
farm also says what is truly there (`Expected`), so that recall and precision of a crawl can be measured.
"""

from tests.portals.farm import Expected, Farm, build

__all__ = ["Expected", "Farm", "build"]
