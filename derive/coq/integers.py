"""Statements about integers: each relation over the reals is one over Z, and ``lia`` decides.

A statement such as ``(64 - k)/s + 1 = 6 implies ...`` is printed over the reals, with ``IZR k`` for
an integer k.  Times its divisors, which are positive, and with floors bounded, each relation is
equivalent to one between polynomials over Z; that equivalence is proved, relation by relation.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import lcm

from derive.coq import polynomials
from derive.coq.identifiers import Identifiers
from derive.coq.polynomials import Poly, atom, constant
from derive.coq.printing import NotExportableError, Printer
from derive.terms.obligation import Statement
from derive.terms.structure import element_names, parts, subterms
from derive.terms.term import (
    Add,
    And,
    Apply,
    Compare,
    Element,
    Mul,
    Node,
    Not,
    Number,
    Operator,
    Or,
    Pow,
    Proposition,
    Term,
)

_RELATIONS: Mapping[Operator, str] = {
    "=": "{} = {}",
    "!=": "{} <> {}",
    "<": "{} < {}",
    "<=": "{} <= {}",
    ">": "{} > {}",
    ">=": "{} >= {}",
}
_LEMMAS: Mapping[Operator, str] = {
    "=": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}
#: What each word says of an integer, the strongest first; the others follow from it.
_SIGNS: Mapping[str, str] = {
    "positive": "(0 < {})%Z",
    "nonnegative": "(0 <= {})%Z",
    "nonzero": "({} <> 0)%Z",
}


def integer_theorem(statement: Statement) -> tuple[str, list[str]]:
    """The text of the theorem and the lines of its proof.

    Raises NotExportableError for what is neither an integer, nor a division by positive ones, nor
    the floor of such.
    """
    return _Theorem(statement).written()


class _Theorem:
    def __init__(self, statement: Statement) -> None:
        if statement.declarations.hypotheses:
            raise NotExportableError("a hypothesis about integers")
        self.proposition = statement.proposition
        self.printer = Printer(Identifiers())
        self.names = sorted(element_names(self.proposition))
        self.positive: set[str] = set()
        self.premises: list[str] = []
        for name in self.names:
            variable = statement.declarations.variables.get(name)
            if variable is None or variable.shape or "integer" not in variable.conditions:
                raise NotExportableError(f"{name}, which is no integer")
            letter = self.letter(name)
            strongest = next((word for word in _SIGNS if word in variable.conditions), None)
            if strongest is not None:
                self.premises.append(_SIGNS[strongest].format(letter))
            if strongest == "positive":
                self.positive.add(name)
            self.printer.replaced[name] = f"(IZR {letter})"

    def letter(self, name: str) -> str:
        return self.printer.identifiers.of("variable", name)

    def written(self) -> tuple[str, list[str]]:
        letters = [self.letter(name) for name in self.names]
        lines = [f"forall {' '.join(letters)} : Z,"] if letters else []
        lines += [f"{premise} ->" for premise in self.premises]
        lines.append(self.printer.proposition(self.proposition))
        given = [f"H{number}" for number in range(len(self.premises))]
        script = [f"intros {' '.join((*letters, *given))}."] if letters else []
        script += [
            f"assert (0 < IZR {self.letter(name)}) as P{number} by (apply IZR_lt; lia)."
            for number, name in enumerate(self.names)
            if name in self.positive
        ]
        relations = tuple(dict.fromkeys(_relations(self.proposition)))
        for number, relation in enumerate(relations):
            script += self._equivalence(f"Q{number}", relation)
        script += [f"rewrite ?Q{number}." for number in range(len(relations))]
        script.append(f"first [ integer_claim ltac:({self._value_cases(relations)}) | lia ].")
        return "\n  ".join(lines), script

    def _value_cases(self, relations: tuple[Compare, ...]) -> str:
        """The tactic for the values that one variable is compared with, one by one.

        Left to itself, lia tries all combinations.
        """
        values: dict[str, dict[int, None]] = {}
        for relation in relations:
            match relation:
                case Compare("=", Element(name), Number(value)) if value.denominator == 1:
                    values.setdefault(name, {})[int(value)] = None
        if not values:
            return "integer_pick"
        below = {
            node.base.name
            for relation in relations
            for side in (relation.left, relation.right)
            for node in subterms(side)
            if isinstance(node, Pow) and isinstance(node.base, Element)
        }
        name = min(values, key=lambda name: (name not in below, name))
        letter = self.letter(name)
        cases = "; ".join(
            f"destruct (Z.eq_dec {letter} ({value})) as [? | ?]; [subst {letter}; integer_pick |]"
            for value in sorted(values[name])
        )
        return f"{cases}; exfalso; lia"

    def _equivalence(self, name: str, relation: Compare) -> list[str]:
        real = self.printer.proposition(relation)
        difference = polynomials.add(
            self._poly(relation.left),
            polynomials.multiply(constant(-1), self._poly(relation.right)),
        )
        floors = [m for m in difference if any(isinstance(b, Apply) for b, _ in m)]
        lemma = _LEMMAS[relation.operator]
        if not floors:
            over, whole = self._cleared(difference)
            integer = _RELATIONS[relation.operator].format(whole, "0")
            return [
                f"assert ({name} : ({real}) <-> ({integer})%Z).",
                f"{{ apply (integer_{lemma} _ _ (IZR ({over})) ({whole})); push_IZR; "
                "[solve_pos | field; solve_side]. }",
            ]
        rest = {m: c for m, c in difference.items() if m not in floors}
        if (
            relation.operator not in ("=", "!=")
            or len(floors) > 1
            or difference[floors[0]] != 1
            or len(floors[0]) != 1
            or set(rest) - {()}
            or rest.get((), Fraction(0)).denominator != 1
        ):
            raise NotExportableError("a relation with a floor of this form")
        ((floor, _),) = floors[0]
        assert isinstance(floor, Apply)
        value = -int(rest.get((), Fraction(0)))
        over, whole = self._cleared(self._poly(floor.arguments[0]))
        integer = f"(({value}) * ({over}) <= {whole} < (({value}) + 1) * ({over}))"
        if relation.operator == "!=":
            integer = f"~ {integer}"
        return [
            f"assert ({name} : ({real}) <-> ({integer})%Z).",
            f"{{ apply (floor_{lemma} _ _ {self.printer.term(floor.arguments[0], 9)} ({value}) "
            f"({over}) ({whole})); push_IZR; [lia | field; solve_side | ring]. }}",
        ]

    def _poly(self, term: Term) -> Poly:
        match term:
            case Number(value):
                return constant(value)
            case Element():
                return atom(term)
            case Add(terms):
                total: Poly = {}
                for part in terms:
                    total = polynomials.add(total, self._poly(part))
                return total
            case Mul(factors):
                product = constant(1)
                for factor in factors:
                    product = polynomials.multiply(product, self._poly(factor))
                return product
            case Pow(base, Number(value)) if value >= 0 and value.denominator == 1:
                return polynomials.power(self._poly(base), int(value))
            case Pow(Number(base), Number(value)) if value == -1 and base > 0:
                return constant(1 / base)
            case Pow(Element(name) as base, Number(value)) if name in self.positive:
                return atom(base, int(value))
            case Apply("floor", _):
                return atom(term)
        raise NotExportableError("a term about integers of this form")

    def _cleared(self, value: Poly) -> tuple[str, str]:
        """A positive integer, and the polynomial times it with integer coefficients, over Z."""
        number = lcm(*(c.denominator for c in value.values())) if value else 1
        lowest: dict[Term, int] = {}
        for monomial in value:
            for base, exponent in monomial:
                if exponent < 0:
                    lowest[base] = min(lowest.get(base, 0), exponent)
        over = {polynomials.sorted_monomial((b, -e) for b, e in lowest.items()): Fraction(number)}
        return self._integer_text(over), self._integer_text(polynomials.multiply(value, over))

    def _integer_text(self, value: Poly) -> str:
        texts = []
        for monomial, coefficient in polynomials.sorted_terms(value):
            factors = [f"({int(coefficient)})"]
            for base, exponent in monomial:
                assert isinstance(base, Element)
                factors += [self.letter(base.name)] * exponent
            texts.append(" * ".join(factors))
        return " + ".join(texts) or "0"


def _relations(node: Node) -> Iterator[Compare]:
    match node:
        case Compare():
            yield node
        case And() | Or() | Not():
            for part in parts(node):
                yield from _relations(part)
        case Proposition():
            raise NotExportableError("a statement about integers of this form")
