"""Back-ends that a page names, whatever its product is called.

settings       a named setting, and the address of a back-end
script_calls   what a page's own script asks, asked as it is written there
data_files     JSON files that scripts name
search_apis    TRS's search back-ends
next_page      whether a back-end has more, and the request for it
"""
