"""Formulas, headings and blocks of Markdown."""

import pytest

from derive.document import parse

FORMULAS = [
    ("$a$", ["inline a"]),
    ("$$a$$", ["display a"]),
    ("$$\na = b\n$$", ["display \na = b\n"]),
    ("x $a$, $b$ y", ["inline a", "inline b"]),
    (r"\(a\) and \[b\]", ["inline a", "display b"]),
    ("it costs $5 and $6", []),
    ("$5$ and $6$", ["inline 5", "inline 6"]),
    ("$ a$ and $b $", []),
    (r"\$a\$", []),
    (r"$\$a$", [r"inline \$a"]),
    ("`$a$` $b$", ["inline b"]),
    ("``$a$ ` $`` $b$", ["inline b"]),
    ("```\n$a$\n```\n$b$", ["inline b"]),
    ("~~~ x\n$a$\n```\n~~~\n$b$", ["inline b"]),
    ("````\n```\n$a$\n````\n$b$", ["inline b"]),
    ("```math\na = b\n```", ["display a = b\n"]),
    ("```\n$a$", []),
    ("text\n\n    $a$\n\n$b$", ["inline b"]),
    ("- item\n\n    $a$\n", ["inline a"]),
    ("<!-- $a$ --> $b$", ["inline b"]),
    ("$a\n\nb$", []),
    ("$a\nb$", ["inline a\nb"]),
    ("$$\na\n\nb\n$$", ["display \na\n\nb\n"]),
    (r"$\text{if $x$} > 0$", [r"inline \text{if $x$} > 0"]),
    ("$`a`$", ["inline a"]),
    (r"\begin{align} a &= b \end{align}", ["display  a &= b "]),
    (r"\begin{align*} a \end{align*}", ["display  a "]),
    ("> $$a\n> = b$$", ["display a\n  = b"]),
    ("---\ntitle: $a$\n---\n$b$", ["inline b"]),
    ("$$ $$", []),
]


@pytest.mark.parametrize(("text", "formulas"), FORMULAS)
def test_finds(text: str, formulas: list[str]) -> None:
    document = parse(text, kind="md")
    assert [f"{d.kind} {d.latex}" for d in document.displays] == formulas
    assert document.diagnostics == ()


@pytest.mark.parametrize(("text", "formulas"), FORMULAS)
def test_a_display_knows_where_it_stands(text: str, formulas: list[str]) -> None:
    for display in parse(text, kind="md").displays:
        original = text[display.start : display.end]
        assert original.replace("\n> ", "\n  ") == display.latex


FAILURES = [
    ("$$a", "unclosed-display", "$$ that is never closed; expected $$", 1, 1),
    ("a\n\n$$a\n\nb$$ c", "unclosed-display", "$$ that is never closed; expected $$", 3, 1),
    (
        r"\begin{align} a",
        "unclosed-display",
        r"\begin{align} that is never closed; expected \end{align}",
        1,
        1,
    ),
    ("<!-- derive\nx : R", "unclosed-comment", "<!-- that is never closed; expected -->", 1, 1),
]


@pytest.mark.parametrize(("text", "kind", "message", "line", "column"), FAILURES)
def test_says_what_is_wrong(text: str, kind: str, message: str, line: int, column: int) -> None:
    first = parse(text, kind="md").diagnostics[0]
    assert (first.kind, first.message, first.line, first.column) == (kind, message, line, column)


def test_sections() -> None:
    text = "a\n# One\nb\n## Two ##\nc\nThree\n=====\nd\n"
    document = parse(text, kind="md")
    assert [(s.level, s.title, s.path) for s in document.sections] == [
        (0, "", ()),
        (1, "One", ("One",)),
        (2, "Two", ("One", "Two")),
        (1, "Three", ("Three",)),
    ]
    assert [document.section_at(text.index(f"{c}\n")).title for c in "abcd"] == [
        "",
        "One",
        "Two",
        "Three",
    ]


def test_a_block_holds_to_the_end_of_its_section() -> None:
    text = "# A\n<!-- derive\nx : R\n-->\n$x$\n## B\n<!-- derive y : R -->\n$y$\n# C\n$z$\n"
    first, second = parse(text, kind="md").blocks
    assert first.text.strip() == "x : R"
    assert second.text.strip() == "y : R"
    assert text[first.holds_from : first.holds_until].endswith("$y$\n")
    assert text[second.holds_from : second.holds_until].endswith("$y$\n")
    assert first.place(first.text.index("x")) == ("<stdin>", 3, 1)


def test_a_block_before_the_first_heading_holds_to_the_end() -> None:
    text = "<!-- derive x : R -->\n# A\n$x$\n"
    (block,) = parse(text, kind="md").blocks
    assert block.holds_until == len(text)


def test_prose() -> None:
    document = parse("So when $i = j$, `code` holds.", kind="md")
    assert [prose.text for prose in document.prose] == ["So when ", ", ", " holds."]


def test_macros_defined_in_a_display() -> None:
    document = parse(r"$$\newcommand{\R}{\mathbb{R}}$$ $\R$", kind="md")
    assert document.macros.find(r"\R", document.displays[1].start) is not None
    assert document.macros.find(r"\R", 0) is None
