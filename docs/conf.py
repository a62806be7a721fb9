"""Settings of Sphinx: the pages of docs/ and those beside README.md as one site (`make docs`)."""

project = "Gongkai"
project_copyright = "The Gongkai authors. Apache-2.0"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
# The pages lie where they are read on a forge, so the sources are the whole checkout and the site begins in docs/.
root_doc = "docs/index"
include_patterns = ["*.md", "docs/**.md"]
html_extra_path = ["site"]

nitpicky = True
myst_heading_anchors = 4  # `page.md#a-heading`, as forges make them

html_theme = "furo"
html_title = "Gongkai 公开"
html_copy_source = False
html_show_sphinx = False
