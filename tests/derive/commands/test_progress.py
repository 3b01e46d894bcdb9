"""Progress on a terminal and in a log."""

import io

from derive.commands.progress import ProgressLine
from identities import claims


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_one_line_a_part() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    selected = claims(["1e", "1f"])
    for done, claim in enumerate(selected):
        line(done, len(selected), claim)
    line.close()
    assert stream.getvalue() == f"[1/{len(selected)}] 1e\n[{len(selected)}/{len(selected)}] 1f\n"


def test_a_terminal_gets_one_line_that_is_rewritten_and_cleared() -> None:
    stream = Terminal()
    line = ProgressLine(stream)
    (claim,) = claims(["1f"])
    line(0, 1, claim)
    line.close()
    assert stream.getvalue() == "\r\x1b[K[1/1] 1f sign_by_indicators\r\x1b[K"
