"""Diagnostics as a person sees them."""

from derive.document import parse
from derive.reader.chains import read_display


def first(text: str) -> str:
    document = parse(text, "n.md", "md")
    display = document.displays[0]
    problem = read_display(display.latex).problems[0]
    return document.diagnostic(problem, display.start).render()


def test_the_caret_stands_under_the_place() -> None:
    assert first("Let\n\tso $a = \\foo + b$.") == (
        "n.md:2:10: error: the command \\foo, which nothing defines; "
        "expected a known command or a declared name [unknown-command]\n"
        "   |  so $a = \\foo + b$.\n"
        "   |          ^^^^\n"
        "   = declare \\foo, or define it with \\newcommand"
    )


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    lines = first("x" * 1000 + "$a = \\foo + b$" + "y" * 1000).splitlines()
    assert lines[0].startswith("n.md:1:1006: error:")
    assert len(lines[1]) < 250
    assert lines[1][lines[2].index("^") :].startswith("\\foo")


def test_an_empty_place_still_has_a_caret() -> None:
    assert first("$a = ($").splitlines()[2].count("^") == 1
