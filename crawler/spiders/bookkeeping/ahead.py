"""Further pages of a list are asked for a few at a time, for as long as they bring something new.

A pager may state 99,999,999 pages, or a portal answer every page name with the list's first page: whatever a page
promises, only so many pages (`config/links.yaml`, ``pages_ahead``) are asked for beyond the last one that brought an
entry.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import scrapy

from crawler.cms import ListRequest

Task = TypeVar("Task")
"""What a request goes on from; pages ahead only carry it along."""

_PAGES = frozenset({"static", "link", "form"})


def is_page_ahead(request: ListRequest) -> bool:
    """Whether a request is for one of the pages that a list has, and no answer of a back-end or try of a name."""
    return request.dialect in _PAGES and request.page > 1


@dataclass(slots=True)
class Ahead(Generic[Task]):
    """The pages of one list that are still to be asked for.

    Attributes:
        waiting: they, with the task that each goes on from, in order.
        unproven: pages that were asked for since one brought something new.
    """

    waiting: deque[tuple[Task, ListRequest]] = field(default_factory=deque)
    unproven: int = 0

    def add(self, task: Task, request: ListRequest) -> None:
        """Note a page that the list promises."""
        self.waiting.append((task, request))

    def ask(
        self, most: int, send: Callable[[str, Task, ListRequest], Iterator[scrapy.Request]]
    ) -> Iterator[scrapy.Request]:
        """Ask for pages, while no more than ``most`` are unproven; one that was asked for before counts for nothing."""
        while self.waiting and self.unproven < most:
            task, request = self.waiting.popleft()
            for sent in send(request.url, task, request):
                self.unproven += 1
                yield sent

    def leave(self) -> list[ListRequest]:
        """Give up what is still to be asked for; those of it that were promised, and not merely guessed."""
        left = [request for _, request in self.waiting if not request.tentative]
        self.waiting.clear()
        return left
