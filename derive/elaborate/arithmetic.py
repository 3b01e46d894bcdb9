"""Groups, sums and products as written, fractions, roots, factorials, binomials of numbers."""

from dataclasses import replace
from fractions import Fraction as Rational
from math import comb, factorial
from typing import TYPE_CHECKING

from derive.elaborate import value as values
from derive.elaborate.conditions import proposition
from derive.elaborate.problems import IllTypedError, MalformedError, NotCoveredError
from derive.elaborate.value import Value
from derive.elaborate.words import construct_words
from derive.reader import surface
from derive.reader.problems import Span
from derive.terms.term import MINUS_ONE, TWO, Indicator, Number, Pow, Term, apply, div, number

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator

_PRODUCTS = frozenset({"", "\\cdot", "\\times", "*", "\\odot", "\\circ", "\\otimes", "\\,"})

#: Factorials and binomials of larger numbers are not computed.
MOST_FACTORIAL = 1_000

_BRACKETS = frozenset({("(", ")"), ("[", "]"), ("{", "}"), (".", "."), ("\\{", "\\}")})


def group_value(elaborator: "Elaborator", node: surface.Group) -> Value:
    """Brackets, absolute value, Euclidean norm, floor, ceiling, a relation in Iverson brackets."""
    if (node.open, node.close) == ("\\langle", "\\rangle"):
        return _inner_product(elaborator, node)
    if isinstance(node.body, surface.Sequence):
        raise NotCoveredError("a list in brackets is read but not judged", node.span)
    if (node.open, node.close) == ("[", "]") and isinstance(node.body, surface.Relation):
        return Value(Indicator(proposition(elaborator, node.body)))
    if (node.open, node.close) in _BRACKETS:
        return elaborator.value(node.body)
    if node.open == node.close == "|":
        inner = elaborator.value(node.body)
        if inner.axes:
            raise NotCoveredError(
                f"| ... | around a {inner.shape_words} is read but not judged", node.span
            )
        return values.mapped(inner, lambda t: apply("abs", t))
    if node.open == node.close == "\\|":
        inner = elaborator.value(node.body)
        if len(inner.axes) > 1:
            raise NotCoveredError("the spectral norm of a matrix is not judged", node.span)
        return Value(Pow(values.squared_norm(inner), Pow(TWO, MINUS_ONE)))
    if (node.open, node.close) == ("\\lfloor", "\\rfloor"):
        return values.mapped(elaborator.value(node.body), lambda t: apply("floor", t))
    if (node.open, node.close) == ("\\lceil", "\\rceil"):
        return values.mapped(elaborator.value(node.body), lambda t: apply("ceiling", t))
    raise NotCoveredError(f"{node.open} ... {node.close} is read but not judged", node.span)


def _inner_product(elaborator: "Elaborator", node: surface.Group) -> Value:
    r"""``\langle x, y \rangle`` of two vectors."""
    items = node.body.items if isinstance(node.body, surface.Sequence) else ()
    if len(items) != 2:
        raise NotCoveredError("angle brackets around one thing are not judged", node.span)
    left, right = (elaborator.value(item) for item in items)
    if len(left.axes) != 1 or len(right.axes) != 1:
        raise NotCoveredError(
            f"the inner product of a {left.shape_words} and a {right.shape_words} is not judged",
            node.span,
        )
    return values.multiply(replace(left, row=True), replace(right, row=False), "", node.span)


def addition_value(elaborator: "Elaborator", node: surface.Addition) -> Value:
    """Terms with signs; a scalar beside arrays is added to every entry, with a warning."""
    result: Value | None = None
    for sign, term in zip(node.signs, node.terms, strict=True):
        if sign not in ("", "+", "-"):
            raise NotCoveredError(f"the sign {sign} is read but not judged", node.span)
        value = elaborator.value(term)
        if result is None:
            result = values.negated(value) if sign == "-" else value
            continue
        if bool(result.axes) != bool(value.axes):
            elaborator.warn("a scalar is added to every component", term.span)
        result = values.add_values(result, value, sign, node.span)
    assert result is not None
    return result


def juxtaposition_value(elaborator: "Elaborator", node: surface.Juxtaposition) -> Value:
    """Products and quotients from left to right; an application is never guessed."""
    _no_guessed_application(elaborator, node)
    result = elaborator.value(node.items[0])
    for operator, item in zip(node.operators, node.items[1:], strict=True):
        value = elaborator.value(item)
        span = Span(node.items[0].span.start, item.span.end)
        if operator == "/":
            if value.axes:
                raise IllTypedError(
                    f"a division by a {value.shape_words}", span, value.shape_words, "scalar"
                )
            result = values.multiply(result, Value(Pow(value.term, MINUS_ONE)), "", span)
        elif operator == "*" and result.axes and value.axes:
            raise MalformedError(
                "* between arrays may be the matrix product or the product entry by entry: "
                "write A B or A \\odot B",
                span,
            )
        elif operator in _PRODUCTS:
            result = values.multiply(result, value, operator, span)
        else:
            raise NotCoveredError(f"the operator {operator} is not judged", span)
    return result


def _no_guessed_application(elaborator: "Elaborator", node: surface.Juxtaposition) -> None:
    for operator, item, following in zip(node.operators, node.items, node.items[1:], strict=False):
        bracket = isinstance(following, surface.Group) and following.open in ("(", "[")
        if operator or not bracket:
            continue
        named = item.base if isinstance(item, surface.Script) else item
        if not isinstance(named, surface.Name) or elaborator.has_meaning(named.spelling):
            continue
        name = named.spelling
        indexed = isinstance(item, surface.Script) and item.subscript is not None
        if name in ("e", "\\pi") or (name == "\\delta" and indexed):
            continue
        if name.startswith("\\mathbb") or name in _OPERATORS:
            raise NotCoveredError(f"{name} is read but not judged", item.span)
        if name in elaborator.scope.broken:
            raise MalformedError(elaborator.scope.broken[name], item.span)
        raise MalformedError(
            f"{name}(...) may be an application or a product: declare {name} : R -> R, "
            f"or {name} : R; declared here: {elaborator.scope.declared_words()}",
            item.span,
        )


#: Operators on random variables and the like, by their usual names.
_OPERATORS = frozenset({"Var", "Cov", "Pr", "KL", "D_{KL}", "Im", "Re"})


def fraction_value(elaborator: "Elaborator", node: surface.Fraction) -> Value:
    """A numerator of any shape over a scalar."""
    below = elaborator.scalar(node.denominator)
    return values.mapped(elaborator.value(node.numerator), lambda t: div(t, below))


def root_value(elaborator: "Elaborator", node: surface.Root) -> Value:
    """A root of a scalar."""
    radicand = elaborator.scalar(node.radicand)
    degree = TWO if node.degree is None else elaborator.scalar(node.degree)
    return Value(Pow(radicand, Pow(degree, MINUS_ONE)))


def factorial_value(elaborator: "Elaborator", node: surface.Factorial) -> Value:
    """The factorial of a written number."""
    count = _whole(elaborator, node.operand, "the factorial")
    return Value(number(factorial(count)))


def binomial_value(elaborator: "Elaborator", node: surface.Binomial) -> Value:
    """The binomial coefficient of two written numbers."""
    upper = _whole(elaborator, node.upper, "a binomial coefficient")
    lower = _whole(elaborator, node.lower, "a binomial coefficient")
    return Value(number(comb(upper, lower)))


def _whole(elaborator: "Elaborator", node: surface.Node, words: str) -> int:
    term: Term = elaborator.scalar(node)
    if not isinstance(term, Number):
        raise NotCoveredError(f"{words} of {construct_words(node)} is not judged", node.span)
    if term.value < 0 or term.value != Rational(int(term.value)) or term.value > MOST_FACTORIAL:
        raise NotCoveredError(f"{words} of {term.value} is not judged", node.span)
    return int(term.value)
