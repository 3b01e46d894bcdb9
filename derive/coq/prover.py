"""The proof of one case of a statement: facts, where it is defined, derivatives, an equation."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from derive.coq import polynomials
from derive.coq.differentiate import derivative
from derive.coq.lowering import lowered, without_cases
from derive.coq.normalise import Normaliser
from derive.coq.polynomials import monomial_term, sorted_monomial, to_term
from derive.coq.statement import (
    Condition,
    Premise,
    Quantity,
    Statement,
    defined_text,
    derivative_text,
    relation_text,
    varied_text,
)
from derive.terms.structure import (
    element_names,
    free_indices,
    map_parts,
    open_binder,
    parts,
    substitute_indices,
)
from derive.terms.term import (
    Apply,
    Bound,
    Compare,
    Dim,
    Element,
    Fixed,
    ForAll,
    Free,
    Index,
    Node,
    Not,
    Operator,
    Proposition,
    Sum,
    Term,
)

N = TypeVar("N", bound=Node)

#: Longer sums are not written term by term.
_MOST_SUMMANDS = 6

_FACTS: Mapping[Operator, tuple[str, str]] = {
    ">": ("fact_gt", "0 < {}"),
    "<": ("fact_lt", "{} < 0"),
    ">=": ("fact_ge", "0 <= {}"),
    "<=": ("fact_le", "{} <= 0"),
    "!=": ("fact_ne", "{} <> 0"),
}


@dataclass(frozen=True)
class Case:
    """What is assumed of indices: some stand for others, some pairs differ."""

    same: tuple[tuple[Free, Index], ...] = ()
    different: frozenset[frozenset[Index]] = frozenset()
    signs: tuple[tuple[str, Compare], ...] = ()

    def at(self, node: N) -> N:
        """The node with equal indices made one."""
        for index, other in self.same:
            node = substitute_indices(node, {index: other})
        return node

    def index(self, index: Index) -> Index:
        """The index that stands for another."""
        for old, new in self.same:
            index = new if index == old else index
        return index


class Prover:
    """One pass over one case; its lines are those of the normaliser."""

    def __init__(self, statement: Statement, case: Case, denominators: Mapping[Term, int]) -> None:
        self.statement = statement
        self.printer = statement.printer
        self.case = case
        self.normaliser = Normaliser(
            statement.printer,
            different=case.different,
            denominators=denominators,
            written_out=_ranges_written_out(statement),
        )
        self.facts = 0
        self.balanced = True

    def run(self) -> None:
        """Write the whole proof of this case."""
        for premise in self.statement.premises:
            self._learn(premise)
        for name, sign in self.case.signs:
            self._learn_fact(sign, name, ())
        names = [self._show_defined(c) for c in self.statement.defined]
        for quantity in self.statement.quantities:
            self._show_kinks(quantity)
        if names:
            together = names[-1]
            for name in reversed(names[:-1]):
                together = f"(conj {name} {together})"
            self._line(f"split; [exact {together} |].")
        self._goal()

    def _line(self, line: str) -> None:
        self.normaliser.lines.append(line)

    def _name(self, letter: str) -> str:
        self.facts += 1
        return f"{letter}{self.facts}"

    # ---- what is assumed -----------------------------------------------------------------------

    def _learn(self, premise: Premise) -> None:
        if premise.one_hot is not None:
            name, dim = premise.one_hot
            total = Sum(dim, Element(name, (Bound(0),)))
            proof = [f"apply (one_hot_sum _ _ c_{premise.name} B_{premise.name} {premise.name})."]
            self.normaliser.state(total, polynomials.constant(1), proof)
        if premise.defines is not None:
            self.normaliser.definitions[premise.defines.name] = (premise.name, premise.defines)
        if premise.symmetric:
            self.normaliser.symmetric[premise.symmetric] = premise.name
        if premise.proposition is not None:
            self._learn_fact(self.case.at(premise.proposition), premise.name, ())

    def _learn_fact(self, fact: Proposition, source: str, indices: tuple[Free, ...]) -> None:
        match fact:
            case Not(Compare(operator, left, right)) if operator == "=":
                self._learn_relation("!=", left, right, source, indices)
            case Compare(operator, left, right):
                self._learn_relation(operator, left, right, source, indices)
            case ForAll(dim, body):
                index = self.normaliser.open(dim)
                try:
                    letter, bound = self.printer.index(index), self.normaliser.range_name(index)
                    self._learn_fact(
                        open_binder(body, index), f"({source} {letter} {bound})", (*indices, index)
                    )
                finally:
                    self.normaliser.close()

    def _learn_relation(
        self, operator: Operator, left: Term, right: Term, source: str, indices: tuple[Free, ...]
    ) -> None:
        left, right = lowered(without_cases(left)), lowered(without_cases(right))
        nf = self.normaliser
        value = polynomials.add(nf.poly(left), _negated(nf.poly(right)))
        if not value:
            return
        if operator == "=":
            if not indices:
                self._learn_equation(value, left, right, source)
            return
        outer, core = self._split(value)
        known = to_term(core)
        name = self._name("G")
        lemma, shape = _FACTS[operator]
        text = shape.format(self.printer.term(known, 45))
        difference = f"{self.printer.term(left, 50)} - {self.printer.term(right, 49)}"
        scaled = f"{self.printer.term(outer, 39)} * {self.printer.term(known, 39)}"
        self._line(f"assert ({name} : {self.printer.quantified(indices, text)}).")
        self._line("{ " + nf.introduce(indices))
        self._line(
            f"  apply ({lemma} {self.printer.term(outer, 9)} {self.printer.term(left, 9)} "
            f"{self.printer.term(right, 9)}); [solve_pos | | exact {source}]."
        )
        self._line(f"  transitivity ({scaled}); [|reflexivity].")
        self._line(f"  change ({difference} = {scaled}). {nf.by_algebra(left, right)}")
        self._line("}")
        nf.signs.setdefault(known, set()).add(operator)
        if operator == ">":
            nf.signs[known].add("!=")

    def _split(self, value: polynomials.Poly) -> tuple[Term, polynomials.Poly]:
        """A positive factor, and what is left of the polynomial."""
        scale, common, rest = polynomials.content(value)
        positive = [(b, e) for b, e in common if self.normaliser.is_positive(b)]
        others = [(b, e) for b, e in common if not self.normaliser.is_positive(b)]
        core = polynomials.multiply({sorted_monomial(others): Fraction(1)}, rest)
        if scale < 0:
            core = _negated(core)
        return monomial_term(sorted_monomial(positive), abs(scale)), core

    def _learn_equation(
        self, value: polynomials.Poly, left: Term, right: Term, source: str
    ) -> None:
        """Solve for an atom that occurs once, and linearly: sums first."""
        found = _solved(value)
        if found is None:
            return
        base, rest, factor = found
        printed = self.printer.term(to_term(value), 60)
        subtraction = f"{self.printer.term(left, 50)} - {self.printer.term(right, 49)}"
        over = self.printer.term(factor, 39)
        proof = [
            f"assert ({printed} = 0) as Z0.",
            f"{{ transitivity ({subtraction}).",
            f"  {{ symmetry. {self.normaliser.by_algebra(left, right)} }}",
            f"  rewrite {source}; ring. }}",
            f"transitivity ({self.printer.term(base, 50)} - ({printed}) * {over}).",
            "{ rewrite Z0; ring. }",
            "solve_field.",
        ]
        self.normaliser.state(base, rest, proof)

    # ---- where it is defined -------------------------------------------------------------------

    def _show_defined(self, condition: Condition) -> str:
        relation = self.case.at(condition.relation)
        indices = condition.indices
        name = self._name("F")
        text = defined_text(self.printer, Condition(indices, relation))
        nf = self.normaliser
        # The indices of the condition are open while its terms are brought to normal form.
        with nf.opened(indices):
            rewriting = self._normal(relation.left, relation.right)
        self._line(f"assert ({name} : {text}).")
        self._line(f"{{ {nf.introduce(indices)} first [ solve_side | {rewriting} solve_side ]. }}")
        return name

    def _normal(self, *terms: Term) -> str:
        """Tactics for the inside of ``first``: bring each term to its normal form, or fail."""
        tactics = []
        for term in terms:
            result = to_term(self.normaliser.poly(term))
            if result == term:
                continue
            printed = f"{self.printer.term(term, 60)} = {self.printer.term(result, 60)}"
            proof = self.normaliser.by_algebra(term).rstrip(".").replace(". ", "; ")
            tactics.append(f"let Z := fresh in assert (Z : {printed}) by ({proof}); rewrite Z; ")
        return "".join(tactics)

    def _show_kinks(self, quantity: Quantity) -> None:
        """For each kink under a derivative: its argument is not 0, or does not vary."""
        body = lowered(self.case.at(quantity.body))
        variable = self.case.at(quantity.variable)
        found: dict[tuple[tuple[Free, ...], Term], None] = {}
        _collect_kinks(body, quantity.indices, variable, found)
        nf = self.normaliser
        for indices, argument in found:
            name = self._name("K")
            printer = self.printer
            at_point = printer.term(argument, 45)
            varied = varied_text(printer, argument, variable.name, variable.indices, "t")
            text = f"{at_point} <> 0 \\/ forall t : R, {varied} = {at_point}"
            moving = _moving(argument, variable)
            with nf.opened(indices):
                rewriting = self._normal(argument)
                same = self._normal(substitute_indices(argument, dict(moving)))
            nonzero = f"left; first [ solve_side | {rewriting} solve_side ]"
            equal = "".join(f"subst {printer.index(place)}; " for place, _ in moving)
            nonzero_there = f"{equal}left; first [ solve_side | {same} solve_side ]"
            self._line(f"assert ({name} : {printer.quantified(indices, text)}).")
            self._line("{ " + nf.introduce(indices))
            constant = "right; intros t; solve_constant"
            for number, (place, other) in enumerate(moving):
                a, b = printer.index(place), printer.index(other)
                self._line(
                    f"  destruct (Nat.eq_dec {a} {b}) as [I_{number} | I_{number}]; "
                    f"[| solve [{constant}]]."
                )
            self._line(f"  first [ {nonzero} | {nonzero_there} | {constant} ].")
            self._line("}")

    # ---- what is claimed -----------------------------------------------------------------------

    def _goal(self) -> None:
        statement, case = self.statement, self.case
        left, right = lowered(case.at(statement.left)), lowered(case.at(statement.right))
        values = {}
        for quantity in statement.quantities:
            body, variable = lowered(case.at(quantity.body)), case.at(quantity.variable)
            values[quantity.name] = (quantity.indices, derivative(body, variable))
        if statement.direct:
            (quantity,) = statement.quantities
            value = values[quantity.name][1]
            self._derivative(quantity, self.printer.term(value, 9), right)
            self._equation("=", value, right)
            return
        for quantity in statement.quantities:
            indices, value = values[quantity.name]
            binders = "".join(f"fun {self.printer.index(i)} : nat => " for i in indices)
            self._line(f"exists ({binders}{self.printer.term(value)}).")
        for quantity in statement.quantities:
            indices, value = values[quantity.name]
            self._line("split.")
            self._line("{ " + self.normaliser.introduce(indices))
            self._derivative(quantity, self.printer.term(value, 9), value)
            self._line("  reflexivity.")
            self._line("}")
        left, right = (_with_values(side, values) for side in (left, right))
        self._equation(statement.operator, left, right)

    def _derivative(self, quantity: Quantity, value: str, claimed: Term) -> None:
        """Reduce ``is_derive f a claimed`` to ``value = claimed``."""
        case = self.case
        body = lowered(case.at(quantity.body))
        varied = Quantity(quantity.name, (), body, case.at(quantity.variable))
        text = derivative_text(self.printer, varied, body, self.printer.term(claimed, 9))
        self._line(f"change ({text}).")
        self._line(f"apply (is_derive_value _ _ {value}).")
        self._line(
            "{ unfold Rdiv, Rminus. eapply is_derive_value; "
            "[solve_derive | solve_update; reflexivity]. }"
        )

    def _equation(self, operator: Operator, left: Term, right: Term) -> None:
        nf = self.normaliser
        one, other = nf.poly(left), nf.poly(right)
        self._line(f"change ({relation_text(self.printer, operator, left, right)}).")
        if operator == "=":
            self.balanced = one == other
            self._line(nf.by_algebra_with_roots(left, right))
            return
        first, second = (other, one) if operator in ("<", "<=") else (one, other)
        difference = to_term(polynomials.add(first, _negated(second)))
        lemma = {">": "gt", ">=": "ge", "<": "lt", "<=": "le", "!=": "ne"}[operator]
        self._line(f"apply (show_{lemma} _ _ {self.printer.term(difference, 9)}).")
        self._line(f"{{ {nf.by_algebra(left, right)} }}")
        self._line("first [ solve_nonzero | solve_sign ].")


def _ranges_written_out(statement: Statement) -> frozenset[Dim]:
    """The short ranges of which the statement names members: ``x_2`` of ``x_1, ..., x_3``."""
    terms = [statement.left, statement.right]
    terms += [term for q in statement.quantities for term in (q.body, q.variable)]
    found = {
        index.dim
        for term in terms
        for element in _elements(term)
        for index in element.indices
        if isinstance(index, Fixed)
    }
    return frozenset(d for d in found if isinstance(d, int) and d <= _MOST_SUMMANDS)


def _solved(value: polynomials.Poly) -> tuple[Term, polynomials.Poly, Term] | None:
    """``value = 0`` solved for an atom, and the factor that divides by what stands before it.

    What stands before it has a negative power in the answer, so Coq asks that it is not 0.
    """
    for wanted in (Sum, Element):
        for monomial, coefficient in polynomials.sorted_terms(value):
            for base, exponent in monomial:
                elsewhere = sum(base in dict(other) for other in value) > 1
                if exponent != 1 or not isinstance(base, wanted) or elsewhere:
                    continue
                before = sorted_monomial((b, -e) for b, e in monomial if b != base)
                factor: polynomials.Poly = {before: 1 / coefficient}
                rest = {m: c for m, c in value.items() if m != monomial}
                solved = _negated(polynomials.multiply(rest, factor))
                return base, solved, to_term(factor)
    return None


def _negated(value: polynomials.Poly) -> polynomials.Poly:
    return {monomial: -c for monomial, c in value.items()}


def _with_values(term: Term, values: Mapping[str, tuple[tuple[Free, ...], Term]]) -> Term:
    """The term with what each quantity stands for."""

    def descend(node: Node, _binders: int) -> Node:
        if isinstance(node, Element) and node.name in values:
            indices, value = values[node.name]
            return substitute_indices(value, dict(zip(indices, node.indices, strict=True)))
        return map_parts(node, descend, lambda index: index)

    return descend(term, 0)  # type: ignore[return-value]


def _collect_kinks(
    node: Term,
    bound: tuple[Free, ...],
    variable: Element,
    found: dict[tuple[tuple[Free, ...], Term], None],
) -> None:
    if variable.name not in element_names(node):
        return
    match node:
        case Apply("relu" | "abs" | "positive_indicator", (argument,)):
            spoken_of = (*free_indices(argument), *variable.indices)
            used = tuple(i for i in bound if i in spoken_of)
            found[used, argument] = None
    if isinstance(node, Sum):
        index = Free(f"\0d{len(bound)}:{node.dim}", node.dim)
        _collect_kinks(open_binder(node.body, index), (*bound, index), variable, found)
        return
    for part in parts(node):
        if isinstance(part, Term):
            _collect_kinks(part, bound, variable, found)


def _moving(argument: Term, variable: Element) -> list[tuple[Free, Index]]:
    """Indices of the argument and of the variable: where they differ, the argument is constant."""
    occurrences = [n for n in _elements(argument) if n.name == variable.name]
    found = []
    for place, other in enumerate(variable.indices):
        seen = {element.indices[place] for element in occurrences}
        (one, *more) = seen
        if not more and isinstance(one, Free) and one != other:
            found.append((one, other))
    return found


def _elements(term: Term) -> list[Element]:
    if isinstance(term, Element):
        return [term]
    return [e for part in parts(term) if isinstance(part, Term) for e in _elements(part)]
