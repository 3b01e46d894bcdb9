"""Declarations as text to data, and the words for what is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.reader.chains import Chain
from derive.reader.declarations import (
    Condition,
    DimensionEntry,
    Entry,
    FunctionEntry,
    IndexEntry,
    LayoutEntry,
    Shape,
    TransposeEntry,
    ValueEntry,
    Word,
    declared_names,
    parse_declarations,
)


def shape(value: Shape) -> str:
    dimensions = ",".join(node.sexpr() for node in value.dimensions)
    return f"{value.field}[{dimensions}]" if dimensions else value.field


def condition(value: Condition) -> str:
    return value.word if isinstance(value, Word) else value.sexpr()


def shown(entry: Entry) -> str:
    match entry:
        case DimensionEntry(names=names, conditions=conditions):
            head = f"{' '.join(n.spelling for n in names)} dimension"
        case ValueEntry(names=names, shape=value, conditions=conditions):
            head = f"{' '.join(n.spelling for n in names)} {shape(value)}"
        case FunctionEntry(names=names, domain=domain, codomain=to, conditions=conditions):
            head = f"{' '.join(n.spelling for n in names)} {'*'.join(map(shape, domain))}->"
            head += shape(to)
        case IndexEntry(names=names, lower=lower, upper=upper):
            low = lower.sexpr() if lower else ""
            return f"{' '.join(n.spelling for n in names)} index {low}..{upper.sexpr()}"
        case LayoutEntry(layout=layout):
            return f"layout {layout}"
        case TransposeEntry():
            return "transpose"
    return " | ".join([head, *map(condition, conditions)])


ENTRIES = [
    ("n, m, d, d_h : dimension", ["n m d d_h dimension"]),
    ("n : dimension, n > 1", ["n dimension | n > 1"]),
    ("x : R^n", ["x R[n]"]),
    ("c : R, c > 0", ["c R | c > 0"]),
    ("p : R, 0 < p, p < 1", ["p R | 0 < p | p < 1"]),
    ("A : R^{n x n}, invertible, symmetric", ["A R[n,n] | invertible | symmetric"]),
    (r"A : \mathbb{R}^{n \times m}", ["A R[n,m]"]),
    ("A : R^{3x2}", ["A R[3,2]"]),
    ("K : R^{2n+1 x 3}", ["K R[(add (jux 2 n) + 1),3]"]),
    ("h^a, h^s : R^{d_h}", ["h^a h^s R[(script d _h)]"]),
    ("W^{(1)} : R^{d_h x d}", ["W^{(1)} R[(script d _h),d]"]),
    (r"\mathbf{x}_{in}, \hat y : R", [r"x_{in} \hat{y} R"]),
    ("k : Z, integer", ["k Z | integer"]),
    ("y : R^m, One-Hot, sums  to 1", ["y R[m] | one-hot", None]),
    (r"\sigma : R -> R", [r"\sigma R->R"]),
    (r"S : R^n \to R^n, elementwise", ["S R[n]->R[n] | elementwise"]),
    (r"f_\theta, softplus : R^n x R^m -> R", [r"f_\theta softplus R[n]*R[m]->R"]),
    ("i, j : index n", ["i j index ..n"]),
    ("k : index 0..9", ["k index 0..9"]),
    (r"i in 1..n", ["i index 1..n"]),
    ("layout : numerator", ["layout numerator"]),
    ("layout : denominator layout", ["layout denominator"]),
    ("' : transpose", ["transpose"]),
    ("x : R^n        b^{(1)} : R^{d_h}", ["x R[n]", "b^{(1)} R[(script d _h)]"]),
    ("x : R; y : R ;z : R", ["x R", "y R", "z R"]),
    ("x   :   R^n   y   :   R", ["x R[n]", "y R"]),
    ("x : R,   0 < x   y : R", ["x R | 0 < x", "y R"]),
    ("# words\nx : R  # more : words\n\n", ["x R"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "entries"), [row for row in ENTRIES if None not in row[1]])
def test_reads_as(text: str, entries: list[str]) -> None:
    found, problems = parse_declarations(text)
    assert problems == ()
    assert [shown(entry) for entry in found] == entries


FAILURES = [
    ("foo", "broken-declaration", '"foo" without a colon; expected names : type', (0, 3)),
    (
        "x : bla",
        "unknown-type",
        'the type "bla"; expected dimension, R, R^n, R^{n x m}, Z, N, index n, '
        "or a function R^n -> R",
        (4, 7),
    ),
    (
        "x :",
        "unknown-type",
        "a missing type; expected dimension, R, R^n, R^{n x m}, Z, N, index n, "
        "or a function R^n -> R",
        (3, 3),
    ),
    (
        "x + y : R",
        "broken-declaration",
        '"x + y", which is no name; expected a name such as x, \\sigma, h^a, W^{(1)}, \\hat{y}',
        (0, 5),
    ),
    (
        ": R",
        "broken-declaration",
        "a missing name; expected a name such as x, \\sigma, h^a, W^{(1)}, \\hat{y}",
        (0, 0),
    ),
    (
        "layout : sideways",
        "unknown-layout",
        'the layout "sideways"; expected numerator or denominator',
        (9, 17),
    ),
    (
        "i : index",
        "broken-declaration",
        "an index without a range; expected index n, or index 0..n",
        (0, 9),
    ),
    (
        "f : R -> R -> R",
        "broken-declaration",
        "more than one arrow; expected domain -> codomain",
        (4, 15),
    ),
    (
        "x : R^{n +}",
        "broken-declaration",
        '"n +", which can\'t be read; expected a name or a dimension',
        (7, 10),
    ),
    ("' : prime", "broken-declaration", '"prime"; expected \' : transpose', (4, 9)),
]


@pytest.mark.parametrize(("text", "kind", "message", "span"), FAILURES)
def test_says_what_is_wrong(text: str, kind: str, message: str, span: tuple[int, int]) -> None:
    entries, (problem,) = parse_declarations(text)
    assert entries == ()
    assert (problem.kind, problem.message, tuple(problem.span)) == (kind, message, span)


def test_an_unknown_condition_lists_the_known_ones() -> None:
    entries, (problem,) = parse_declarations("z : R\ny : R, funny")
    assert [shown(entry) for entry in entries] == ["z R"]
    assert problem.message.startswith(
        'the condition "funny"; expected a relation such as c > 0, or one of: invertible, symmetric'
    )
    assert tuple(problem.span) == (13, 18)


def test_spans_count_in_the_block() -> None:
    text = "\n  x : R^n\n  c : R,  c > 0\n"
    (first, second), _ = parse_declarations(text)
    assert isinstance(first, ValueEntry)
    assert isinstance(second, ValueEntry)
    dimension = first.shape.dimensions[0].span
    assert text[dimension.start : dimension.end] == "n"
    (relation,) = second.conditions
    assert isinstance(relation, Chain)
    assert text[relation.span.start : relation.span.end] == "c > 0"


def test_names_for_the_reader() -> None:
    text = r"x : R^n  \mathbf{x} : R  \mathbf{z} : R  \sigma : R -> R"
    names = declared_names(parse_declarations(text)[0])
    assert names.names == {"x", r"\mathbf{x}", "z"}
    assert names.functions == {r"\sigma"}


@given(st.text(alphabet="nx:R^{},;>- \n'_\\(1)#.", max_size=60))
@settings(deadline=None, max_examples=100)
def test_any_text_gives_entries_or_problems(text: str) -> None:
    _, problems = parse_declarations(text)
    assert all(0 <= p.span.start <= p.span.end <= len(text) for p in problems)
