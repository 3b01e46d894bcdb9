"""Both sides of an equation as polynomials over atoms, with the Coq proof of every step.

``Normaliser.poly`` brings a lowered term to a polynomial.  Each node that algebra alone does not
see through (a function, a sum, a delta) gives one equation, written as a Coq ``assert`` with its
proof; a term equals its polynomial by rewriting with the equations of its nodes, then ``field``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from derive.coq import polynomials
from derive.coq.polynomials import (
    Monomial,
    Poly,
    atom,
    constant,
    factored,
    monomial_term,
    sorted_monomial,
    sorted_terms,
    to_term,
)
from derive.coq.printing import FUNCTIONS, NotExportableError, Printer
from derive.terms.ordering import index_key, key
from derive.terms.structure import bind, free_indices, open_binder, parts, tree_size
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Bound,
    Compare,
    Delta,
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
    apply,
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
    an exponent's unit is divided, so that all exponentials of it are integer powers of one.
    """

    printer: Printer
    different: frozenset[frozenset[Index]] = frozenset()
    signs: dict[Term, set[Operator]] = field(default_factory=dict)
    denominators: Mapping[Term, int] = field(default_factory=dict)
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
            case Element():
                return atom(node), []
            case Delta(left, right):
                return self._delta(left, right)
            case Sum(dim, body):
                return self._sum(dim, body)
            case Apply(function, arguments):
                rule = _FUNCTION_RULES.get(function)
                if rule is not None:
                    return rule(self, *arguments)
                return self._opaque(function, arguments)
        raise NotExportableError(f"a proof about a term of the kind {type(node).__name__}")

    def _opaque(self, function: str, arguments: tuple[Term, ...]) -> tuple[Poly, list[str]]:
        values = tuple(to_term(self.poly(argument)) for argument in arguments)
        if not arguments:
            return atom(Apply(function, ())), []
        name = FUNCTIONS[function]
        suffix = "" if len(arguments) == 1 else str(len(arguments))
        proof = [f"apply (f_equal{suffix} {name})."]
        proof += [f"{{ {self.by_algebra(argument)} }}" for argument in arguments]
        return atom(Apply(function, values)), proof

    def by_algebra(self, *terms: Term) -> str:
        """The tactics for an equation between terms and their polynomials."""
        return f"{self.rewrites(*terms)} solve_field.".strip()

    def _delta(self, left: Index, right: Index) -> tuple[Poly, list[str]]:
        if left == right:
            return constant(1), ["apply delta_same."]
        if frozenset((left, right)) in self.different or (
            isinstance(left, Fixed) and isinstance(right, Fixed) and left.value != right.value
        ):
            return {}, ["apply delta_other; first [assumption | lia | congruence | auto]."]
        if isinstance(left, Free) and isinstance(right, Free):
            if left not in self._locals and right not in self._locals:
                self.open_deltas.add((left, right))
        first, second = sorted((left, right), key=index_key)
        return atom(Delta(first, second)), ["apply delta_sym."]

    # exp, log, roots

    def _exp(self, argument: Term) -> tuple[Poly, list[str]]:
        value = self.poly(argument)
        if not value:
            zero = f"{{ apply (f_equal exp). {self.by_algebra(argument)} }}"
            return constant(1), [f"transitivity (exp 0). {zero}", "apply exp_0."]
        summands: list[str] = []
        leaves: list[str] = []
        raised: list[str] = []
        last: list[str] = []
        result = constant(1)
        for monomial, coefficient in sorted_terms(value):
            unit = monomial_term(monomial)
            self.units[unit] = lcm(self.units.get(unit, 1), coefficient.denominator)
            scale = max(self.denominators.get(unit, 1), 1)
            scale = lcm(scale, coefficient.denominator)
            times = int(coefficient * scale)
            unit = monomial_term(monomial, Fraction(1, scale))
            text = self.printer.term(unit, 9)
            summands.append(f"{times} * {text}" if times > 0 else f"(-{-times}) * {text}")
            count = abs(times)
            exponential = f"exp {text} ^ {count}"
            raised.append(exponential if times > 0 else f"/ ({exponential})")
            lemma = "exp_multiple" if times > 0 else "exp_minus_multiple"
            leaves.append(f"exact ({lemma} {count} {text})")
            match unit:
                case Apply("log", (inner,)):
                    number, factors = factored(self.poly(inner))
                    raised_factors = sorted_monomial((b, e * times) for b, e in factors)
                    result = polynomials.multiply(result, {raised_factors: number**times})
                    last.append(f"rewrite (exp_ln {self.printer.term(inner, 9)}) by solve_pos.")
                case _:
                    result = polynomials.multiply(result, atom(apply("exp", unit), times))
        proof = [
            f"transitivity (exp ({right_nested(summands, '+')})).",
            f"{{ apply (f_equal exp). {self.by_algebra(argument)} }}",
            f"transitivity ({right_nested(raised, '*')}).",
            f"{{ {joined('exp_add', leaves)}. }}",
            *last,
            "solve_field.",
        ]
        return result, proof

    def _log(self, argument: Term) -> tuple[Poly, list[str]]:
        value = self.poly(argument)
        if not value:
            raise NotExportableError("the logarithm of 0")
        scale, factors = factored(value)
        rest = [(b, e) for b, e in factors if not self.is_positive(b)]
        if rest or scale < 0:
            kept = monomial_term(sorted_monomial(rest), Fraction(-1 if scale < 0 else 1))
            scale = abs(scale)
            factors = (*((b, e) for b, e in factors if self.is_positive(b)), (kept, 1))
        products: list[str] = []
        leaves: list[str] = []
        sums: list[str] = []
        result: Poly = {}
        for base, exponent in (*_prime_powers(scale), *factors):
            text = self.printer.term(base, 9)
            count = abs(exponent)
            single, leaf, inside = self._log_of_atom(base, text)
            result = polynomials.add(result, {m: c * exponent for m, c in single.items()})
            multiple = f"refine (ln_multiple {count} {text} {_argument(inside)} _ _)"
            if exponent > 0:
                products.append(f"{text} ^ {count}")
                sums.append(f"{count} * {_argument(inside)}")
                leaves.append(f"{multiple}; [solve_pos | {leaf}]")
            else:
                products.append(f"/ ({text} ^ {count})")
                sums.append(f"- ({count} * {_argument(inside)})")
                leaves.append(
                    f"apply ln_inverse; [solve_pos | {multiple}; [solve_pos | {leaf}]]"
                )
        if not products:
            one = f"{{ apply (f_equal ln). {self.by_algebra(argument)} }}"
            return {}, [f"transitivity (ln 1). {one}", "apply ln_1."]
        proof = [
            f"transitivity (ln ({right_nested(products, '*')})).",
            f"{{ apply (f_equal ln). {self.by_algebra(argument)} }}",
            f"transitivity ({right_nested(sums, '+')}).",
            f"{{ {joined('ln_product', leaves, sides='solve_pos | solve_pos | ')}. }}",
            "solve_field.",
        ]
        return result, proof

    def _log_of_atom(self, base: Term, text: str) -> tuple[Poly, str, str]:
        match base:
            case Apply("exp", (inner,)):
                inside = self.printer.term(inner, 9)
                return self.poly(inner), "apply ln_exp", inside
        return atom(apply("log", base)), "reflexivity", f"ln {text}"

    def is_positive(self, term: Term) -> bool:
        """Whether a normal term is evidently > 0, so that ``solve_pos`` shows it."""
        match term:
            case Number(value):
                return value > 0
            case Dimension() | Position() | Apply("exp" | "pi"):
                return True
            case Add(terms) | Mul(terms):
                return all(map(self.is_positive, terms)) or self._assumed(term, ">")
            case Pow(base, _):
                return self.is_positive(base)
            case Sum(_, body):
                return self.is_positive(body) or self._assumed(term, ">")
        return self._assumed(term, ">")

    def _assumed(self, term: Term, *operators: Operator) -> bool:
        return bool(self.signs.get(term, set()) & set(operators))

    # kinks

    def _positive_indicator(self, argument: Term) -> tuple[Poly, list[str]]:
        value = self.poly(argument)
        scale, common, rest = polynomials.content(value) if value else (Fraction(1), (), {})
        positive = [(b, e) for b, e in common if self.is_positive(b)]
        others = [(b, e) for b, e in common if not self.is_positive(b)]
        core = polynomials.multiply({sorted_monomial(others): Fraction(1)}, rest)
        if scale < 0:
            core = {m: -c for m, c in core.items()}
        inner = to_term(core)
        outer = monomial_term(sorted_monomial(positive), abs(scale))
        decided = self._decided(core)
        same = f"{{ apply (f_equal positive_indicator). {self.by_algebra(argument)} }}"
        if decided is not None:
            lemma = "true" if decided else "false"
            line = f"{self.rewrites(argument)} apply positive_indicator_{lemma}. solve_sign."
            return constant(int(decided)), [line]
        if not self.local(inner):
            self.open_signs.add(inner)
        text = f"{self.printer.term(outer, 39)} * {self.printer.term(inner, 39)}"
        proof = [
            f"transitivity (positive_indicator ({text})). {same}",
            "apply positive_indicator_scale. solve_pos.",
        ]
        return atom(apply("positive_indicator", inner)), proof

    def _decided(self, core: Poly) -> bool | None:
        if not core:
            return False
        if set(core) == {()}:
            return core[()] > 0
        term = to_term(core)
        opposite = to_term({m: -c for m, c in core.items()})
        if self.is_positive(term) or self._assumed(opposite, "<"):
            return True
        if self._assumed(term, "<", "<=") or self._assumed(opposite, ">", ">="):
            return False
        if self.is_positive(opposite):
            return False
        return None

    def _unfolded(self, lemma: str, node: Term, meaning: Term) -> tuple[Poly, list[str]]:
        value = self.poly(meaning)
        arguments = node.arguments if isinstance(node, Apply) else ()
        texts = " ".join(self.printer.term(a, 9) for a in arguments)
        return value, [f"rewrite ({lemma} {texts}).", self.by_algebra(meaning)]

    def _relu(self, x: Term) -> tuple[Poly, list[str]]:
        meaning = Mul((x, apply("positive_indicator", x)))
        return self._unfolded("relu_by_indicator", apply("relu", x), meaning)

    def _abs(self, x: Term) -> tuple[Poly, list[str]]:
        sign = Add(
            (
                apply("positive_indicator", x),
                Mul((MINUS_ONE, apply("positive_indicator", Mul((MINUS_ONE, x))))),
            )
        )
        return self._unfolded("Rabs_by_indicator", apply("abs", x), Mul((x, sign)))

    def _max(self, x: Term, y: Term) -> tuple[Poly, list[str]]:
        relu = apply("relu", Add((x, Mul((MINUS_ONE, y)))))
        return self._unfolded("Rmax_by_relu", apply("max", x, y), Add((y, relu)))

    def _min(self, x: Term, y: Term) -> tuple[Poly, list[str]]:
        relu = Mul((MINUS_ONE, apply("relu", Add((x, Mul((MINUS_ONE, y)))))))
        return self._unfolded("Rmin_by_relu", apply("min", x, y), Add((x, relu)))

    def _floor(self, x: Term) -> tuple[Poly, list[str]]:
        value = self.poly(x)
        if set(value) - {()}:
            return self._opaque("floor", (x,))
        number = value.get((), Fraction(0))
        whole = number.numerator // number.denominator
        shown = f"({whole})" if whole < 0 else f"{whole}"
        return constant(whole), [f"{self.rewrites(x)} apply (floor_value _ {shown}). lra."]

    # sums

    def _sum(self, dim: int | str, body: Term) -> tuple[Poly, list[str]]:
        index = self.open(dim)
        try:
            opened = open_binder(body, index)
            value = self.poly(opened)
            groups = _grouped(value, index)
            rewriting = self.rewrites(opened)
            pieces = [self._piece(index, inner, outer) for inner, outer in groups]
            letter, bound = self.printer.index(index), self.range_name(index)
        finally:
            self.close()
        length = self.printer.dim(dim)
        if not pieces:
            return {}, [
                f"transitivity (sumR {length} (fun _ => 0)); [|apply sumR_zero].",
                f"apply sumR_ext; intros {letter} {bound}. {rewriting} solve_field.",
            ]
        result: Poly = {}
        for piece in pieces:
            result = polynomials.add(result, polynomials.multiply(piece.outer, piece.value))
        # The order of what stands together under a sum is that of the normal form.
        again = " ".join(piece.turn for piece in pieces if piece.turn)
        inside = right_nested([piece.inside for piece in pieces], "+")
        outside = right_nested([piece.outside for piece in pieces], "+")
        values = [piece.before for piece in pieces]
        proof = [
            f"transitivity (sumR {length} (fun {letter} => {inside})).",
            f"{{ apply sumR_ext; intros {letter} {bound}. {again} {rewriting} solve_field. }}",
            f"transitivity ({outside}).",
            f"{{ {joined('sumR_plus', [piece.leaf for piece in pieces])}. }}",
            f"{self.rewrites(*values)} solve_field.",
        ]
        return result, proof

    def _piece(self, index: Free, inner: Monomial, outer: Poly) -> "_Piece":
        """One summand: ``outer`` does not contain the index, every factor of ``inner`` does."""
        factor = to_term(outer)
        for base, exponent in inner:
            if isinstance(base, Delta) and exponent > 0:
                other = base.right if base.left == index else base.left
                rest = polynomials.multiply_monomials(inner, ((base, -1),))
                return self._contracted(index, other, rest, outer)
        term = monomial_term(inner)
        text = f"{self.printer.term(factor, 39)} * {self.printer.term(term, 39)}"
        total = Sum(index.dim, bind(term, index))
        if term == ONE:
            before: Term = Dimension(index.dim)
            leaf = "apply sumR_scale; apply sumR_one"
        else:
            before = total
            leaf = "apply sumR_scale; reflexivity"
        value = self._sum_value(before)
        outside = f"{self.printer.term(factor, 39)} * {self.printer.term(before, 39)}"
        return _Piece(outer, value, before, text, outside, leaf)

    def _sum_value(self, term: Term) -> Poly:
        known = self._equations.get(term)
        return known.value if known is not None else atom(term)

    def _contracted(self, index: Free, other: Index, rest: Monomial, outer: Poly) -> "_Piece":
        from derive.terms.structure import substitute_indices

        factor, term = to_term(outer), monomial_term(rest)
        at = substitute_indices(term, {index: other})
        kept = self._locals
        self._locals = [open_ for open_ in kept if open_ != index]
        value = self.poly(at)
        self._locals = kept
        delta = Delta(index, other)
        first, second = sorted((index, other), key=index_key)
        turn = ""
        if (first, second) != (index, other):
            turn = f"try rewrite (delta_sym {self.printer.index(index)} {self.printer.index(other)})."
        text = (
            f"{self.printer.term(factor, 39)} * "
            f"({self.printer.term(delta, 39)} * {self.printer.term(term, 39)})"
        )
        outside = f"{self.printer.term(factor, 39)} * {self.printer.term(at, 39)}"
        leaf = (
            f"apply sumR_scale; apply (sumR_delta _ _ "
            f"(fun {self.printer.index(index)} => {self.printer.term(term)})); first [assumption | lia]"
        )
        return _Piece(outer, value, at, text, outside, leaf, turn)


@dataclass(frozen=True, slots=True)
class _Piece:
    outer: Poly
    value: Poly
    before: Term
    inside: str
    outside: str
    leaf: str
    turn: str = ""


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


def right_nested(texts: list[str], operator: str) -> str:
    """``a + (b + (c))``."""
    total = texts[-1]
    for text in reversed(texts[:-1]):
        total = f"{text} {operator} ({total})"
    return total


def joined(lemma: str, leaves: list[str], sides: str = "") -> str:
    """The tactic that applies a binary lemma from the right and a leaf at each place."""
    total = leaves[-1]
    for leaf in reversed(leaves[:-1]):
        total = f"apply {lemma}; [{sides}{leaf} | {total}]"
    return total


def _argument(text: str) -> str:
    return f"({text})" if " " in text else text


def _grouped(value: Poly, index: Free) -> list[tuple[Monomial, Poly]]:
    """The polynomial by what contains the index: ``sum of outer * inner``."""
    groups: dict[Monomial, dict[Monomial, Fraction]] = {}
    for monomial, coefficient in sorted_terms(value):
        inner = tuple(f for f in monomial if index in free_indices(f[0]))
        outer = tuple(f for f in monomial if index not in free_indices(f[0]))
        groups.setdefault(inner, {})[outer] = coefficient
    return sorted(groups.items(), key=lambda item: tuple((key(b), e) for b, e in item[0]))


def _prime_powers(scale: Fraction) -> list[tuple[Term, int]]:
    found = []
    for value, sign in ((scale.numerator, 1), (scale.denominator, -1)):
        rest, divisor = value, 2
        while divisor * divisor <= rest and divisor < 10_000:
            count = 0
            while rest % divisor == 0:
                rest, count = rest // divisor, count + 1
            if count:
                found.append((Number(Fraction(divisor)), sign * count))
            divisor += 1
        if rest > 1:
            found.append((Number(Fraction(rest)), sign))
    return found


_Rule = Callable[..., tuple[Poly, list[str]]]

_FUNCTION_RULES: Mapping[str, _Rule] = {
    "exp": Normaliser._exp,
    "log": Normaliser._log,
    "positive_indicator": Normaliser._positive_indicator,
    "relu": Normaliser._relu,
    "abs": Normaliser._abs,
    "max": Normaliser._max,
    "min": Normaliser._min,
    "floor": Normaliser._floor,
}
