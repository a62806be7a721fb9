"""What an interrupted command says, and the status with which it ends; nothing here takes time to load."""

from __future__ import annotations

INTERRUPTED = "interrupted; the same command goes on where it stopped."
STATUS = 130
"""128 and the number of the signal (SIGINT), as shells count."""
