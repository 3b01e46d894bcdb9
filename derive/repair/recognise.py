"""Names for failing steps: by what is written, by the repair that helped, or by trying a factor.

Only a step that is really wrong is ever given a name; a pattern alone proves nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.surface import Node
from derive.repair.edits import inner, terms
from derive.repair.fallacies import FALLACIES, Fallacy
from derive.repair.model import FAILING, Repair
from derive.repair.near_misses.functions import (
    exponent_of,
    function_of,
    is_logarithm,
    logarithm_in,
    subtracts_logarithms,
)
from derive.repair.screen import holds
from derive.repair.setting import bound_letter, bound_letters, index_names
from derive.terms.structure import element_names
from derive.terms.term import Mul, neg, number
from derive.verdict import Kind

if TYPE_CHECKING:
    from derive.check import Step

#: Whether the first side, rightly, was turned into the second one, wrongly.
Pattern = Callable[[Node, Node], bool]


def fallacy_of(step: "Step", repair: Repair | None = None) -> Fallacy | None:
    """The name of the mistake in a failing step; None if it is not wrong or has no name.

    What is written decides first, then the ``repair`` that was found for the step, then whether
    the sides differ by a sign or a small factor.
    """
    if step.verdict.kind not in FAILING:
        return None
    if not isinstance(step.left_node, Node) or not isinstance(step.right_node, Node):
        return None
    false = step.verdict.kind is Kind.REFUTED
    sides = (step.left_node, step.right_node)
    code = _written(_FALSE if false else _MEANINGLESS, *sides)
    if not code and repair is not None:
        code = repair.code
    if not code and false:
        code = _written(_FALSE_PERHAPS, *sides)
    code = code or _by_shapes(step) or _by_reason(step) or _by_factor(step)
    return FALLACIES.get(code)


def _written(patterns: tuple[tuple[str, Pattern], ...], left: Node, right: Node) -> str:
    for code, pattern in patterns:
        if pattern(left, right) or pattern(right, left):
            return code
    return ""


def _some(node: Node, kind: type[Node], test: Callable[[Node], bool]) -> bool:
    return any(isinstance(part, kind) and test(part) for part in surface.walk(node))


# ---- functions taken for linear ones ------------------------------------------------------------


def _is_quotient_of_logarithms(node: Node) -> bool:
    return (
        isinstance(node, surface.Fraction)
        and logarithm_in(inner(node.numerator))
        and logarithm_in(inner(node.denominator))
    )


def _has_quotient_of_logarithms(node: Node) -> bool:
    return _some(node, surface.Fraction, _is_quotient_of_logarithms)


def quotient_of_logarithms(good: Node, bad: Node) -> bool:
    """``ln a - ln b = ln a / ln b``."""
    return subtracts_logarithms(good) and _has_quotient_of_logarithms(bad)


def logarithm_of_a_quotient(good: Node, bad: Node) -> bool:
    """``ln(a/b) = ln a / ln b``."""
    return _has_quotient_of_logarithms(bad) and _some(
        good,
        surface.Apply,
        lambda part: (
            isinstance(part, surface.Apply)
            and is_logarithm(part)
            and isinstance(inner(part.argument), surface.Fraction)
        ),
    )


def _is_quotient_of_values(node: Node) -> bool:
    if not isinstance(node, surface.Fraction):
        return False
    above, below = inner(node.numerator), inner(node.denominator)
    name = function_of(above)
    return name is not None and name == function_of(below) and above != below


def cancelled_function(good: Node, bad: Node) -> bool:
    """``f(a)/f(b) = a/b``, or ``f(ab)/f(b) = f(a)``."""
    if not _some(good, surface.Fraction, _is_quotient_of_values):
        return False
    whole = inner(good)
    if isinstance(whole, surface.Fraction) and function_of(inner(whole.numerator)) == "exp":
        return isinstance(inner(bad), surface.Fraction) and not _some(
            bad, surface.Node, lambda part: exponent_of(part) is not None
        )
    return not _some(bad, surface.Fraction, _is_quotient_of_values) and not any(
        isinstance(part, surface.Addition) and logarithm_in(part.terms[0])
        for part in surface.walk(bad)
    )


def _is_sum(node: Node | None) -> bool:
    return (
        node is not None
        and isinstance(inner(node), surface.Addition)
        and len(terms(inner(node))) > 1
    )


def exponential_of_a_sum(good: Node, bad: Node) -> bool:
    """``exp(a + b) = exp a + exp b``."""
    return any(_is_sum(exponent_of(part)) for part in surface.walk(good)) and _some(
        bad,
        surface.Addition,
        lambda part: sum(exponent_of(term) is not None for term in terms(part)) > 1,
    )


def _is_squared(node: Node) -> bool:
    return (
        isinstance(node, surface.Script)
        and node.superscript is not None
        and spelling(node.superscript) == "2"
    )


def square_of_a_sum(good: Node, bad: Node) -> bool:
    """``(a + b)^2 = a^2 + b^2``."""
    sums = [
        set(terms(inner(part.base)))
        for part in surface.walk(good)
        if isinstance(part, surface.Script) and _is_squared(part) and _is_sum(part.base)
    ]
    return _some(
        bad,
        surface.Addition,
        lambda part: len(terms(part)) == 2 and set(map(_root_of_square, terms(part))) in sums,
    )


def _root_of_square(node: Node) -> Node:
    return inner(node.base) if isinstance(node, surface.Script) and _is_squared(node) else node


def root_of_a_sum(good: Node, bad: Node) -> bool:
    """``sqrt(a + b) = sqrt a + sqrt b``, ``sqrt(a^2 + b^2) = a + b``."""
    return isinstance(inner(bad), surface.Addition) and _some(
        good, surface.Root, lambda part: isinstance(part, surface.Root) and _is_sum(part.radicand)
    )


def logarithm_of_a_sum(good: Node, bad: Node) -> bool:
    """``ln(a + b) = ln a + ln b``."""
    return _some(
        good,
        surface.Apply,
        lambda part: (
            isinstance(part, surface.Apply) and is_logarithm(part) and _is_sum(part.argument)
        ),
    ) and _some(bad, surface.Addition, lambda part: sum(map(logarithm_in, terms(part))) > 1)


def reciprocal_of_a_sum(good: Node, bad: Node) -> bool:
    """``1/(a + b) = 1/a + 1/b``."""
    return _some(
        good,
        surface.Fraction,
        lambda part: isinstance(part, surface.Fraction) and _is_sum(part.denominator),
    ) and _some(
        bad,
        surface.Addition,
        lambda part: sum(isinstance(term, surface.Fraction) for term in terms(part)) > 1,
    )


def cancelled_summand(good: Node, bad: Node) -> bool:
    """``(a + b)/a = b``."""
    whole = inner(good)
    if not isinstance(whole, surface.Fraction) or not _is_sum(whole.numerator):
        return False
    below = inner(whole.denominator)
    summands = [term for term in terms(inner(whole.numerator)) if term != below]
    return len(summands) == len(terms(inner(whole.numerator))) - 1 and inner(bad) in summands


# ---- sums and derivatives ------------------------------------------------------------------------


def constant_in_a_sum(good: Node, bad: Node) -> bool:
    """``sum of c = c``."""
    whole = inner(good)
    if not isinstance(whole, surface.BigOperator) or whole.operator != "sum":
        return False
    return not _has_letter(whole.body, bound_letter(whole)) and inner(whole.body) == inner(bad)


def _has_letter(node: Node, letter: str | None) -> bool:
    return any(
        isinstance(part, surface.Name) and part.spelling == letter for part in surface.walk(node)
    )


def summand_without_index(good: Node, bad: Node) -> bool:
    """A sum over ``i`` of something with another index, without ``i``."""
    del bad
    return _some(
        good,
        surface.BigOperator,
        lambda part: (
            isinstance(part, surface.BigOperator)
            and not _has_letter(part.body, bound_letter(part))
            and any(True for _ in index_names(part.body))
        ),
    )


def missing_delta(good: Node, bad: Node) -> bool:
    """``d x_i / d x_k`` equal to something that forgets one of the two."""
    whole = inner(good)
    if not isinstance(whole, surface.Derivative) or len(whole.variables) != 1:
        return False
    if whole.operand is None or whole.applied:
        return False
    above = {name.spelling for name in index_names(whole.operand)}
    below = {name.spelling for name in index_names(whole.variables[0].variable)}
    present = {name.spelling for name in index_names(bad)} | set(bound_letters(bad))
    deltas = any(isinstance(part, surface.Indicator) for part in surface.walk(bad))
    free = above - below
    return bool(free and below and not free & present and not deltas)


def product_rule_with_one_term(good: Node, bad: Node) -> bool:
    """``(u v)' = u' v``."""
    whole = inner(good)
    if not isinstance(whole, surface.Derivative) or len(whole.variables) != 1:
        return False
    product = inner(whole.operand) if whole.operand is not None else None
    if not isinstance(product, surface.Juxtaposition) or any(product.operators):
        return False
    variable = whole.variables[0].variable
    moving = [item for item in product.items if any(p == variable for p in surface.walk(item))]
    return len(moving) > 1 and not any(
        isinstance(part, surface.Addition) for part in surface.walk(bad)
    )


def ones_for_the_identity(good: Node, bad: Node) -> bool:
    """A Jacobian equal to a vector of ones."""
    ones = isinstance(bad, surface.Name) and bad.spelling in ("\\mathbf{1}", "\\mathbb{1}")
    return ones and isinstance(inner(good), surface.Derivative)


def indicator_for_a_diagonal(good: Node, bad: Node) -> bool:
    """A Jacobian equal to one indicator."""
    named = isinstance(bad, surface.Script) and spelling(bad.base) in ("\\mathbf{I}", "I")
    return (isinstance(bad, surface.Indicator) or named) and isinstance(
        inner(good), surface.Derivative
    )


_FALSE: tuple[tuple[str, Pattern], ...] = (
    ("DRV101", quotient_of_logarithms),
    ("DRV102", logarithm_of_a_quotient),
    ("DRV104", exponential_of_a_sum),
    ("DRV105", square_of_a_sum),
    ("DRV106", root_of_a_sum),
    ("DRV107", logarithm_of_a_sum),
    ("DRV103", cancelled_function),
    ("DRV109", cancelled_summand),
    ("DRV108", reciprocal_of_a_sum),
    ("DRV205", constant_in_a_sum),
    ("DRV401", summand_without_index),
    ("DRV204", missing_delta),
)

#: Tried after the repair: what they look for is also there in other mistakes.
_FALSE_PERHAPS: tuple[tuple[str, Pattern], ...] = (("DRV202", product_rule_with_one_term),)

_MEANINGLESS: tuple[tuple[str, Pattern], ...] = (
    ("DRV305", ones_for_the_identity),
    ("DRV306", indicator_for_a_diagonal),
)


# ---- by what the judge said ----------------------------------------------------------------------


def _by_shapes(step: "Step") -> str:
    """Two shapes that are each other's transpose, or a matrix for a vector."""
    if step.verdict.shapes is None:
        return ""
    left, right = step.verdict.shapes
    first, second = left.split(" x "), right.split(" x ")
    if len(first) == 2 and first == second[::-1]:
        return "DRV301"
    if left != right and left.removeprefix("row ") == right.removeprefix("row "):
        return "DRV301"
    if len(first) == 2 and len(second) == 1 and _transpose_fits(first, right):
        return "DRV301"
    kinds = {len(first), len(second)}
    vector = left.startswith("vector") or right.startswith("vector")
    if kinds == {1, 2} and vector and first[-1].split()[-1] == second[-1].split()[-1]:
        return "DRV304"
    return ""


def _transpose_fits(matrix: list[str], vector: str) -> bool:
    """Whether a matrix times a vector has a meaning with one of them transposed."""
    dim = vector.split()[-1]
    if vector.startswith("row vector"):
        return matrix[1] == dim
    return vector.startswith("vector") and matrix[0] == dim != matrix[1]


def _by_reason(step: "Step") -> str:
    reason = step.verdict.reason
    if "never introduced" in reason or "may be an application or a product" in reason:
        return "DRV501"
    shadowed = any("shadows" in warning for warning in step.warnings)
    return "DRV402" if shadowed and step.verdict.kind is Kind.REFUTED else ""


def _by_factor(step: "Step") -> str:
    """A sign, or a small factor, by which the sides differ: proved, not guessed."""
    statement = step.statement
    if statement is None or statement.operator != "=" or not element_names(statement.left):
        return ""
    if holds(replace(statement, right=neg(statement.right))):
        return "DRV601"
    for factor in (number(2), number(3), number(4)):
        larger = Mul((factor, statement.right))
        if holds(replace(statement, right=larger)):
            return "DRV602"
        if holds(replace(statement, left=Mul((factor, statement.left)))):
            return "DRV602"
    return ""
