"""From propositions about integers to formulas over polynomials, without loss.

Every step is an equivalence in the logic of partial terms (see ``evaluate``):

- a quotient is kept as numerator over denominator; a relation between quotients becomes one
  between polynomials where the denominator is positive, the reversed one where it is negative,
  and is false where it is zero;
- ``floor(N/D)`` is an integer ``q`` with ``q D <= N < (q + 1) D`` for D > 0;
- ``divisor_count(t)`` is an integer from 1 to ``t``, for a positive integer ``t``; which one, only
  the evaluation at a point says;
- indicators and definitions by cases are split over their condition.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, gcd
from typing import cast

from derive.integers.formula import (
    FALSE,
    Formula,
    Relation,
    as_proposition,
    every,
    literal,
    polynomial_term,
    some,
)
from derive.integers.interval import Range, polynomial_range
from derive.integers.polynomial import (
    Polynomial,
    combine,
    constant,
    constant_value,
    content,
    generator,
    multiply,
    power,
)
from derive.terms.functions import FUNCTIONS, unfold_function
from derive.terms.plain import proposition_text, term_text
from derive.terms.structure import map_parts, subterms
from derive.terms.term import (
    NEGATED,
    ONE,
    ZERO,
    Add,
    And,
    Apply,
    Compare,
    Dimension,
    Element,
    Indicator,
    Mul,
    Node,
    Not,
    Number,
    Operator,
    Or,
    Pow,
    Proposition,
    Term,
    Undefined,
    Where,
    apply,
)

#: A relation with more definitions by cases than this is not split.
MOST_CASES = 8

REVERSED: dict[Operator, Operator] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


class OutOfLanguageError(ValueError):
    """The statement is not (or not visibly) one about integers."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """``numerator / denominator``; a constant denominator is positive."""

    numerator: Polynomial
    denominator: Polynomial


@dataclass(slots=True)
class _Needs:
    """What a relation needs to be defined (each with its negation), and the laws that then hold."""

    defined: list[tuple[Formula, Formula]] = field(default_factory=list)
    laws: list[Formula] = field(default_factory=list)

    @property
    def conditions(self) -> tuple[Proposition, ...]:
        """What must hold, as propositions."""
        return tuple(as_proposition(yes) for yes, _ in self.defined)


def unfold_functions(node: Node) -> Node:
    """Replace functions that are defined by others (abs, max, ceiling, ...) by their meaning."""

    def descend(current: Node, _binders: int) -> Node:
        if isinstance(current, Apply) and current.function in FUNCTIONS:
            meaning = unfold_function(current.function, current.arguments)
            if meaning is not None:
                return descend(meaning, 0)
        return map_parts(current, descend, lambda index: index)

    return descend(node, 0)


class Translation:
    """Translates propositions; hands out one generator for each integer that occurs.

    ``generators[g]`` is the term that generator ``g`` stands for: first the variables, then
    floors and divisor counts as they turn up.  ``ranges[g]`` is where its value is known to lie.
    """

    def __init__(self, variables: Sequence[tuple[Term, Range]]) -> None:
        self.generators: list[Term] = [term for term, _ in variables]
        self.ranges: list[Range] = [known for _, known in variables]
        self._place: dict[object, int] = {term: g for g, (term, _) in enumerate(variables)}

    def formula(self, proposition: Proposition, holds: bool = True) -> Formula:
        """What it means that the proposition holds, or that it does not.

        Raises OutOfLanguageError for what is no statement about the declared integers, and
        TooLargeError for one that outgrows the limits.
        """
        return self._formula(cast(Proposition, unfold_functions(proposition)), holds)

    def normal_form(self, term: Term) -> Term | None:
        """The polynomial that the term is everywhere, as a term; None if it is not one."""
        needs = _Needs()
        unfolded = unfold_functions(term)
        if any(isinstance(part, Indicator | Where) for part in subterms(unfolded)):
            return None
        quotient = self._quotient(cast(Term, unfolded), needs)
        divisor = constant_value(quotient.denominator)
        if needs.defined or needs.laws or divisor is None:
            return None
        return polynomial_term(quotient.numerator, self.generators, divisor)

    def _formula(self, proposition: Proposition, holds: bool) -> Formula:
        match proposition:
            case Not(inner):
                return self._formula(inner, not holds)
            case And(parts) | Or(parts):
                join = every if isinstance(proposition, And) is holds else some
                return join(*(self._formula(part, holds) for part in parts))
            case Compare():
                split = _split_first_case(proposition)
                if split is not None:
                    return self._formula(split, holds)
                return self._relation(proposition, holds)
        raise OutOfLanguageError(
            f"{proposition_text(proposition)} is not a relation between integers"
        )

    def _relation(self, atom: Compare, holds: bool) -> Formula:
        needs = _Needs()
        left, right = self._quotient(atom.left, needs), self._quotient(atom.right, needs)
        difference = _sum([left, _scaled(right, -1)])
        operator = atom.operator if holds else NEGATED[atom.operator]
        source = Compare(operator, atom.left, atom.right)
        core = self._signed(operator, difference, source, needs.conditions)
        if holds:
            return every(*(yes for yes, _ in needs.defined), *needs.laws, core)
        failures = [
            every(*(yes for yes, _ in needs.defined[:place]), no)
            for place, (_, no) in enumerate(needs.defined)
        ]
        return some(*failures, every(*(yes for yes, _ in needs.defined), *needs.laws, core))

    def _signed(
        self,
        operator: Operator,
        difference: Quotient,
        source: Proposition,
        defined: tuple[Proposition, ...],
    ) -> Formula:
        """``difference operator 0``, where the denominator is not 0."""
        above, below = difference.numerator, difference.denominator
        fixed = constant_value(below)
        rule = "collect terms" if fixed is not None else "clear denominators"

        def core(sign: Operator, conditions: tuple[Proposition, ...]) -> Formula:
            relation, polynomial = _against_zero(sign, above)
            needed = tuple(dict.fromkeys((*conditions, *defined)))
            return literal(polynomial, relation, self.generators, source, rule, needed)

        if fixed is not None:
            return core(operator, ())
        if operator in ("=", "!="):
            return core(operator, (self._compare("!=", below),))
        return self._by_sign(
            below,
            lambda *condition: core(operator, condition),
            lambda *condition: core(REVERSED[operator], condition),
        )

    def _by_sign(
        self,
        polynomial: Polynomial,
        positive: Callable[..., Formula],
        negative: Callable[..., Formula],
    ) -> Formula:
        """One formula where the polynomial is positive, another where it is negative.

        Each is made under that condition, or under none for a constant.
        """
        value = constant_value(polynomial)
        if value is not None:
            return positive() if value > 0 else negative() if value < 0 else FALSE
        low, high = polynomial_range(polynomial.items(), self.ranges)
        above, below = self._compare(">", polynomial), self._compare("<", polynomial)
        if low is not None and low > 0:
            return positive(above)
        if high is not None and high < 0:
            return negative(below)
        is_positive = self._literal(polynomial, ">", above)
        is_negative = self._literal(polynomial, "<", below)
        return some(every(is_positive, positive(above)), every(is_negative, negative(below)))

    def _literal(self, polynomial: Polynomial, operator: Operator, source: Compare) -> Formula:
        relation, normal = _against_zero(operator, polynomial)
        return literal(normal, relation, self.generators, source, "collect terms")

    def _law(self, polynomial: Polynomial, rule: str, *conditions: Proposition) -> Formula:
        return literal(polynomial, "<=", self.generators, None, rule, conditions)

    def _compare(self, operator: Operator, polynomial: Polynomial) -> Compare:
        return Compare(operator, polynomial_term(polynomial, self.generators), ZERO)

    def _quotient(self, term: Term, needs: _Needs) -> Quotient:
        match term:
            case Number(value):
                return Quotient(constant(value.numerator), constant(value.denominator))
            case Dimension(dim) if isinstance(dim, int):
                return Quotient(constant(dim), constant(1))
            case Element() | Dimension():
                if term not in self._place:
                    raise OutOfLanguageError(f"{term_text(term)} is not declared an integer")
                return Quotient(generator(self._place[term]), constant(1))
            case Add(terms):
                return _sum([self._quotient(part, needs) for part in terms])
            case Mul(factors):
                result = Quotient(constant(1), constant(1))
                for factor in factors:
                    part = self._quotient(factor, needs)
                    result = _reduced(
                        multiply(result.numerator, part.numerator),
                        multiply(result.denominator, part.denominator),
                    )
                return result
            case Pow(base, Number(exponent)) if exponent.denominator == 1:
                return self._power(self._quotient(base, needs), int(exponent), needs)
            case Apply("floor", (argument,)):
                return self._floor(argument, needs)
            case Apply("divisor_count", (argument,)):
                return self._divisor_count(argument, needs)
            case Undefined():
                needs.defined.append((some(), every()))
                return Quotient(constant(0), constant(1))
        raise OutOfLanguageError(f"{term_text(term)} is beyond the arithmetic of integers")

    def _power(self, base: Quotient, exponent: int, needs: _Needs) -> Quotient:
        if exponent >= 0:
            return _reduced(power(base.numerator, exponent), power(base.denominator, exponent))
        self._require_nonzero(base.numerator, needs)
        below = power(base.numerator, -exponent)
        return _reduced(power(base.denominator, -exponent), below or constant(1))

    def _require_nonzero(self, polynomial: Polynomial, needs: _Needs) -> None:
        low, high = polynomial_range(polynomial.items(), self.ranges)
        if (low is not None and low > 0) or (high is not None and high < 0):
            return
        nonzero, zero = self._compare("!=", polynomial), self._compare("=", polynomial)
        pair = (self._literal(polynomial, "!=", nonzero), self._literal(polynomial, "=", zero))
        if pair not in needs.defined:
            needs.defined.append(pair)

    def _floor(self, argument: Term, needs: _Needs) -> Quotient:
        inside = self._quotient(argument, needs)
        above, below = inside.numerator, inside.denominator
        if constant_value(below) == 1:
            return inside
        value, divisor = constant_value(above), constant_value(below)
        if value is not None and divisor is not None:
            return Quotient(constant(floor(Fraction(value, divisor))), constant(1))
        place = self._generator("floor", argument, inside)
        least = generator(place)

        def law(sign: int, *condition: Proposition) -> Formula:
            top, bottom = combine([(sign, above)]), combine([(sign, below)])
            product = multiply(least, bottom)
            not_above = combine([(1, product), (-1, top)])
            next_above = combine([(1, top), (-1, product), (-1, bottom), (1, constant(1))])
            conditions = dict.fromkeys((*condition, *needs.conditions))
            return every(
                self._law(not_above, "floor", *conditions),
                self._law(next_above, "floor", *conditions),
            )

        needs.laws.append(self._by_sign(below, lambda *c: law(1, *c), lambda *c: law(-1, *c)))
        return Quotient(least, constant(1))

    def _divisor_count(self, argument: Term, needs: _Needs) -> Quotient:
        inside = self._quotient(argument, needs)
        positive = Compare(">=", argument, ONE)
        whole = Compare("=", argument, apply("floor", argument))
        admissible = [positive] if constant_value(inside.denominator) == 1 else [positive, whole]
        condition = And(tuple(admissible))
        pair = (self._formula(condition, True), self._formula(condition, False))
        if pair not in needs.defined:
            needs.defined.append(pair)
        place = self._generator("divisor_count", argument, inside)
        at_least_one = combine([(-1, generator(place)), (1, constant(1))])
        needs.laws.append(self._law(at_least_one, "divisor count", condition))
        if constant_value(inside.denominator) == 1:
            at_most = combine([(1, generator(place)), (-1, inside.numerator)])
            needs.laws.append(self._law(at_most, "divisor count", condition))
        return Quotient(generator(place), constant(1))

    def _generator(self, function: str, argument: Term, inside: Quotient) -> int:
        key = (
            function,
            frozenset(inside.numerator.items()),
            frozenset(inside.denominator.items()),
        )
        if key not in self._place:
            self._place[key] = len(self.generators)
            self.generators.append(apply(function, argument))
            self.ranges.append((None, None))
        return self._place[key]


def _against_zero(operator: Operator, polynomial: Polynomial) -> tuple[Relation, Polynomial]:
    """``polynomial operator 0`` for an integer value, by ``=``, ``!=`` and ``<=`` alone."""
    if operator == "=" or operator == "!=":
        return operator, polynomial
    sign = 1 if operator in ("<", "<=") else -1
    strict = 1 if operator in ("<", ">") else 0
    return "<=", combine([(sign, polynomial), (strict, constant(1))])


def _scaled(quotient: Quotient, factor: int) -> Quotient:
    return Quotient(combine([(factor, quotient.numerator)]), quotient.denominator)


def _sum(parts: list[Quotient]) -> Quotient:
    """The sum over the product of the different denominators."""
    denominators: list[Polynomial] = []
    for part in parts:
        if part.denominator not in denominators:
            denominators.append(part.denominator)
    if len(denominators) == 1:
        return _reduced(combine((1, part.numerator) for part in parts), denominators[0])
    above = combine(
        (1, _product([part.numerator, *(d for d in denominators if d != part.denominator)]))
        for part in parts
    )
    return _reduced(above, _product(denominators))


def _product(factors: Iterable[Polynomial]) -> Polynomial:
    result = constant(1)
    for factor in factors:
        result = multiply(result, factor)
    return result


def _reduced(above: Polynomial, below: Polynomial) -> Quotient:
    """Integer factors in common are cancelled; no polynomial ever is."""
    divisor = gcd(content(above), content(below)) or 1
    fixed = constant_value(below)
    if fixed is not None and fixed < 0:
        divisor = -divisor
    if divisor == 1:
        return Quotient(above, below)
    return Quotient(
        {m: c // divisor for m, c in above.items()}, {m: c // divisor for m, c in below.items()}
    )


def _split_first_case(atom: Compare) -> Proposition | None:
    """The relation by the condition of the first definition by cases in it, if there is one."""
    found: list[Indicator | Where] = []
    for node in subterms(atom):
        if isinstance(node, Indicator | Where) and node not in found:
            found.append(node)
    if not found:
        return None
    if len(found) > MOST_CASES:
        raise OutOfLanguageError(f"more than {MOST_CASES} definitions by cases in one relation")
    case = next(
        node
        for node in found
        if sum(isinstance(part, Indicator | Where) for part in subterms(node)) == 1
    )
    match case:
        case Where(condition, then, otherwise):
            pass
        case Indicator(condition):
            then, otherwise = ONE, ZERO
    return Or(
        (
            And((condition, _replace(atom, case, then))),
            And((Not(condition), _replace(atom, case, otherwise))),
        )
    )


def _replace(node: Proposition, old: Term, new: Term) -> Proposition:
    def descend(current: Node, _binders: int) -> Node:
        if current == old:
            return new
        return map_parts(current, descend, lambda index: index)

    return cast(Proposition, descend(node, 0))
