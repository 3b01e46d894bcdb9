"""Macros: definitions, bounded expansion, spans at the place of use."""

import pytest

from derive.reader.macros import Macros, definitions, expand
from derive.reader.tokens import tokenize

EXPANSIONS = [
    (r"\newcommand{\R}{\mathbb{R}}", r"\R^n", r"\mathbb{R}^n"),
    (r"\newcommand\R{\mathbb{R}}", r"\R", r"\mathbb{R}"),
    (r"\newcommand*{\v}[1]{\mathbf{#1}}", r"\v{x} \v y", r"\mathbf{x} \mathbf{y}"),
    (r"\newcommand{\d}[2][t]{\frac{d #2}{d #1}}", r"\d{x}", r"\frac{d x}{d t}"),
    (r"\newcommand{\d}[2][t]{\frac{d #2}{d #1}}", r"\d[s]{x}", r"\frac{d x}{d s}"),
    (r"\def\p#1#2{#2^{#1}}", r"\p{a}{b}", r"b^{a}"),
    (r"\let\eps\varepsilon", r"\eps", r"\varepsilon"),
    (r"\DeclareMathOperator{\tr}{tr}", r"\tr A", r"\operatorname{tr} A"),
    (r"\DeclareMathOperator*{\am}{arg\,min}", r"\am", r"\operatorname*{arg\,min}"),
    (r"\newcommand{\a}{x}\renewcommand{\a}{y}", r"\a", "y"),
    (r"\newcommand{\a}{\b}\newcommand{\b}{z}", r"\a", "z"),
    (r"\newcommand{\f}[1]{(#1)}", r"\f{\f{x}}", "((x))"),
    (r"\def\x.#1{#1}", r"\x", r"\x"),
]


def expanded(latex: str, macros: Macros, position: int | None = None) -> str:
    tokens, problems = expand(tokenize(latex)[0], macros, position)
    assert problems == []
    return "".join(token.text for token in tokens)


@pytest.mark.parametrize(("preamble", "use", "result"), EXPANSIONS)
def test_expands_to(preamble: str, use: str, result: str) -> None:
    macros = Macros.of(definitions(preamble)[0])
    assert expanded(use, macros) == result
    assert expanded(preamble + use, macros) == result


def test_a_use_sees_the_last_definition_before_it() -> None:
    text = r"\def\a{x} \def\a{y}"
    macros = Macros.of(definitions(text)[0])
    assert expanded(r"\a", macros, position=0) == r"\a"
    assert expanded(r"\a", macros, position=9) == "x"
    assert expanded(r"\a", macros, position=30) == "y"


def test_spans() -> None:
    macros = Macros.of(definitions(r"\newcommand{\f}[1]{(#1)}")[0])
    tokens, _ = expand(tokenize(r"y\f{ab}z")[0], macros)
    assert [(token.text, tuple(token.span)) for token in tokens] == [
        ("y", (0, 1)),
        ("(", (1, 7)),
        ("a", (4, 5)),
        ("b", (5, 6)),
        (")", (1, 7)),
        ("z", (7, 8)),
    ]


TRIPLING = "".join(
    rf"\def\{chr(97 + i)}{{\{chr(98 + i)}\{chr(98 + i)}\{chr(98 + i)}}}" for i in range(20)
)
BOMBS = [
    (r"\def\a{\a}", r"\a", "recursive-macro", r"the macro \a is defined by itself"),
    (r"\def\a{\b}\def\b{\a}", r"\a", "recursive-macro", r"the macro \a is defined by itself"),
    (TRIPLING, r"\a", "macro-too-large", "macros that expand to more than 250,000 tokens"),
    (
        TRIPLING + r"\def\u{}",
        r"\a",
        "macro-too-large",
        "macros that expand to more than 250,000 tokens",
    ),
    (
        r"\def\a#1{#1}",
        r"\a{" * 100 + "}" * 100,
        "macro-too-deep",
        "macros that call each other more than 50 deep",
    ),
    (
        r"\def\a#1#2{#1}",
        r"\a{x}",
        "missing-argument",
        r"\a with too few arguments; expected an argument in braces",
    ),
]


@pytest.mark.parametrize(("preamble", "use", "kind", "message"), BOMBS)
def test_refuses(preamble: str, use: str, kind: str, message: str) -> None:
    macros = Macros.of(definitions(preamble)[0])
    _, problems = expand(tokenize(use)[0], macros)
    assert [(problem.kind, problem.message) for problem in problems] == [(kind, message)]


def test_a_broken_definition_is_told_at_its_place() -> None:
    found, problems = definitions(r"x \newcommand{\a}{", start=100)
    assert found == []
    assert [(p.kind, tuple(p.span)) for p in problems] == [("unbalanced-brace", (117, 118))]
