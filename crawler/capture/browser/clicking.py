"""Clicking in a page, as a reader of a list does: a pager, a button to load more, a tab, a year in a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Page

_CHOOSE = """
one => {
  const choice = one.closest('select');
  if (!choice) return false;
  one.selected = true;
  for (const name of ['input', 'change']) choice.dispatchEvent(new Event(name, {bubbles: true}));
  return true;
}
"""


async def click_element(page: Page, selector: str) -> None:
    """Click what ``selector`` names as soon as it is there; an option is chosen.

    What is there and not to be seen (a menu that opens under the mouse) is clicked all the same, as its script would.

    Args:
        page: the window.
        selector: CSS path of one element.
    """
    one = await page.wait_for_selector(selector, state="attached", timeout=0)
    if one is None or await one.evaluate(_CHOOSE):
        return
    if await one.is_visible():
        await page.click(selector, timeout=0)
    else:
        await one.evaluate("one => one.click()")
