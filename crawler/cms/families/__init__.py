"""One module per product: how it is recognised, and how its lists go on.

What the addresses of a product look like stands in ``config/cms.yaml`` under the name of its family; how to add one is
told in `crawler.cms`.
"""
