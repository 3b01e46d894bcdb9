import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.document.sources import SourceFile
from derive.reader.problems import Span
from derive.report.source_excerpt import LEAST_WIDTH, excerpt, shortened, shown


def drawn(text: str, start: int, end: int, width: int = 40) -> list[str]:
    return list(excerpt(SourceFile.of("f", text), Span(start, end), width))


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("a = b", 4, 5, ["a = b", "    ^"]),
        ("first\na = b\nlast", 10, 11, ["a = b", "    ^"]),
        ("a = b\nc", 4, 7, ["a = b", "    ^"]),
        ("a = b", 5, 5, ["a = b", "     ^"]),
        ("\ta = b", 5, 6, ["    a = b", "        ^"]),
        ("你 = b", 4, 5, ["你 = b", "     ^"]),
        ("a = 你", 4, 5, ["a = 你", "    ^^"]),
        ("e\u0301 = b", 5, 6, ["e\u0301 = b", "    ^"]),
        ("a\x1b[2J = b", 8, 9, ["a\ufffd[2J = b", "        ^"]),
        ("a\u202e = b", 5, 6, ["a\ufffd = b", "     ^"]),
        ("", 0, 0, ["", "^"]),
    ],
)
def test_carets_stand_below_the_place(text: str, start: int, end: int, expected: list[str]) -> None:
    assert drawn(text, start, end) == expected


def test_a_long_line_is_cut_around_the_place() -> None:
    line, carets = drawn("x + " * 1000 + "HERE" + " + y" * 1000, 4000, 4004)
    assert line == "...+ x + x + x + x + x + HERE + y + y..."
    assert carets == "                         ^^^^"


def test_a_long_place_shows_its_beginning() -> None:
    line, carets = drawn("a = " + "b" * 500, 4, 504)
    assert line == "a = " + "b" * 30 + "..."
    assert carets == "    " + "^" * 30


@settings(deadline=None, max_examples=100)
@given(
    st.text(st.sampled_from("ab \t\n你\u0301\x00\U0001f600"), max_size=200),
    st.integers(0, 200),
    st.integers(0, 50),
    st.integers(0, 120),
)
def test_nothing_leaves_its_columns(text: str, start: int, length: int, width: int) -> None:
    line, carets = drawn(text, start, start + length, width)
    limit = max(width, LEAST_WIDTH)
    assert carets.lstrip(" ").strip("^") == ""
    assert "^" in carets
    assert len(carets) <= limit + 1
    assert "\n" not in line
    assert "\x00" not in line
    wide = sum(2 if c in "你\U0001f600" else c != "\u0301" for c in line)
    assert wide <= limit


def test_text_is_shown_on_one_line() -> None:
    assert shown(" a \n\t b\x1b[0m ") == "a b\ufffd[0m"


def test_the_middle_of_long_text_is_left_out() -> None:
    assert shortened("a" * 100 + "b" * 100, 20) == "aaaaaaaaaa ... bbbbb"
    assert shortened("short", 20) == "short"
    assert len(shortened("x" * 10**7, 20)) <= 20
