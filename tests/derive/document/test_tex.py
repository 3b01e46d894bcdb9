"""Formulas, headings, macros and blocks of LaTeX."""

import pytest

from derive.document import parse

FORMULAS = [
    ("$a$ $$b$$", ["inline a", "display b"]),
    (r"\(a\) \[b\]", ["inline a", "display b"]),
    (r"\begin{align*} a &= b \end{align*}", ["display  a &= b "]),
    (r"\begin{equation} a \end{equation}", ["display  a "]),
    (r"\begin{gather} a \end{gather}\begin{multline}b\end{multline}", ["display  a ", "display b"]),
    (r"\begin{alignat}{2} a \end{alignat}", ["display  a "]),
    (r"\begin{eqnarray} a &=& b \end{eqnarray}", ["display  a &=& b "]),
    (r"\begin{displaymath}a\end{displaymath}", ["display a"]),
    ("% $a$\n$b$", ["inline b"]),
    (r"\% $a$", ["inline a"]),
    (r"\begin{verbatim} $a$ \end{verbatim} $b$", ["inline b"]),
    (r"\verb|$a$| $b$", ["inline b"]),
    (r"$a$ \begin{document} $b$ \end{document} $c$", ["inline b"]),
    (r"\newcommand{\x}{$a$} $b$", ["inline b"]),
    (r"\text{costs \$5}", []),
]


@pytest.mark.parametrize(("text", "formulas"), FORMULAS)
def test_finds(text: str, formulas: list[str]) -> None:
    document = parse(text, kind="tex")
    assert [f"{d.kind} {d.latex}" for d in document.displays] == formulas
    assert document.diagnostics == ()
    for display in document.displays:
        assert text[display.start : display.end] == display.latex


FAILURES = [
    ("a\n\n $a", "unclosed-formula", "$ that is never closed; expected $", 3, 2),
    (r"\[ a", "unclosed-display", r"\[ that is never closed; expected \]", 1, 1),
    (
        r"\begin{align} a",
        "unclosed-display",
        r"\begin{align} that is never closed; expected \end{align}",
        1,
        1,
    ),
    (r"\newcommand{\a}{x", "unbalanced-brace", "{ that is never closed; expected }", 1, 1),
]


@pytest.mark.parametrize(("text", "kind", "message", "line", "column"), FAILURES)
def test_says_what_is_wrong(text: str, kind: str, message: str, line: int, column: int) -> None:
    first = parse(text, kind="tex").diagnostics[0]
    assert (first.kind, first.message, first.line, first.column) == (kind, message, line, column)


def test_sections() -> None:
    text = "\\section{One}\n\\subsection*{Two {x}}\n\\section[s]{Three}\n"
    sections = parse(text, kind="tex").sections
    assert [s.path for s in sections] == [(), ("One",), ("One", "Two {x}"), ("Three",)]


def test_a_run_of_derive_comments_is_one_block() -> None:
    text = "% words\n% derive: x : R\n%derive: y : R\n$x$\n% derive: z : R\n"
    first, second = parse(text, kind="tex").blocks
    assert first.text.split() == ["x", ":", "R", "y", ":", "R"]
    assert first.place(first.text.index("y")) == ("<stdin>", 3, 10)
    assert second.text.strip() == "z : R"


def test_macros() -> None:
    text = r"\newcommand{\R}{\mathbb{R}} \def\v#1{\mathbf{#1}} \DeclareMathOperator{\tr}{tr} $\R$"
    macros = parse(text, kind="tex").macros
    assert sorted(macros.by_name) == [r"\R", r"\tr", r"\v"]
