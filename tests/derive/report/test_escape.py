import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.report.escape import latex_code, latex_text, typst_string, typst_text


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        (r"\input{/etc/passwd}", r"\textbackslash{}input\{/etc/passwd\}"),
        ("50% of $x_1 & #2", r"50\% of \$x\_1 \& \#2"),
        ("a~b^c", r"a\textasciitilde{}b\textasciicircum{}c"),
        ("x ≤ σ", r"x \ensuremath{\le} \ensuremath{\sigma}"),
        ("Gödel – naïve", r"G\"{o}del -- na\"{i}ve"),
        ("two\nlines\x00\x1b", "two lines"),
        ("中", r"\texttt{U+4E2D}"),
        ("a -- b", "a {-}{-} b"),
    ],
)
def test_latex_text_shows_the_same_text(text: str, latex: str) -> None:
    assert latex_text(text) == latex


@settings(deadline=None, max_examples=100)
@given(st.text())
def test_latex_text_is_ascii_without_live_special_characters(text: str) -> None:
    shown = latex_text(text)
    assert shown.isascii()
    assert shown.isprintable()
    bare = re.sub(r"\\[{}$&#%_^~\"'`=.]|\\[A-Za-z]+", "", shown)
    assert not re.search(r"[\\$&#%_~]", bare.replace("~", ""))
    assert bare.count("{") == bare.count("}")


@settings(deadline=None, max_examples=100)
@given(st.text())
def test_typst_string_is_one_literal(text: str) -> None:
    literal = typst_string(text)
    assert re.fullmatch(r'"(?:[^"\\]|\\["\\])*"', literal, re.DOTALL)


def test_typst_text_is_a_string_and_no_code() -> None:
    assert typst_text('#read("/etc/passwd")') == r'#"#read(\"/etc/passwd\")";'
    assert typst_text("中\n\x1b") == '#"U+4E2D ";'


def test_code_may_break_after_marks_and_has_no_command_of_its_text() -> None:
    assert latex_code("a_b") == r"\texttt{a\char95{}\allowbreak{}b}"
    assert latex_code(r"\x") == r"\texttt{\char92{}\allowbreak{}x}"
