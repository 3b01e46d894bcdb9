"""Both sides of an equation as polynomials over atoms, with the Coq proof of every step.

``Normaliser.poly`` brings a lowered term to a polynomial.  Each node that algebra alone does not
see through (a function, a sum, a delta) gives one equation, written as a Coq ``assert`` with its
proof; a term equals its polynomial by rewriting with the equations of its nodes, then ``field``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from derive.coq import polynomials
from derive.coq.function_rules import FUNCTION_RULES, opaque
from derive.coq.lowering import lowered
from derive.coq.polynomials import (
    Poly,
    atom,
    constant,
    factored,
    to_term,
)
from derive.coq.printing import NotExportableError, Printer
from derive.coq.sum_rule import sum_rule
from derive.terms.ordering import index_key, key
from derive.terms.structure import (
    Definition,
    free_indices,
    parts,
    substitute_indices,
    tree_size,
)
from derive.terms.term import (
    Add,
    Apply,
    Delta,
    Dim,
    Dimension,
    Element,
    Fixed,
    Free,
    Index,
    Mul,
    Number,
    Operator,
    Position,
    Pow,
    Sum,
    Term,
)

#: Largest size of a term that is brought to a polynomial.
MOST_NODES = 6000


@dataclass(frozen=True, slots=True)
class Equation:
    """``name : forall indices in their ranges, node = value``; without a name it is trivial."""

    value: Poly
    name: str = ""
    indices: tuple[Free, ...] = ()


@dataclass
class Normaliser:
    """Polynomials of terms, and the script that proves the equations behind them, in order.

    ``different`` are pairs of indices known to differ; ``signs`` maps primitive polynomials (as
    terms) to the relations to 0 that are assumed of them; ``denominators`` says by which number
    an exponent's unit is divided, so that all exponentials of it are integer powers of one;
    ``definitions`` are those that premises state, each with the name of its premise; sums over the
    ranges in ``written_out`` are written term by term.  ``symmetric`` has the premises that say so
    of matrices, ``roots`` the names of the equations ``r ^ q = u`` of the roots that occur.
    """

    printer: Printer
    different: frozenset[frozenset[Index]] = frozenset()
    signs: dict[Term, set[Operator]] = field(default_factory=dict)
    denominators: Mapping[Term, int] = field(default_factory=dict)
    written_out: frozenset[Dim] = frozenset()
    definitions: dict[str, tuple[str, Definition]] = field(default_factory=dict)
    symmetric: dict[str, str] = field(default_factory=dict)
    roots: dict[Term, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    open_deltas: set[tuple[Free, Free]] = field(default_factory=set)
    units: dict[Term, int] = field(default_factory=dict)
    open_signs: set[Term] = field(default_factory=set)
    _equations: dict[Term, Equation] = field(default_factory=dict)
    _locals: list[Free] = field(default_factory=list)
    _count: int = 0

    # ---- terms -------------------------------------------------------------------------------

    def poly(self, term: Term) -> Poly:
        """The polynomial of a lowered term; equations that it needs are added to the script."""
        match term:
            case Number(value):
                return constant(value)
            case Add((left, right)):
                return polynomials.add(self.poly(left), self.poly(right))
            case Mul((left, right)):
                return polynomials.multiply(self.poly(left), self.poly(right))
            case Pow(base, Number(value)):
                found = self.poly(base)
                if value >= 0:
                    return polynomials.power(found, int(value))
                if not found:
                    raise NotExportableError("a division by 0")
                scale, factors = factored(found)
                inverse = polynomials.sorted_monomial((b, -e) for b, e in factors)
                return {inverse: 1 / scale}
            case Position(Fixed(value)):
                return constant(value)
            case Dimension() | Position():
                return atom(term)
        if is_special(term):
            return self.equation(term).value
        raise NotExportableError(f"a proof about a term of the kind {type(term).__name__}")

    def equation(self, node: Term) -> Equation:
        """The equation of a node that needs one."""
        known = self._equations.get(node)
        if known is None:
            if tree_size(node) > MOST_NODES:
                raise NotExportableError("a term of this size")
            value, proof = self._rule(node)
            known = self._equations[node] = self._stated(node, value, proof)
        return known

    def state(self, node: Term, value: Poly, proof: list[str]) -> None:
        """Take an equation from outside: one that a hypothesis gives."""
        self._equations[node] = self._stated(node, value, proof)

    def _stated(self, node: Term, value: Poly, proof: list[str]) -> Equation:
        result = to_term(value)
        if result == node:
            return Equation(value)
        self._count += 1
        name = f"E{self._count}"
        indices = self.local(node)
        left, right = self.printer.term(node, 60), self.printer.term(result, 60)
        statement = self.printer.quantified(indices, f"{left} = {right}")
        self.lines.append(f"assert ({name} : {statement}).")
        self.lines += ["{ " + self.introduce(indices), *(f"  {line}" for line in proof), "}"]
        return Equation(value, name, indices)

    def rewrites(self, *terms: Term) -> str:
        """The tactics that replace the special nodes of terms by their values, largest first."""
        found: dict[Term, None] = {}
        for term in terms:
            for node in special_nodes(term):
                found[node] = None
        named = [(node, self._equations[node]) for node in found if node in self._equations]
        ordered = sorted(named, key=lambda item: (-tree_size(item[0]), key(item[0])))
        return " ".join(f"try rewrite {self._instance(e)}." for _, e in ordered if e.name)

    def _instance(self, equation: Equation) -> str:
        arguments = (f"{self.printer.index(i)} {self.range_name(i)}" for i in equation.indices)
        return f"({' '.join((equation.name, *arguments))})"

    def local(self, node: Term) -> tuple[Free, ...]:
        """The bound indices that are open at present and occur in a node."""
        used = free_indices(node)
        return tuple(index for index in self._locals if index in used)

    def is_local(self, index: Index) -> bool:
        """Whether the index is one of an open binder."""
        return index in self._locals

    @contextmanager
    def opened(self, indices: tuple[Free, ...]) -> Iterator[None]:
        """Indices that are open meanwhile, as those of a ``forall`` around an equation."""
        self._locals.extend(indices)
        try:
            yield
        finally:
            del self._locals[len(self._locals) - len(indices) :]

    @contextmanager
    def outside(self, index: Free) -> Iterator[None]:
        """The binder of an index is left meanwhile: nothing in the terms contains it."""
        kept, self._locals = self._locals, [i for i in self._locals if i != index]
        try:
            yield
        finally:
            self._locals = kept

    def equation_value(self, term: Term) -> Poly:
        """What a sum in normal form stands for: itself, unless a hypothesis says more."""
        known = self._equations.get(term)
        return known.value if known is not None else atom(term)

    def range_name(self, index: Free) -> str:
        """The name of the hypothesis that an index is in its range."""
        return f"B_{self.printer.index(index)}"

    def introduce(self, indices: tuple[Free, ...]) -> str:
        """The tactic that introduces indices with their ranges."""
        names = " ".join(f"{self.printer.index(i)} {self.range_name(i)}" for i in indices)
        return f"intros {names}." if names else ""

    def open(self, dim: int | str) -> Free:
        """The index of one more open binder: one name for each depth."""
        name = f"\0k{len(self._locals)}:{dim}"
        index = Free(name, dim)
        if self.printer.identifiers.given("index", name) is None:
            self.printer.identifiers.give("index", name, "k_")
        self._locals.append(index)
        return index

    def close(self) -> None:
        """Close the innermost open binder."""
        self._locals.pop()

    # ---- one rule for each kind of node --------------------------------------------------------

    def _rule(self, node: Term) -> tuple[Poly, list[str]]:
        match node:
            case Element(name, indices) if name in self.definitions:
                return self._meaning(*self.definitions[name], indices)
            case Element(name, (one, other)) if name in self.symmetric:
                first, second = sorted((one, other), key=index_key)
                turn = f"apply {self.symmetric[name]}; first [ assumption | lia ]."
                return atom(Element(name, (first, second))), [turn]
            case Element():
                return atom(node), []
            case Delta(left, right):
                return self._delta(left, right)
            case Sum(dim, body):
                return sum_rule(self, dim, body)
            case Apply(function, arguments):
                rule = FUNCTION_RULES.get(function)
                if rule is not None:
                    return rule(self, *arguments)
                return opaque(self, function, arguments)
        raise NotExportableError(f"a proof about a term of the kind {type(node).__name__}")

    def _meaning(
        self, premise: str, definition: Definition, indices: tuple[Index, ...]
    ) -> tuple[Poly, list[str]]:
        """A component of a defined name stands for what its definition says."""
        change: dict[Free, Index] = dict(zip(definition.indices, indices, strict=True))
        body = substitute_indices(lowered(definition.body), change)
        value = self.poly(body)
        places = "".join(f" {self.printer.index(index)}" for index in indices)
        found = f"rewrite ({premise}{places})"
        if indices:
            found += " by (first [ assumption | lia ])"
        return value, [
            f"{found}.",
            f"change ({self.printer.term(body, 60)} = {self.printer.term(to_term(value), 60)}).",
            self.by_algebra(body),
        ]

    def by_algebra(self, *terms: Term) -> str:
        """The tactics for an equation between terms and their polynomials."""
        return f"{self.rewrites(*terms)} solve_field.".strip()

    def by_algebra_with_roots(self, *terms: Term) -> str:
        """The same, where roots may have to be raised to their powers."""
        if not self.roots:
            return self.by_algebra(*terms)
        known = " ".join(self.roots.values())
        raised = f"field [{known}]; solve_side"
        return f"{self.rewrites(*terms)} first [ solve_field | ring [{known}] | {raised} ]."

    def state_root(self, root: Term, degree: int, radicand: Term, proof: list[str]) -> None:
        """State once that a root raised to its degree is its radicand."""
        if root in self.roots or self.local(root):
            return
        name = self.roots[root] = f"E{self._count + 1}"
        self._count += 1
        left, right = self.printer.term(root, 9), self.printer.term(radicand, 60)
        self.lines += [f"assert ({name} : {left} ^ {degree} = {right}).", *proof]

    def _delta(self, left: Index, right: Index) -> tuple[Poly, list[str]]:
        if left == right:
            return constant(1), ["apply delta_same."]
        if frozenset((left, right)) in self.different or (
            isinstance(left, Fixed) and isinstance(right, Fixed) and left.value != right.value
        ):
            return {}, ["apply delta_other; first [assumption | lia | congruence | auto]."]
        if (
            isinstance(left, Free)
            and isinstance(right, Free)
            and not self.is_local(left)
            and not self.is_local(right)
        ):
            self.open_deltas.add((left, right))
        first, second = sorted((left, right), key=index_key)
        return atom(Delta(first, second)), ["apply delta_sym."]

    def is_positive(self, term: Term) -> bool:
        """Whether a normal term is evidently > 0, so that ``solve_pos`` shows it."""
        match term:
            case Number(value):
                return value > 0
            case Dimension() | Position() | Apply("exp" | "pi"):
                return True
            case Mul(terms):
                return all(map(self.is_positive, terms)) or self.assumed(term, ">")
            case Add((left, right)):
                pairs = ((left, right), (right, left))
                some = any(self.is_positive(a) and self.is_nonnegative(b) for a, b in pairs)
                return some or self.assumed(term, ">")
            case Pow(base, _):
                return self.is_positive(base)
            case Sum(_, body):
                return self.is_positive(body) or self.assumed(term, ">")
        return self.assumed(term, ">")

    def is_nonnegative(self, term: Term) -> bool:
        """Whether a normal term is evidently >= 0: squares, and what is made of them."""
        match term:
            case Pow(_, Number(value)) if value == 2:
                return True
            case Mul(terms) | Add(terms):
                if all(map(self.is_nonnegative, terms)):
                    return True
            case Sum(_, body):
                if self.is_nonnegative(body):
                    return True
        return self.is_positive(term) or self.assumed(term, ">", ">=")

    def assumed(self, term: Term, *operators: Operator) -> bool:
        """Whether one of the relations to 0 is assumed of a normal term."""
        return bool(self.signs.get(term, set()) & set(operators))


def is_special(term: Term) -> bool:
    """Whether a node has an equation of its own."""
    return isinstance(term, Element | Delta | Sum | Apply)


def special_nodes(term: Term) -> Iterator[Term]:
    """The outermost special nodes of a term."""
    if is_special(term):
        yield term
        return
    for part in parts(term):
        if isinstance(part, Term):
            yield from special_nodes(part)
