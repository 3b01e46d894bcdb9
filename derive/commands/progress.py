"""Live progress on standard error: one line rewritten on a terminal, else one line a part."""

import shutil
from typing import TextIO

from derive.claim import Claim


class ProgressLine:
    """Tells which claim is being judged; a ``Progress`` of ``derive.verify``."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rewrites = stream.isatty()
        self._part = ""

    def __call__(self, done: int, total: int, claim: Claim) -> None:
        """Tell that ``done`` of ``total`` claims are judged and ``claim`` is next."""
        if self._rewrites:
            text = f"[{done + 1}/{total}] {claim.part} {claim.name}"
            self._stream.write(f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}")
        elif claim.part != self._part:
            self._stream.write(f"[{done + 1}/{total}] {claim.part}\n")
        self._part = claim.part
        self._stream.flush()

    def close(self) -> None:
        """Clear the line."""
        if self._rewrites:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


class CountLine:
    """Counts what is done, of how many, on one line that is rewritten; nothing in a log."""

    def __init__(self, stream: TextIO, about: str) -> None:
        self._stream = stream
        self._about = about
        self._rewrites = stream.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Tell that ``done`` of ``total`` are done."""
        if self._rewrites:
            self._stream.write(f"\r\x1b[K{self._about} [{done}/{total}]")
            self._stream.flush()

    def close(self) -> None:
        """Clear the line."""
        if self._rewrites:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
