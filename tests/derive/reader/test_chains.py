"""Displays as chains: what is cut where, what continues, and what a failure says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.reader.chains import Reading, read_display
from derive.reader.macros import Macros, definitions
from derive.reader.names import DeclaredNames
from derive.reader.surface import Unread

CHAINS = [
    (r"a = b", "a = b"),
    (r"a = b = c", "a = b = c"),
    (r"a \le b < c \ne d", r"a \le b < c \ne d"),
    (r"a := b \triangleq c", "a := b := c"),
    (r"x \overset{\text{def}}{=} y \stackrel{!}{=} z", "x := y = z"),
    (r"x \not= y, \quad x \neq z", r"x \ne y {,} x \ne z"),
    (r"x <= y", r"x \le y"),
    (r"x \in \mathbb{R}^n", r"x \in (script \mathbb{R} ^n)"),
    (r"\theta \leftarrow \theta - \eta", r"\theta \leftarrow (add \theta - \eta)"),
    (r"= 1. \quad (9)", "= 1"),
    (r"\leftarrow \theta", r"\leftarrow \theta"),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b = c"),
    (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b {row} c = d"),
    (r"\begin{aligned} a &= b + \\ &\quad c \end{aligned}", "a = (add b + c)"),
    (r"\begin{aligned} a &= b \\ &\quad - c \end{aligned}", "a = (add b - c)"),
    (r"\begin{aligned} a &= (b \\ &\quad + c) d \end{aligned}", "a = (jux (() (add b + c)) d)"),
    (r"a &= b & c &= d", "a = b {&} c = d"),
    (r"a &=& b \\ &=& c", "a = b = c"),
    (r"a &= b & \text{(by the chain rule)}", 'a = b {text} "(by the chain rule)"'),
    (r"x = \begin{aligned}[t] & a \\ &= b \end{aligned}", "x = a = b"),
    (r"a = b \\[4pt] = c", "a = b = c"),
    (r"a = b, \quad c = d", "a = b {,} c = d"),
    (r"a = b \quad , \quad c = d", "a = b {,} c = d"),
    (r"a = b \quad c = d", "a = b {quad} c = d"),
    (r"s=4, k=44", "s = 4 {,} k = 44"),
    (r"a, b \in S", r"(seq a b) \in S"),
    (r"i = 1, \dots, n", "i = (seq 1 <hdots> n)"),
    (r"a = b \Rightarrow c = d", r"a = b {\Rightarrow} c = d"),
    (r"a = b \implies c \iff d", r"a = b {\Rightarrow} c {\iff} d"),
    (r"\Rightarrow 6 \times 2 = 12", r"{\Rightarrow} (jux 6 \times 2) = 12"),
    (r"\text{So } x = 1", '"So" x = 1'),
    (r"f = 1 \quad \text{if } x > 0", 'f = 1 {text} "if" x > 0'),
    (r"x = 3 \text{ for all } x > 0", 'x = 3 {text} "for all" x > 0'),
    (r"a = b \quad\text{and}\quad c = d", 'a = b {text} "and" c = d'),
    (r"d) \quad \text{output size} = 5", "output~size = 5"),
    (r"(a) \quad x = 5", "x = 5"),
    (r"x = y \tag{3.1} \label{eq:a}", "x = y"),
    (r"x = y \nonumber", "x = y"),
    (r"m = 3.", "m = 3"),
    (r"x_\text{in} = y", "(script x _in) = y"),
    (r"(19)", ""),
    (r"", ""),
]


@pytest.mark.parametrize(("latex", "chains"), CHAINS)
def test_cuts_into(latex: str, chains: str) -> None:
    reading = read_display(latex)
    assert not reading.problems
    assert reading.sexpr() == chains


@pytest.mark.parametrize(
    ("latex", "tag"),
    [(r"a = b \quad (12)", "12"), (r"(19)", "19"), (r"a = b \tag{3.1}", "3.1"), ("f (2)", None)],
)
def test_equation_numbers(latex: str, tag: str | None) -> None:
    assert read_display(latex).tag == tag


def test_a_chain_that_begins_with_a_relation_continues_the_one_before() -> None:
    (chain,) = read_display(r"= a = b").chains
    assert chain.continues
    assert len(chain.sides) == len(chain.relations) == 2


FAILURES = [
    ("a = {b", "unbalanced-brace", "{ that is never closed; expected }", (4, 5)),
    ("a = b}", "unbalanced-brace", "} without a {", (5, 6)),
    ("a = (b", "unbalanced-delimiter", "( that is never closed; expected )", (4, 5)),
    ("a = b)", "unbalanced-delimiter", ") without an opening delimiter", (5, 6)),
    (r"a = \{b)", "unbalanced-delimiter", r"\{ closed by ); expected \}", (7, 8)),
    (r"a = \left( b", "unbalanced-delimiter", "( that is never closed; expected )", (4, 10)),
    (
        r"\begin{bmatrix} 1 & 2",
        "unbalanced-environment",
        r"\begin{bmatrix} that is never ended; expected \end{bmatrix}",
        (0, 15),
    ),
    (
        r"\begin{tabular}{c} 1 \end{tabular}",
        "unknown-environment",
        "the environment tabular; expected a matrix, array, cases or aligned environment",
        (0, 15),
    ),
    (
        r"\frac{a}",
        "missing-argument",
        r"\frac with too few arguments; "
        "expected an argument in braces",
        (0, 5),
    ),
    ("x_", "missing-argument", "_ with nothing after it; expected a script", (1, 2)),
    ("x_1_2", "double-subscript", "a second subscript; expected one subscript", (3, 4)),
    ("x^1^2", "double-superscript", "a second superscript; expected one superscript", (3, 4)),
    ("a + = b", "missing-operand", "+ with nothing after it; expected a term after +", (2, 3)),
    (
        r"a \cdot",
        "missing-operand",
        r"\cdot with nothing after it; expected a factor after \cdot",
        (2, 7),
    ),
    (
        r"\cdot a",
        "missing-operand",
        r"\cdot with nothing before it; "
        r"expected an operand before \cdot",
        (0, 5),
    ),
    ("a =", "missing-operand", "= with nothing after it; expected a side after =", (2, 3)),
    ("a = = b", "missing-operand", "= with nothing after it; expected a side after =", (2, 3)),
    (
        r"\sum_{i=1}^n",
        "missing-operand",
        "sum with nothing after it; expected a body for the sum",
        (0, 4),
    ),
    (
        r"\foo(x)",
        "unknown-command",
        r"the command \foo, which nothing defines; "
        "expected a known command or a declared name",
        (0, 4),
    ),
    (
        r"\left a",
        "missing-delimiter",
        r"\lefta without a delimiter; expected one of "
        r"( ) [ ] \{ \} | . after \left",
        (0, 5),
    ),
    (
        "a \0 b",
        "control-character",
        "the control character U+0000 inside a formula; expected printable text",
        (2, 3),
    ),
    (
        "a \ufffd",
        "wrong-encoding",
        "bytes that are not UTF-8 inside a formula; expected text in UTF-8",
        (2, 3),
    ),
    (r"\text{so", "unbalanced-brace", "{ that is never closed; expected }", (5, 6)),
    (r"\def\a{\a x}\a", "recursive-macro", r"the macro \a is defined by itself", (12, 14)),
    (
        "(" * 10_000 + "x" + ")" * 10_000,
        "too-deep",
        "something nested more than 120 levels deep",
        (120, 121),
    ),
    (
        "x+" * 150_000,
        "formula-too-long",
        "this formula has 300,000 characters; expected at most 200,000",
        (0, 80),
    ),
    (
        r"\begin{cases} 1 & 2 & 3 \end{cases}",
        "broken-case",
        "a row of cases with 3 parts; expected a value and a condition",
        (14, 15),
    ),
]


@pytest.mark.parametrize(("latex", "kind", "message", "span"), FAILURES)
def test_says_what_is_wrong(latex: str, kind: str, message: str, span: tuple[int, int]) -> None:
    reading = read_display(latex)
    problem = reading.problems[0]
    assert (problem.kind, problem.message, tuple(problem.span)) == (kind, message, span)


def test_one_unreadable_side_does_not_hide_the_rest() -> None:
    reading = read_display(r"a = \foo = b \\ c = {d = e \\ f &= g")
    assert reading.chains[0].sexpr() == "a = <unread unknown-command> = b"
    assert reading.chains[-1].sexpr() == "f = g"


def test_a_tower_of_powers_is_just_read() -> None:
    assert not read_display("9^{9^{9^9}}").problems


WARNINGS = [
    (
        r"\ln e^x (1 + y)",
        "ln without parentheses is read as applied to all 2 factors up to the next operator",
    ),
    (r"\log y * z", "log without parentheses is read as ending before *"),
    (
        r"\frac{\partial}{\partial x} a x",
        "the derivative is read as applied to the whole product behind it",
    ),
    (
        r"\frac{\partial}{\partial x} (a) x",
        "the derivative is read as applied to the group behind it only",
    ),
    (r"\nabla_x L x", r"\nabla is read as applied to the next factor only"),
    ("a / b c", "a/b c is read as (a/b) c, from left to right"),
    ("x^10", "only 1 of 10 stands in the script"),
]


@pytest.mark.parametrize(("latex", "words"), WARNINGS)
def test_says_which_reading_was_taken(latex: str, words: str) -> None:
    (warning,) = read_display(latex).warnings
    assert warning.severity == "warning"
    assert warning.message == words


def test_spans_inside_a_macro_are_those_of_its_use() -> None:
    macros = Macros.of(definitions(r"\newcommand{\grad}[2]{\frac{\partial #1}{\partial #2}}")[0])
    latex = r"y = \grad{L}{x} + \foo"
    reading = read_display(latex, macros=macros)
    assert reading.problems[0].kind == "unknown-command"
    (chain,) = read_display(latex[:-4] + "1", macros=macros).chains
    side = chain.sides[1]
    assert not isinstance(side, Unread)
    assert latex[slice(*side.terms[0].span)] == r"\grad{L}{x}"  # type: ignore[attr-defined]


PIECES = [
    "a", "b", "x_i", "h^a", "2", "+", "-", "=", r"\le", "(", ")", "[", "]", "{", "}", "|", r"\|",
    "^", "_", "&", r"\\", r"\frac", r"\sum", r"\log", r"\left(", r"\right)", ",", r"\quad",
    r"\text{if }", r"\begin{cases}", r"\end{cases}", r"\partial", r"\nabla", "'", r"\Rightarrow",
    r"\mathbf", r"\hat", r"\begin{aligned}", r"\end{aligned}", r"\cdot", "d", "\0", "!", "%", "\n",
]  # fmt: skip


def well_formed(reading: Reading, length: int) -> None:
    for chain in reading.chains:
        missing = 0 if chain.continues else 1
        assert len(chain.sides) == len(chain.relations) + missing or not chain.sides
        for side in chain.sides:
            assert 0 <= side.span.start <= side.span.end <= length


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(deadline=None, max_examples=100)
def test_anything_gives_a_reading_and_never_a_traceback(pieces: list[str]) -> None:
    latex = " ".join(pieces)
    names = DeclaredNames(frozenset({"h^a"}), frozenset({"a"}))
    well_formed(read_display(latex, names), len(latex))


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_text_gives_a_reading(latex: str) -> None:
    well_formed(read_display(latex), len(latex))


@given(st.lists(st.sampled_from(["x", "2", r"\frac{a}{b}", r"\sigma(x)", "x_i^2"]), min_size=1))
@settings(deadline=None, max_examples=50)
def test_blanks_and_sizes_change_nothing(terms: list[str]) -> None:
    plain = read_display(" + ".join(terms))
    spaced = read_display(r" \; + \, ".join(rf"\displaystyle {term} \!" for term in terms))
    assert plain.chains[0].sides == spaced.chains[0].sides
