"""Answers that several lists ask for: a back-end, or a script file with its settings, is asked once and read by each.

What such an answer means depends on who asks: one settings file tells two lists where the back-end is, and each asks
it for entries of its own. A list whose request another one sent before would else have nothing to go on from, and one
that is known by two addresses would be short by what it read under the other.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from scrapy.http import Response

from crawler.spiders.bookkeeping.tasks import Branch, ListTask

Mark = tuple[str, str, str, bytes]
"""What makes two requests of lists the same: kind, method, address, body."""
_MOST = 200
_LARGEST = 2_000_000  # bytes of an answer that is kept for others


@dataclass(slots=True)
class Shared:
    """One request.

    Attributes:
        readers: lists that read its answer; waiting: their tasks, while it is under way.
        answer: what came; over: it came, or nothing will.
    """

    readers: list[Branch]
    waiting: list[ListTask] = field(default_factory=list)
    answer: Response | None = None
    over: bool = False


class SharedAnswers:
    """The latest requests that may be shared, by mark."""

    def __init__(self) -> None:
        self._known: OrderedDict[Mark, Shared] = OrderedDict()

    def begin(self, mark: Mark, reader: Branch) -> None:
        """Note a request that is sent for a list; the oldest ones that are over are forgotten."""
        self._known[mark] = Shared([reader])
        while len(self._known) > _MOST and next(iter(self._known.values())).over:
            self._known.popitem(last=False)

    def join(self, mark: Mark, reader: Branch) -> Shared | None:
        """The request of another list that this one reads along; None where there is none, or it does so already."""
        shared = self._known.get(mark)
        if shared is None or any(known is reader for known in shared.readers):
            return None
        shared.readers.append(reader)
        return shared

    def end(self, mark: Mark, answer: Response | None) -> list[ListTask]:
        """Note how a request ended; the tasks that waited for it."""
        shared = self._known.get(mark)
        if shared is None or shared.over:
            return []
        shared.over = True
        shared.answer = answer if answer is not None and len(answer.body) <= _LARGEST else None
        waiting, shared.waiting = shared.waiting, []
        return waiting
