"""One module per product: how it is recognised, and how its lists go on.

    trs easysite epoint gkmlpt govcn hanweb henan huilan jpaas kaipu lonsun pclist shanghai truecms vsb
    generic    a site nobody has described

What the addresses of a product look like stands in ``config/cms.yaml`` under the name of its family; how to add one:
CONTRIBUTING.md, "A CMS family".
"""
