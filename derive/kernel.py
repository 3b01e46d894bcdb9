"""The kernel: a second, small program that re-checks a proof and trusts nothing of the first.

``check(statement, certificate)`` returns how many steps it has checked, or raises ``Doubt``.  Both
are plain data (JSON), as ``derive.certificate`` writes them.  Nothing of this project is imported,
and no library: what ``proved`` rests on is this file, and a reader of it.

Checked is: the cases of the certificate cover everything; in each, every step has the form of the
rule it names and is an equation; both sides of the statement have a value wherever the conditions
hold; and the relation between them holds.  Values are Laurent polynomials with exact coefficients
over *atoms*: a component of a variable, ``exp`` of a monomial, a sum that nothing simplifies.  Two
atoms are one if they are written alike in a normal form.  An equation holds if the difference is 0.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import permutations
from math import gcd, lcm
from typing import Any, NamedTuple

VERSION = 1

Node = tuple[Any, ...]
Exponent = int | Fraction
Power = tuple[int, Exponent]
Monomial = tuple[Power, ...]
Value = dict[Monomial, Fraction]
#: The signs that a value may have.
Signs = frozenset[int]

#: Bounds that end a check in doubt rather than in a long wait.
LARGEST_PRODUCT, LARGEST_POWER, LARGEST_NUMBER, MOST_WORK = 4000, 64, 20_000, 1_000_000

POSITIVE, NONNEGATIVE, ANY = frozenset((1,)), frozenset((0, 1)), frozenset((-1, 0, 1))
NONZERO = frozenset((-1, 1))
SIGNS_OF = {">": POSITIVE, ">=": NONNEGATIVE, "=": frozenset((0,)), "!=": NONZERO,
          "<": frozenset((-1,)), "<=": frozenset((-1, 0))}  # fmt: skip


class Doubt(Exception):  # noqa: N818 - the word says what it is
    """Why the certificate does not prove the statement, where, and the terms that {} stands for."""

    def __init__(self, reason: str, *terms: Any) -> None:
        super().__init__(reason, *terms)
        self.reason, self.terms, self.place = reason, terms, ""

    def __str__(self) -> str:
        return self.place + self.reason.format(*self.terms)


# ---- terms ------------------------------------------------------------------------------------


def node_from(data: Any) -> Any:
    """Plain data as a node; raises ``Doubt`` for numbers, indices and ranges of a strange form."""
    if not isinstance(data, list | tuple):
        if not isinstance(data, str | int) or isinstance(data, bool):
            raise Doubt("a field that is neither a name nor a whole number")
        return data
    node = tuple([node_from(part) for part in data])
    if node[0] == "number":
        if not isinstance(node[1], str) or not _NUMBER.fullmatch(node[1]):
            raise Doubt("a number of a strange form")
        return _number(Fraction(node[1]))
    if node[0] == "free" and node[1][:1] == "#":
        raise Doubt("an index with the name of a bound one")
    first, last = _DIMS.get(node[0], (0, 0))
    if any(isinstance(dim, int) and dim < 1 for dim in node[first:last]):
        raise Doubt("a range without elements")
    return node


_NUMBER = re.compile(r"-?\d{1,9000}(/\d{1,9000})?")
#: From where to where the lengths of ranges stand.
_DIMS: dict[Any, tuple[int, int | None]] = {
    "dims": (1, None), "free": (2, 3), "fixed": (2, 3),
    **dict.fromkeys(("sum", "product", "forall", "dimension"), (1, 2)),
}  # fmt: skip


def _map(node: Any, change: Callable[[Node, int], Node], depth: int = 0) -> Any:
    """The node with every index changed; ``depth`` counts the binders above it."""
    if not isinstance(node, tuple):
        return node
    if node[0] in ("free", "bound", "fixed"):
        return change(node, depth)
    binders = len(node[1]) - 1 if node[0] == "argument" else node[0] in ("sum", "product", "forall")
    return tuple([_map(part, change, depth + binders) for part in node])


def _parts(node: Any) -> Iterator[Node]:
    left = [node]
    while left:
        part = left.pop()
        if isinstance(part, tuple):
            yield part
            left.extend(part)


def _open(body: Node, index: Node, between: int = 0) -> Any:
    """The body of a binder at one index."""

    def change(found: Node, depth: int) -> Node:
        if found[0] != "bound" or found[1] < depth + between:
            return found
        return index if found[1] == depth + between else ("bound", found[1] - 1)

    return _map(body, change)


def _bind(body: Node, index: Node) -> Any:
    """The body of a new nearest binder of the index."""

    def change(found: Node, depth: int) -> Node:
        if found == index:
            return ("bound", depth)
        return ("bound", found[1] + 1) if found[0] == "bound" and found[1] >= depth else found

    return _map(body, change)


def _at(node: Any, change: dict[Node, Node]) -> Any:
    return _map(node, lambda index, _: change.get(index, index))


_COMPONENTS = ("element", "inverse", "determinant")


def _names(node: Node) -> set[str]:
    """The variables whose components occur."""
    return {p[1] for p in _parts(node) if p[0] in _COMPONENTS}


def _is_numeric(node: Node) -> bool:
    return all(part[0] in ("number", "add", "mul", "pow") for part in _parts(node))


def _number(value: int | Fraction) -> Node:
    return ("number", Fraction(value))


def _neg(term: Node) -> Node:
    return ("mul", _number(-1), term)


def _over(term: Node, divisor: Node) -> Node:
    return ("mul", term, ("pow", divisor, _number(-1)))


def _is(term: Node, operator: str = ">") -> Node:
    return ("indicator", ("compare", operator, term, _number(0)))


def _exp(term: Node) -> Node:
    return ("apply", "exp", term)


def _fresh(dims: Iterable[Any], *nodes: Any) -> tuple[Node, ...]:
    """An index for each range, none in the nodes; no name of a document starts with this sign."""
    taken = [int(p[1][1:]) for p in _parts(("", *nodes)) if p[0] == "free" and p[1][0] == "#"]
    return tuple(
        ("free", f"#{place}", dim) for place, dim in enumerate(dims, 1 + max(taken, default=0))
    )


UNIT, TWO = _number(1), _number(2)
#: What functions stand for.
_MEANING: dict[str, Callable[..., Node]] = {
    "ceiling": lambda x: _neg(("apply", "floor", _neg(x))),
    "sqrt": lambda x: ("pow", x, _number(Fraction(1, 2))),
    "tan": lambda x: _over(("apply", "sin", x), ("apply", "cos", x)),
    "sinh": lambda x: _over(("add", _exp(x), _neg(_exp(_neg(x)))), TWO),
    "cosh": lambda x: _over(("add", _exp(x), _exp(_neg(x))), TWO),
    "tanh": lambda x: _over(_MEANING["sinh"](x), _MEANING["cosh"](x)),
    "sigmoid": lambda x: _over(UNIT, ("add", UNIT, _exp(_neg(x)))),
    "softplus": lambda x: ("apply", "log", ("add", UNIT, _exp(x))),
    "relu": lambda x: ("mul", x, _is(x)),
    "sign": lambda x: ("add", _is(x), _neg(_is(x, "<"))),
    "abs": lambda x: ("mul", x, _MEANING["sign"](x)),
    "max": lambda x, y: ("add", y, _MEANING["relu"](("add", x, _neg(y)))),
    "min": lambda x, y: ("add", x, _neg(_MEANING["relu"](("add", x, _neg(y))))),
}
#: Derivatives of functions that have one everywhere.
_SLOPES: dict[str, Callable[[Node], Node]] = {
    "exp": _exp,
    "log": lambda u: _over(UNIT, u),
    "sin": lambda u: ("apply", "cos", u),
    "cos": lambda u: _neg(("apply", "sin", u)),
    "atan": lambda u: _over(UNIT, ("add", UNIT, ("pow", u, TWO))),
    "erf": lambda u: _over(("mul", TWO, _exp(_neg(("pow", u, TWO)))),
                           _MEANING["sqrt"](("apply", "pi"))),
}  # fmt: skip


# ---- signs and polynomials --------------------------------------------------------------------


def _of_product(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x in a for y in b)


def _of_sum(a: Signs, b: Signs) -> Signs:
    return frozenset(s for x in a for y in b for s in ((x or y,) if x * y != -1 else ANY))


def of_power(signs: Signs, exponent: Exponent) -> Signs:
    """Of a base that is not 0 (exponent below 0), nor negative (exponent no integer)."""
    kept = signs & NONZERO if exponent < 0 else signs
    if exponent.denominator != 1:
        kept &= NONNEGATIVE
    # ``a^(1/2) b^(1/2)`` may be the root of ``a b`` with a = 0 and b < 0.
    kept = kept or ANY
    return kept if exponent % 2 else _of_product(kept, kept) - {-1}


def plus(a: Value, b: Value, scale: Fraction | int = 1) -> Value:
    """``a + scale b``."""
    total = dict(a)
    _add(total, b, scale)
    return total


def _add(total: Value, value: Value, scale: Fraction | int = 1) -> None:
    for monomial, coefficient in value.items():
        there = total.get(monomial)
        now = scale * coefficient if there is None else there + scale * coefficient
        if now:
            total[monomial] = now
        elif there is not None:
            del total[monomial]


def minus(value: Value) -> Value:
    """``-value``."""
    return {monomial: -coefficient for monomial, coefficient in value.items()}


def _joined(*monomials: Iterable[Power]) -> Monomial:
    total: dict[int, Exponent] = {}
    for atom, exponent in (pair for monomial in monomials for pair in monomial):
        total[atom] = total.get(atom, 0) + exponent
    return tuple(sorted(
        (a, e if e.denominator != 1 else int(e)) for a, e in total.items() if e
    ))  # fmt: skip


def _raised(factors: Iterable[Power], exponent: Exponent) -> list[Power]:
    return [(atom, e * exponent) for atom, e in factors]


def _constant(value: int | Fraction) -> Value:
    return {(): Fraction(value)} if value else {}


def _of(atom: int) -> Value:
    return {((atom, 1),): Fraction(1)}


def split(value: Value) -> tuple[Fraction, Monomial, Value]:
    """Content > 0, common monomial, and the rest, whose coefficients are coprime integers."""
    powers = [dict(monomial) for monomial in value]
    atoms = {atom for monomial in powers for atom in monomial}
    common = _joined((a, min(m.get(a, 0) for m in powers)) for a in atoms)
    coefficients = value.values()
    content = Fraction(
        gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients))
    )
    inverse = _raised(common, -1)
    return content, common, {_joined(m, inverse): c / content for m, c in value.items()}


def _primes(value: Fraction) -> Iterator[Power]:
    """The prime factors of a positive number; what is left above 1000 stays whole."""
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for divisor in range(2, 1000):
            exponent = 0
            while part % divisor == 0:
                part, exponent = part // divisor, exponent + sign
            if exponent:
                yield divisor, exponent
        if part > 1:
            yield part, sign


class Atom(NamedTuple):
    """What the arithmetic does not look into: a term in normal form, and the values in it."""

    term: Node
    kind: str
    parts: tuple[Value, ...]
    bound: Sequence[Node]
    indices: frozenset[Node]
    text: str


class Case:
    """The values of terms under the facts of one case.

    Around a point (``point`` is the case that knows it, ``moving`` the component that varies) no
    fact is used, and nothing is unfolded; what has to hold is asked of the point.
    """

    def __init__(
        self, given: "Given", facts: Sequence[Node] = (), point: "Case | None" = None
    ) -> None:
        self.given, self.point = given, point
        self.atoms: list[Atom] = []
        self.numbers: dict[Node, int] = {}
        self.rewrites: dict[int, Value] = {}
        self.signs: dict[int, Signs] = {}
        self.known: list[tuple[Value, Signs]] = []
        self.schemes: list[Node] = []
        self.instances: set[tuple[Node, Node]] = set()
        self.identified: dict[Node, Node] = {}
        self.distinct: set[frozenset[Node]] = set()
        self.values: dict[tuple[Any, ...], Value] = {}
        self.moving: Node = ()
        self.lenient = False
        self.work = 0
        self.around: Case | None = None
        self.learn_indices(facts)
        for fact in facts:
            self.learn(self.with_indices(fact))

    # -- atoms

    def number(self, term: Node, kind: str, *parts: Value, bound: Sequence[Node] = ()) -> int:
        """The atom that is written as this term."""
        if term not in self.numbers:
            self.numbers[term] = len(self.atoms)
            indices = frozenset(p for p in _parts(term) if p[0] == "free")
            self.atoms.append(Atom(term, kind, parts, bound, indices, str(term)))
        return self.numbers[term]

    def atom(self, term: Node, kind: str = "", *parts: Value, bound: Sequence[Node] = ()) -> Value:
        """The value that is one atom, or what a fact says it equals."""
        number = self.number(term, kind or term[0], *parts, bound=bound)
        return self.rewrites.get(number, _of(number))

    def ordered(self, value: Value) -> list[tuple[list[tuple[str, Exponent, int]], Fraction]]:
        """The monomials in an order that rests on how the atoms are written."""
        return sorted(
            (sorted((self.atoms[a].text, e, a) for a, e in m), c) for m, c in value.items()
        )

    def term(self, value: Value) -> Node:
        """The normal form of a value, as a term."""
        terms: list[Node] = []
        for monomial, c in self.ordered(value):
            factors = [
                self.atoms[a].term if e == 1 else ("pow", self.atoms[a].term, _number(e))
                for _, e, a in monomial
            ]
            if c != 1 or not factors:
                factors.insert(0, _number(c))
            terms.append(("mul", *factors) if len(factors) > 1 else factors[0])
        return terms[0] if len(terms) == 1 else ("add", *terms)

    def at(self, value: Value, change: dict[Node, Node]) -> Value:
        """The value with free indices replaced: what holds for all of them holds for these."""
        total: Value = {}
        for monomial, c in value.items():
            moved = [p for p in monomial if self.atoms[p[0]].indices & change.keys()]
            product: Value = {tuple(p for p in monomial if p not in moved): c}
            for number, e in moved:
                factor = self.leniently(_at(self.atoms[number].term, change))
                product = self.times(product, self.raised(factor, e))
            _add(total, product)
        return total

    # -- arithmetic

    def times(self, a: Value, b: Value) -> Value:
        """The product, with indicators idempotent and whole powers of sums written out."""
        self.work += len(a) * len(b)
        if len(a) * len(b) > LARGEST_PRODUCT or self.work > MOST_WORK:
            raise Doubt("a product is too large")
        if list(a) == [()]:
            return plus({}, b, a[()])
        total: Value = {}
        for m, c in a.items():
            for n, d in b.items():
                _add(total, self.product(m, n), c * d)
        return total

    def product(self, *factors: Iterable[Power]) -> Value:
        """The product of powers of atoms as a value."""
        plain: list[Power] = []
        factor = _constant(1)
        for number, e in _joined(*factors):
            atom, whole = self.atoms[number], e.numerator // e.denominator
            if atom.kind in ("delta", "indicator"):
                e = 1
            elif atom.kind == "prime" or (atom.kind == "poly" and whole > 0):
                factor, e = self.times(factor, self.raised(atom.parts[0], whole)), e - whole
            elif atom.kind == "sin" and e == whole > 1:
                cosine = self.atom(("apply", "cos", atom.term[2]), "cos", *atom.parts)
                square = plus(_constant(1), self.raised(cosine, 2), -1)
                factor, e = self.times(factor, self.raised(square, whole // 2)), e % 2
            if e:
                plain.append((number, e))
        rest = {tuple(plain): Fraction(1)}
        return rest if factor == {(): 1} else self.times(factor, rest)

    def power(self, base: Value, exponent: Exponent) -> Value:
        """A power of a base that is not 0, or positive, where the exponent asks that."""
        if exponent.denominator != 1:
            # The slope of a root is infinite at 0.
            self.need(base, ">=" if exponent > 0 and self.point is None else ">")
        elif exponent < 0:
            self.need(base, "!=")
        return self.raised(base, exponent)

    def raised(self, base: Value, e: Exponent) -> Value:
        """``base ** e``, where it has a value."""
        if e.denominator == 1 and e >= 0 and len(base) != 1:
            if e > LARGEST_POWER:
                raise Doubt("a power is too large")
            result = _constant(1)
            for _ in range(int(e)):
                result = self.times(result, base)
            return result
        if not base and e > 0:
            return {}
        content, factors = self.factors(base)
        if e.denominator != 1:
            return self._root(content, factors, e)
        size = max(content.numerator.bit_length(), content.denominator.bit_length())
        if size > 1 and not -LARGEST_NUMBER < size * e < LARGEST_NUMBER:
            raise Doubt("a power is too large")
        return plus({}, self.product(_raised(factors, e)), content ** int(e))

    def factors(self, value: Value) -> tuple[Fraction, Monomial]:
        """A number, and powers of atoms, that multiply to the value: a sum counts as one atom."""
        if not value:
            raise Doubt("0 has no factors")
        content, common, rest = split(value)
        if len(rest) == 1:
            return content * rest[()], common
        if self.ordered(rest)[0][1] < 0:
            content, rest = -content, minus(rest)
        return content, _joined(common, [(self.number(self.term(rest), "poly", rest), 1)])

    def _primes(self, content: Fraction) -> list[Power]:
        return [
            (self.number(_number(prime), "prime", _constant(prime)), e)
            for prime, e in _primes(abs(content))
        ]

    def _inner(self, content: Fraction, rest: list[Power]) -> Value:
        """What is left under a root or a log: its factors, with the sign of the content."""
        return plus({}, self.product(rest), 1 if content > 0 else -1)

    def _root(self, content: Fraction, factors: Monomial, exponent: Exponent) -> Value:
        """A power that is no whole number, split over factors that are not negative."""
        result, rest = _constant(1), []
        for number, e in factors:
            if self.sign_of(number) <= (NONNEGATIVE if exponent > 0 and e > 0 else POSITIVE):
                result = self.times(result, self.product([(number, e * exponent)]))
            elif e % 2 == 0 and (e * exponent).denominator == 1:
                modulus = self.leniently(("apply", "abs", self.atoms[number].term))
                result = self.times(result, self.raised(modulus, e * exponent))
            else:
                rest.append((number, e))
        if rest or content < 0:
            inner = self._inner(content, rest)
            whole = [(self.number(self.term(inner), "poly", inner), exponent)]
            result = self.times(result, {_joined(whole): Fraction(1)})
        return self.times(result, self.product(_raised(self._primes(content), exponent)))

    def exp(self, value: Value) -> Value:
        """``exp(sum of c m) = product of exp(m)^c``, and ``exp(c log a) = a^c``."""
        result = _constant(1)
        for monomial, c in value.items():
            atom = self.atoms[monomial[0][0]] if len(monomial) == 1 == monomial[0][1] else None
            if atom is not None and atom.kind == "log":
                factor = self.raised(atom.parts[0], c)
            else:
                base = {monomial: Fraction(1)}
                factor = self.product([(self.number(_exp(self.term(base)), "exp", base), c)])
            result = self.times(result, factor)
        return result

    def log(self, value: Value) -> Value:
        """``log(c product of f^e) = log c + sum of e log f``, over positive factors."""
        self.need(value, ">")
        content, factors = self.factors(value)
        result, rest = dict[Monomial, Fraction](), list[Power]()
        for number, e in (*factors, *self._primes(content)):
            if self.sign_of(number) != POSITIVE:
                rest.append((number, e))
            elif self.atoms[number].kind == "exp":
                _add(result, self.atoms[number].parts[0], Fraction(e))
            else:
                _add(result, self._log(_of(number)), Fraction(e))
        if rest or content < 0:
            _add(result, self._log(self._inner(content, rest)))
        return result

    def _log(self, value: Value) -> Value:
        return self.atom(("apply", "log", self.term(value)), "log", value)

    def core(self, value: Value) -> tuple[int, list[Power]]:
        """The sign of all factors whose sign is known, and the other factors."""
        content, factors = self.factors(value)
        scale, rest = (1 if content > 0 else -1), list[Power]()
        for number, e in factors:
            signs = of_power(self.sign_of(number), e)
            if len(signs) == 1 and 0 not in signs:
                scale *= min(signs)
            else:
                rest.append((number, e if e > 0 else -e))
        return scale, rest

    def indicator(self, value: Value) -> Value:
        """``[v > 0]``; positive factors of v are left out."""
        signs = self.sign(value)
        if signs <= POSITIVE or not signs & POSITIVE:
            return _constant(int(signs <= POSITIVE))
        scale, rest = self.core(value)
        core = plus({}, self.product(rest), scale)
        if 0 not in signs and self.ordered(core)[0][1] < 0:
            return plus(_constant(1), self.indicator(minus(core)), -1)
        return self.atom(_is(self.term(core)), "indicator", core)

    def delta(self, left: Node, right: Node) -> Value:
        """1 where two indices agree, else 0."""
        left, right = (self.identified.get(i, i) for i in (left, right))
        if left[-1] != right[-1]:
            raise Doubt("a delta between two ranges")
        if left == right or left[-1] == 1:
            return _constant(1)
        if left[0] == right[0] == "fixed" or frozenset((left, right)) in self.distinct:
            return {}
        first, second = sorted((left, right), key=lambda i: (i[0] == "fixed", str(i)))
        return self.atom(("delta", first, second))

    # -- sums

    def total(self, index: Node, value: Value) -> Value:
        """The sum over an index: linear, deltas contracted, constant factors taken out."""
        result: Value = {}
        for monomial, c in value.items():
            inner = tuple(p for p in monomial if index in self.atoms[p[0]].indices)
            outer = {tuple(p for p in monomial if p not in inner): c}
            deltas = [p for p in inner if self.atoms[p[0]].kind == "delta"]
            if deltas:
                (other,) = (i for i in self.atoms[deltas[0][0]].term[1:] if i != index)
                rest = self.product(p for p in inner if p != deltas[0])
                part = self.at(rest, {index: other})
            else:
                part = self._summed([index], inner)
            _add(result, self.times(outer, part))
        return result

    def _summed(self, bound: list[Node], monomial: Monomial) -> Value:
        """The sum of one monomial: inner sums join it, parts that share no index leave it."""
        left: list[Power] = []
        for number, e in monomial:
            atom = self.atoms[number]
            joins = atom.kind == "sum" and e in (1, 2)
            for _ in range(int(e) if joins else 0):
                terms = [self.atoms[a].term for a, _ in (*monomial, *left)]
                fresh = _fresh([i[2] for i in atom.bound], *bound, *terms)
                bound = [*bound, *fresh]
                inner = self.at(atom.parts[0], dict(zip(atom.bound, fresh, strict=True)))
                if list(inner.values()) != [1]:
                    raise Doubt("a sum over a sum that is no monomial")
                left.extend(next(iter(inner)))
            if not joins:
                left.append((number, e))
        left, result = list(_joined(left)), _constant(1)
        while bound:
            group, part = {bound[0]}, list[Power]()
            while touched := [p for p in left if group & self.atoms[p[0]].indices]:
                part, left = part + touched, [p for p in left if p not in touched]
                group |= {i for p in touched for i in self.atoms[p[0]].indices if i in bound}
            members = [i for i in bound if i in group]
            bound = [i for i in bound if i not in group]
            result = self.times(result, self._connected_sum(members, part))
        return self.times(result, {tuple(left): Fraction(1)})

    def _connected_sum(self, bound: list[Node], part: list[Power]) -> Value:
        if not part:
            return self.dimension(bound[0][2])
        if len(bound) > 5:
            raise Doubt("a sum over too many indices")
        for index in bound:
            here = [self.atoms[a].term for a, e in part for _ in range(int(e) if e in (1, 2) else 3)
                    if index in self.atoms[a].indices]  # fmt: skip
            pair = self.given.inverse_pair(index, *here) if len(here) == 2 else None
            if pair is not None:
                rest = [p for p in part if index not in self.atoms[p[0]].indices]
                value = self.times(self.delta(*pair), self.product(rest))
                for other in bound:
                    value = value if other == index else self.total(other, value)
                return value
        outer = [i for a, _ in part for i in self.atoms[a].indices if i not in bound]
        dims = sorted((i[2] for i in bound), key=str)
        names = _fresh(dims, *outer)
        found = []
        for order in permutations(bound):
            if [i[2] for i in order] == dims:
                body = self.at({_joined(part): Fraction(1)}, dict(zip(order, names, strict=True)))
                ((monomial, scale),) = body.items()
                body = {monomial: Fraction(1)}
                term = self.term(body)
                for name in reversed(names):
                    term = ("sum", name[2], _bind(term, name))
                found.append((str(term), scale, term, body))
        _, scale, term, body = min(found, key=lambda each: each[:2])
        return plus({}, self.atom(term, "sum", body, bound=names), scale)

    # -- signs

    def need(self, value: Value, operator: str) -> None:
        """Doubt unless the value stands in the relation to 0 wherever the facts hold."""
        if self.lenient or self.sign(value) <= SIGNS_OF[operator]:
            return
        if self.point is None:
            raise Doubt(f"nothing shows that {{}} {operator} 0", self.term(value))
        self.slope(value)
        self._need_at_point(value, operator)

    def _need_at_point(self, value: Value, operator: str) -> None:
        """What holds at the point of a value without a jump holds around it."""
        if self.point is not None and not self.lenient:
            self.point.need(self.point.leniently(self.term(value)), operator)

    def sign(self, value: Value) -> Signs:
        """The signs that a value may have where the facts hold."""
        self._instantiate({i for m in value for a, _ in m for i in self.atoms[a].indices})
        signs = self._by_monomials(value) & self._by_facts(value)
        if signs == ANY and len(value) > 1:
            _, common, rest = split(value)
            if common:
                return _of_product(self._by_monomials({common: Fraction(1)}), self.sign(rest))
            if any(len(m) == 1 and self.atoms[m[0][0]].kind == "log" for m in value):
                return self.sign(plus(self.exp(value), _constant(1), -1))
        return signs

    def _by_monomials(self, value: Value) -> Signs:
        total = SIGNS_OF["="]
        for monomial, c in value.items():
            signs = SIGNS_OF[">" if c > 0 else "<"]
            for number, e in monomial:
                signs = _of_product(signs, of_power(self.sign_of(number), e))
            total = _of_sum(total, signs)
        return total

    def _by_facts(self, value: Value) -> Signs:
        signs = ANY
        for known, allowed in self.known:
            first = next(iter(known))
            if first in value:
                ratio = value[first] / known[first]
                rest = plus(value, known, -ratio)
                allowed = _of_product(allowed, SIGNS_OF[">" if ratio > 0 else "<"])
                if len(rest) < len(value):
                    signs &= _of_sum(allowed, self._by_monomials(rest))
        return signs

    def sign_of(self, number: int) -> Signs:
        """The signs that an atom may have."""
        if number not in self.signs:
            self.signs[number] = ANY
            by_fact = self._by_facts(_of(number))
            self.signs[number] = self._sign_by_kind(self.atoms[number]) & by_fact
        return self.signs[number]

    def _sign_by_kind(self, atom: Atom) -> Signs:
        if atom.kind == "element":
            return self.given.sign(atom.term[1])
        if atom.kind not in ("poly", "sum", "product"):
            return _SIGNS.get(atom.kind, ANY)
        signs = self.sign(atom.parts[0])
        return signs if signs <= NONNEGATIVE else ANY

    # -- facts

    def learn_indices(self, facts: Sequence[Node]) -> None:
        """Which indices are one, and which differ."""
        for fact in facts:
            fact = self.with_indices(fact)
            if fact[0] == "same" and fact[1] != fact[2]:
                gone, kept = sorted(fact[1:], key=lambda i: (i[0] == "fixed", str(i)))
                if gone[0] != "free":
                    raise Doubt("two constant indices are not the same")
                self.identified = {a: _at(b, {gone: kept}) for a, b in self.identified.items()}
                self.identified[gone] = kept
        for fact in map(self.with_indices, facts):
            if fact[0] == "not" and fact[1][0] == "same":
                self.distinct.add(frozenset(fact[1][1:]))

    def with_indices(self, node: Any) -> Any:
        """The node with one name for indices that are one."""
        return _at(node, self.identified) if self.identified else node

    def learn(self, fact: Node) -> None:
        """Use what holds in this case: a sign, or an equation that determines an atom."""
        match fact:
            case ("forall", _, _):
                self.schemes.append(fact)
            case ("not", ("compare", operator, left, right)):
                self.learn(("compare", _OPPOSITE[operator], left, right))
            case ("compare", operator, left, right):
                value = self._value_of_fact(("add", left, _neg(right)))
                if value and operator == "=":
                    self._learn_equation(value)
                elif value:
                    self._learn_sign(value, SIGNS_OF[operator])
        self.values.clear()
        self.signs.clear()

    def _value_of_fact(self, term: Node) -> Value:
        """The value, or 0, which says nothing: a branch that is not taken need not have one."""
        if all(part[0] != "where" for part in _parts(self.given.unfolded(term))):
            return self.leniently(term)
        kept, self.lenient = self.lenient, False
        try:
            return self.value(term)
        except Doubt:
            return {}
        finally:
            self.lenient = kept

    def _learn_sign(self, value: Value, signs: Signs) -> None:
        self.known.append((value, signs))
        scale, rest = self.core(value)
        if len(rest) == 1 and rest[0][1].denominator == 1:
            ((number, e),) = rest
            signs = _of_product(signs, frozenset((scale,)))
            signs = signs if e % 2 else NONZERO if 0 not in signs else ANY
            self.known.append((_of(number), signs))

    def _learn_equation(self, value: Value) -> None:
        self.known.append((value, SIGNS_OF["="]))
        linear = [m[0][0] for m in value if len(m) == 1 == m[0][1]]
        alone = [n for n in linear if sum(n in dict(m) for m in value) == 1]
        if alone:
            number = min(alone, key=lambda n: (self.atoms[n].kind != "sum", -n))
            coefficient = value[((number, 1),)]
            self.rewrites[number] = plus(_of(number), value, -1 / coefficient)

    def _instantiate(self, indices: Iterable[Node]) -> None:
        """Use what holds for all indices at these ones."""
        for scheme in self.schemes:
            for index in sorted(indices, key=str):
                if index[2] == scheme[1] and (scheme, index) not in self.instances:
                    self.instances.add((scheme, index))
                    self.learn(_open(scheme[2], index))

    # -- equations

    def cleared(self, value: Value) -> tuple[Value, Monomial]:
        """The value times the sums that it is divided by, and these."""
        divisor: Monomial = ()
        for _ in range(LARGEST_POWER):
            powers = dict[int, Exponent]()
            for number, e in (pair for monomial in value for pair in monomial):
                if e < 0 and self.atoms[number].kind == "poly":
                    powers[number] = max(powers.get(number, 0), -(e // 1))
            if not powers:
                return value, divisor
            divisor, before, value = _joined(divisor, powers.items()), value, {}
            for monomial, c in before.items():
                _add(value, self.product(monomial, powers.items()), c)
        raise Doubt("denominators within denominators")

    def is_zero(self, value: Value) -> bool:
        """Whether a value is 0 wherever it is defined and the facts hold."""
        value, _ = self.cleared(value)
        return not value or self.sign(value) <= SIGNS_OF["="]

    # -- values of terms

    def leniently(self, term: Node) -> Value:
        """The value of a term wherever it has one."""
        kept, self.lenient = self.lenient, True
        try:
            return self.value(term)
        finally:
            self.lenient = kept

    def value(self, term: Node) -> Value:
        """The value of a term; doubt unless it has one wherever the facts hold."""
        key = (term, self.lenient, self.moving)
        if key not in self.values:
            self.values[key] = self._value(term)
        return self.values[key]

    def dimension(self, dim: Any) -> Value:
        """The length of a range."""
        if isinstance(dim, int):
            return _constant(dim)
        new = ("dimension", dim) not in self.numbers
        length = self.atom(("dimension", dim))
        if new:
            self.known.append((plus(length, _constant(1), -1), NONNEGATIVE))
        return length

    def _in_range(self, indices: Iterable[Node], name: str = "") -> None:
        """Doubt unless these are indices of ranges, and of the shape of the variable."""
        for index in indices:
            if index[0] == "bound" or (index[0] == "fixed" and index[1] < 1):
                raise Doubt("an index out of its range")
            if index[0] == "fixed" and index[1] > 1:
                self.need(plus(self.dimension(index[2]), _constant(index[1]), -1), ">=")
        shape = self.given.shapes.get(name)
        if shape is not None and [index[2] for index in indices] != shape:
            raise Doubt(f"{name} with indices of other ranges than its own")

    def _value(self, term: Node) -> Value:
        match term:
            case ("number", value):
                return _constant(value)
            case ("dimension", dim):
                return self.dimension(dim)
            case ("position", index):
                self._in_range([index])
                return _constant(index[1]) if index[0] == "fixed" else self.atom(term)
            case ("element", name, *indices):
                self._in_range(indices, name)
                if name in self.given.definitions:
                    return self.value(self.given.unfolded(term))
                if len(indices) == 1 and self.given.has(name, "one-hot"):
                    return self.delta(indices[0], ("free", f"class of {name}", indices[0][-1]))
                if len(indices) == 2 and self.given.has(name, "symmetric", "positive definite"):
                    indices.sort(key=str)
                return self.atom(("element", name, *indices))
            case ("add", *terms):
                total: Value = {}
                for part in terms:
                    _add(total, self.value(part))
                return total
            case ("mul", *factors):
                result = _constant(1)
                for factor in factors:
                    result = self.times(result, self.value(factor))
                return result
            case ("pow", base, exponent):
                power = self.value(exponent)
                if list(power) in ([], [()]):
                    whole, of = power.get((), Fraction(0)), self.value(base)
                    if whole.denominator == 1 and not self.given.is_integer(exponent):
                        self.need(of, ">=" if whole > 0 and self.point is None else ">")
                    return self.power(of, whole)
                return self.exp(self.times(power, self.log(self.value(base))))
            case ("apply", function, *arguments):
                return self._function(function, arguments)
            case ("delta", left, right):
                self._in_range([left, right])
                return self.delta(left, right)
            case ("indicator", condition):
                return self._truth(condition)
            case ("where", condition, then, otherwise):
                truth = self._truth(condition)
                if truth in ({}, {(): 1}):
                    return self.value(then if truth else otherwise)
                first, second = self.value(then), self.value(otherwise)
                return plus(second, self.times(truth, plus(first, second, -1)))
            case ("sum", int(dim), body) if dim <= LONGEST_WRITTEN_OUT:
                places = [_open(body, ("fixed", place, dim)) for place in range(1, dim + 1)]
                return self.value(("add", *places))
            case ("sum" | "product" as kind, dim, body):
                (index,) = _fresh([dim], body)
                value = self.value(_open(body, index))
                if kind == "sum":
                    return self.total(index, value)
                if self.sign(value) <= POSITIVE:
                    return self.exp(self.total(index, self.log(value)))
                return self.atom(("product", dim, _bind(self.term(value), index)), kind, value,
                                 bound=(index,))  # fmt: skip
            case ("call", *_):
                return self._call(term)
            case ("derivative", body, variable):
                return self._derivative(body, variable)
            case ("inverse" | "determinant" as kind, name, *indices):
                shape = self.given.shapes.get(name, [0, 0])
                if len(shape) != 2 or shape[0] != shape[1]:
                    raise Doubt(f"{name} is no square matrix")
                self._in_range(indices, name if indices else "")
                if kind == "inverse" and not self.given.has(name, *_INVERTIBLE):
                    self.need(self.value(("determinant", name)), "!=")
                return self.atom(term)
        raise Doubt("no value of {}: a case is needed", term)

    def _function(self, function: str, arguments: Sequence[Node]) -> Value:
        if function in _MEANING:
            return self.value(_MEANING[function](*arguments))
        values = [self.value(argument) for argument in arguments]
        sign = 1
        match function, values:
            case "exp", (value,):
                return self.exp(value)
            case "log", (value,):
                return self.log(value)
            case "step" | "flat", (value,) if self.lenient:
                return self.indicator(value) if function == "step" else {}
            case "floor", (value,) if list(value) in ([], [()]):
                return _constant(value.get((), Fraction(0)) // 1)
            case "sin" | "atan" | "erf", (value,) if not value:
                return {}
            case "sin" | "cos" | "atan" | "erf", (value,):
                if self.ordered(value)[0][1] < 0:
                    values, sign = [minus(value)], 1 if function == "cos" else -1
            case ("pi", []) | ("floor", [_]):
                pass
            case _:
                raise Doubt(f"no rule for the function {function!r}")
        term = ("apply", function, *map(self.term, values))
        return plus({}, self.atom(term, function, *values), sign)

    def _call(self, term: Node) -> Value:
        """An unknown function: its arguments are values, its partial derivatives commute."""
        _, name, outputs, arguments, partials = term
        self._in_range((*outputs[1:], *(i for partial in partials[1:] for i in partial[2:])))
        for _, slot, *place in partials[1:]:
            if slot < 0 or [index[2] for index in place] != [*arguments[1 + slot][1][1:]]:
                raise Doubt("a partial derivative by no component of an argument")
        bound = _fresh([dim for _, dims, _ in arguments[1:] for dim in dims[1:]], term)
        values, written, left = [], list[Node](), bound
        for _, dims, body in arguments[1:]:
            own, left = left[: len(dims) - 1], left[len(dims) - 1 :]
            for place, index in enumerate(own, 1):
                body = _open(body, index, len(own) - place)
            values.append(self.value(body))
            body = self.term(values[-1])
            for index in own:
                body = _bind(body, index)
            written.append(("argument", dims, body))
        order = ("partials", *sorted(partials[1:], key=str))
        term = ("call", name, outputs, ("arguments", *written), order)
        return self.atom(term, "call", *values, bound=bound)

    def _truth(self, condition: Node) -> Value:
        """1 where the proposition holds, else 0."""
        match condition:
            case ("compare", operator, left, right):
                value = plus(self.value(left), self.value(right), -1)
                above, below = self.indicator(value), self.indicator(minus(value))
                zero = plus(plus(_constant(1), above, -1), below, -1)
                truth: Value = {}
                for sign, part in ((1, above), (0, zero), (-1, below)):
                    _add(truth, part, sign in SIGNS_OF[operator])
                return truth
            case ("same", left, right):
                return self.value(("delta", left, right))
            case ("not", inner):
                return plus(_constant(1), self._truth(inner), -1)
            case ("and", *conditions):
                truth = _constant(1)
                for part in conditions:
                    truth = self.times(truth, self._truth(part))
                return truth
            case ("or", *conditions):
                return self._truth(("not", ("and", *(("not", part) for part in conditions))))
        raise Doubt("the truth of {} is not decided", condition)

    # -- derivatives

    def _derivative(self, body: Node, x: Node) -> Value:
        """It has a value where its body has one around the point, and no kink there."""
        if x[0] != "element":
            raise Doubt("a derivative by {}, which is no variable", x)
        self.value(x)
        self.leniently(body)  # every index is in its range
        body = self.given.unfolded(body, frozenset((x[1],)))
        self.given.check_moves_freely(body, x)
        if self.around is None or self.point is not None:
            self.around = Case(self.given.bare(), (), self)
        around = self.around
        around.identified, around.distinct = self.identified, self.distinct
        kept = around.lenient, around.moving
        around.lenient, around.moving = self.lenient, x
        try:
            return self.leniently(around.term(around.slope(around.value(body))))
        finally:
            around.lenient, around.moving = kept

    def slope(self, value: Value) -> Value:
        """The derivative of a value by what moves."""
        total: Value = {}
        for monomial, c in value.items():
            for number, e in monomial:
                inner = self._slope_of(number)
                if inner:
                    outer = self.product(monomial, [(number, -1)])
                    _add(total, self.times(inner, outer), c * e)
        return total

    def _slope_of(self, number: int) -> Value:
        atom, x = self.atoms[number], self.moving
        if x[1] not in _names(atom.term):
            return {}
        fresh = _fresh([index[2] for index in atom.bound], atom.term, x)
        names = dict(zip(atom.bound, fresh, strict=True))
        parts = [self.at(part, names) for part in atom.parts]
        slopes = [self.slope(part) for part in parts]
        match atom.term:
            case ("element", name, *indices) if name == x[1]:
                return self.leniently(
                    ("mul", *(("delta", a, b) for a, b in zip(indices, x[2:], strict=True)))
                )
            case ("inverse", name, i, j):
                return self.leniently(_neg(("mul", ("inverse", name, i, x[2]),
                                            ("inverse", name, x[3], j))))  # fmt: skip
            case ("determinant", name):
                if not self.given.has(name, *_INVERTIBLE):
                    self._need_at_point(_of(number), "!=")
                return self.leniently(("mul", atom.term, ("inverse", name, x[3], x[2])))
            case ("apply", function, _) if function in _SLOPES:
                outer = self.leniently(_SLOPES[function](self.term(parts[0])))
                return self.times(outer, slopes[0])
            case ("call", *_):
                return self._chain(atom, names, slopes)
        match atom.kind:
            case "poly":
                return slopes[0]
            case "sum":
                for index in fresh:
                    slopes[0] = self.total(index, slopes[0])
                return slopes[0]
            case "indicator":
                if slopes[0]:
                    self._no_kink(parts[0], slopes[0])
                return {}
        raise Doubt("no rule for the derivative of {}", atom.term)

    def _no_kink(self, value: Value, slope: Value) -> None:
        """Doubt unless the value, which moves, is not 0; it moves where the deltas are 1 alone."""
        factors = [self.atoms[number].term for number, _ in split(slope)[1]]
        deltas = [term[1:] for term in factors if term[0] == "delta"]
        for change in (dict(deltas), {b: a for a, b in deltas}):
            here = self.at(value, change)
            if (
                self.point is None
                or self.point.sign(self.point.leniently(self.term(here))) <= NONZERO
            ):
                return
        self._need_at_point(here, "!=")

    def _chain(self, atom: Atom, names: dict[Node, Node], slopes: list[Value]) -> Value:
        """The chain rule: over all components of all arguments."""
        _, name, outputs, arguments, partials = atom.term
        total: Value = {}
        left = list(names.values())
        for slot, ((_, dims, _), slope) in enumerate(zip(arguments[1:], slopes, strict=True)):
            own, left = left[: len(dims) - 1], left[len(dims) - 1 :]
            taken = (*partials, ("partial", slot, *own))
            part = self.times(self.leniently(("call", name, outputs, arguments, taken)), slope)
            for index in own:
                part = self.total(index, part)
            _add(total, part)
        return total


#: The signs of atoms that always have one.
_SIGNS = {**dict.fromkeys(("dimension", "position", "exp", "pi", "prime"), POSITIVE),
          **dict.fromkeys(("delta", "indicator"), NONNEGATIVE)}  # fmt: skip
_INTEGERS = ("dimension", "position", "delta", "indicator",
             *(("apply", function) for function in ("floor", "ceiling", "sign")))  # fmt: skip
_INVERTIBLE = ("invertible", "positive definite", "orthogonal")
_OPPOSITE = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "=": "!=", "!=": "="}


# ---- what is given ----------------------------------------------------------------------------


class Given:
    """What a statement rests on: variables with their words, definitions, hypotheses."""

    def __init__(self, statement: Any) -> None:
        variables = statement["variables"]
        self.shapes = {name: list(shape) for name, (shape, _) in variables.items()}
        self.definitions: dict[str, tuple[Node, Node]] = {}
        for name, (indices, body) in statement["definitions"].items():
            parameters = node_from(["indices", *indices])[1:]
            if len({*parameters}) != len(parameters) or any(i[0] != "free" for i in parameters):
                raise Doubt(f"the definition of {name} is not for all indices")
            self.definitions[name] = (parameters, node_from(body))
            self.shapes[name] = [index[2] for index in parameters]
        #: What was declared of a name that is defined is not known.
        self.words = {n: set(w) for n, (_, w) in variables.items() if n not in self.definitions}
        self.facts = [node_from(f) for f in (*statement["hypotheses"], *statement["conditions"])]
        for name, words in self.words.items():
            if "sums to 1" in words and len(self.shapes[name]) == 1:
                whole = ("sum", self.shapes[name][0], ("element", name, ("bound", 0)))
                self.facts.append(("compare", "=", whole, UNIT))

    def has(self, name: str, *words: str) -> bool:
        """Whether one of the words was declared for the variable."""
        return not self.words.get(name, set()).isdisjoint(words)

    def sign(self, name: str) -> Signs:
        """The signs that the words leave to the components of a variable."""
        signs = POSITIVE if self.has(name, "positive") else ANY
        signs &= NONNEGATIVE if self.has(name, "nonnegative") else ANY
        return signs & (NONZERO if self.has(name, "nonzero") else ANY)

    def is_integer(self, term: Node) -> bool:
        """Whether a term that comes to an integer is one by its form: its powers are products."""
        match term:
            case ("element", name, *_) if name in self.definitions:
                return self.is_integer(self.definitions[name][1])
            case ("element", name, *_):
                return self.has(name, "integer")
            case ("add" | "mul", *parts):
                return all(map(self.is_integer, parts)) or _is_numeric(term)
            case ("pow", base, ("number", exponent)) if exponent >= 0 and exponent % 1 == 0:
                return self.is_integer(base)
            case ("sum" | "product", _, body):
                return self.is_integer(body)
            case ("number", value):
                return bool(value % 1 == 0)
        return term[0] in _INTEGERS or term[:2] in _INTEGERS or _is_numeric(term)

    def bare(self) -> "Given":
        """What holds around a point too: neither facts nor definitions, only the words."""
        given = Given({"variables": {}, "definitions": {}, "hypotheses": (), "conditions": ()})
        given.words = {name: words - {"nonnegative"} for name, words in self.words.items()}
        given.shapes = self.shapes
        return given

    def unfolded(self, node: Any, but: frozenset[str] = frozenset()) -> Any:
        """The node with components of defined names replaced by what they stand for."""
        if not isinstance(node, tuple):
            return node
        if node[0] == "element" and node[1] in self.definitions and node[1] not in but:
            indices, body = self.definitions[node[1]]
            change = dict(zip(indices, node[2:], strict=True))

            def put(found: Node, depth: int) -> Node:
                new = change.get(found, found)
                return ("bound", new[1] + depth) if new is not found and new[0] == "bound" else new

            return self.unfolded(_map(body, put), but)
        if node[0] == "derivative":
            if but and node[2][1] in self.definitions:
                raise Doubt("a derivative within a derivative, by a name that is defined")
            return ("derivative", self.unfolded(node[1], but | {node[2][1]}), node[2])
        if but and node[0] in ("inverse", "determinant") and node[1] in self.definitions:
            raise Doubt("a derivative through the inverse or determinant of a definition")
        return tuple([self.unfolded(part, but) for part in node])

    def check_moves_freely(self, term: Node, x: Node) -> None:
        """A component can be moved alone only if no word and no fact ties it to others."""
        words = ("symmetric", "positive definite", "orthogonal", "one-hot", "sums to 1", "integer")
        if self.has(x[1], *words):
            raise Doubt(f"a derivative by {x[1]}, whose components are not free")
        facts = [("and", fact, self.unfolded(fact)) for fact in self.facts]
        ties = [_names(fact) for fact in facts if not _ties_nothing(fact)]
        tied = {x[1]}
        for _ in ties:
            tied = tied.union(*(tie for tie in ties if tie & tied))
        if any(x[1] in tie for tie in ties) and tied & _names(term):
            raise Doubt(f"a derivative by {x[1]}, which a fact ties to others")

    def inverse_pair(self, index: Node, first: Node, second: Node) -> tuple[Node, Node] | None:
        """The indices i, j for which the sum of two matrix entries over the index is delta_ij."""
        first, second = sorted((first, second), key=lambda term: str(term[0]))
        if first[0] != "element" or len(first) != 4 or second[1:2] != first[1:2]:
            return None
        (_, name, i, j), (_, _, k, m) = first, second
        pairs = []
        if second[0] == "inverse":
            symmetric = self.has(name, "symmetric", "positive definite")
            for a, b in ((i, j), (j, i)) if symmetric else ((i, j),):
                pairs += [(b, k, a, m), (a, m, k, b)]
        elif second[0] == "element" and self.has(name, "orthogonal") and i[-1] == j[-1]:
            pairs = [(i, k, j, m), (j, m, i, k)]
        found = [(c, d) for a, b, c, d in pairs if a == b == index and index not in (c, d)]
        return found[0] if found else None


_JUMPS = ("indicator", "where", *((f,) for f in ("sign", "floor", "ceiling", "step", "flat")))


def _ties_nothing(fact: Node) -> bool:
    """Whether a fact is about one component alone, or holds around a point where it holds."""
    match fact:
        case ("and" | "or" | "forall", *parts):
            return all(_ties_nothing(part) for part in parts if isinstance(part, tuple))
        case ("compare", ">" | "<" | "!=", *_) | ("not", ("compare", ">=" | "<=" | "=", *_)):
            return not any(
                part[0] in _JUMPS or part[1:2] in _JUMPS or _has_border(part)
                for part in _parts(fact)
            )
    parts = list(_parts(fact))
    whole = ("sum", "product", "inverse", "determinant")
    summed = any(p[0] in whole or (p[0] == "argument" and len(p[1]) > 1) for p in parts)
    return not summed and len({part for part in parts if part[0] in _COMPONENTS}) <= 1


def _has_border(term: Node) -> bool:
    """Whether a term may have a value on a closed set alone, as a root of ``-(x - y)^2``."""
    match term:
        case ("pow", base, ("number", exponent)):
            return exponent % 1 != 0 and not _is_square(base)
        case ("pow", base, _) | ("apply", "sqrt", base):
            return not _is_square(base)
    return False


def _is_square(term: Node) -> bool:
    """Whether a term is at least 0 by its form."""
    match term:
        case ("add" | "mul", *parts) | ("sum" | "product", _, *parts):
            return all(map(_is_square, parts))
        case ("pow", base, ("number", exponent)):
            return exponent % 2 == 0 or _is_square(base)
        case ("number", value):
            return bool(value >= 0)
    return term[0] == "dimension" or term[:2] == ("apply", "exp")


# ---- checking ---------------------------------------------------------------------------------


def check(statement: Any, certificate: Any) -> int:
    """The number of steps that were checked; raises ``Doubt`` if a proof is not followed.

    ``statement``: operator, left, right, variables (name to shape and words), definitions (name to
    indices and body), hypotheses and conditions.  ``certificate``: version, and cases with their
    assumptions, steps (rule, before, after) and the terms that both sides come to.
    """
    try:
        return _check(statement, certificate)
    except RecursionError:
        raise Doubt("a term is nested too deeply") from None
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RuntimeError) as e:
        raise Doubt("not of the form of a certificate: {}", e) from e


def seal(statement: Any, cases: Any) -> str:
    """What binds the cases of a certificate to its statement: no field of either may change."""
    return sha256(json.dumps([VERSION, statement, cases], sort_keys=True).encode()).hexdigest()


def check_seal(statement: Any, certificate: Any) -> None:
    """Doubt unless the certificate is for this statement and is as it was written."""
    if certificate["version"] != VERSION:
        raise Doubt("version {!r}; this kernel reads version {}", certificate["version"], VERSION)
    if certificate["seal"] != seal(statement, certificate["cases"]):
        raise Doubt("the certificate was changed, or belongs to another statement")


def _check(statement: Any, certificate: Any) -> int:
    check_seal(statement, certificate)
    given = Given(statement)
    cases = [[node_from(a) for a in case["assumptions"]] for case in certificate["cases"]]
    if not _cover([[*map(_oriented, case)] for case in cases], given, []):
        raise Doubt("the cases leave something out")
    sides = node_from(statement["left"]), node_from(statement["right"])
    # In a hypothesis it is said of the vector: the text names its class.
    stated = (*sides, *(body for _, body in given.definitions.values()))
    if any(p[0] == "free" and p[1].startswith("class of ") for n in stated for p in _parts(n)):
        raise Doubt("a statement with a word that belongs to proofs alone")
    steps = 0
    for number, (assumed, case) in enumerate(zip(cases, certificate["cases"], strict=True), 1):
        try:
            steps += _check_case(given, statement["operator"], sides, assumed, case)
        except Doubt as doubt:
            doubt.place = f"case {number} of {len(cases)}, {doubt.place}"
            raise
    return steps


def _cover(cases: list[list[Node]], given: Given, path: list[Node]) -> bool:
    """Whether the cases, each a list of assumptions, leave nothing out."""
    if not cases or not all(cases):
        return bool(cases) or _impossible(given, path)
    branches = _alternatives(cases[0][0])
    if branches[0][0] == "compare":
        # Where the terms have no value, no branch holds.
        signs = [fact for fact in path if fact[0] == "compare"]
        Case(given, [*given.facts, *signs]).value(("add", branches[0][2], _neg(branches[0][3])))
    for branch in branches:
        others = {*branches} - {branch}
        left = [[a for a in case if a != branch] for case in cases if not others & {*case}]
        if not _cover(left, given, [*path, branch]):
            return False
    return True


def _oriented(fact: Node) -> Node:
    if fact[0] == "not":
        return ("not", _oriented(fact[1]))
    return ("same", *sorted(fact[1:], key=str)) if fact[0] == "same" else fact


def _alternatives(fact: Node) -> list[Node]:
    """What may hold instead of what is assumed, and that itself."""
    match fact:
        case ("compare", ">" | "<" | "=", left, right):
            return [("compare", operator, left, right) for operator in (">", "<", "=")]
        case ("not", ("same", *_) as same) | (("same", *_) as same):
            return [same, ("not", same)]
    raise Doubt("a case that assumes {}", fact)


def _impossible(given: Given, path: list[Node]) -> bool:
    """Whether the conditions, and what is assumed before, exclude what is assumed last."""
    if not path or path[-1][0] != "compare":
        return False
    case = Case(given, [*given.facts, *(fact for fact in path[:-1] if fact[0] == "compare")])
    value = case.value(("add", path[-1][2], _neg(path[-1][3])))
    return not case.sign(value) & SIGNS_OF[path[-1][1]]


def _check_case(
    given: Given, operator: str, sides: tuple[Node, Node], assumed: list[Node], case: Any
) -> int:
    rules = [step["rule"] for step in case["steps"]]
    context = Case(given, [*given.facts, *assumed])
    left, right = (context.value(context.with_indices(side)) for side in sides)
    difference = plus(left, right, -1)
    if not (context.is_zero(difference) if operator == "="
            else context.sign(difference) <= SIGNS_OF[operator]):  # fmt: skip
        raise Doubt(f"nothing shows that left - right, which is {{}}, {operator} 0",
                    context.term(difference))  # fmt: skip
    for name, value in (("left", left), ("right", right)):
        stated = context.with_indices(node_from(case[name]))
        if not context.is_zero(plus(context.leniently(stated), value, -1)):
            raise Doubt(f"the {name} side comes to {{}}, not to {{}} as stated",
                        context.term(value), stated)  # fmt: skip
    for number, (rule, step) in enumerate(zip(rules, case["steps"], strict=True), 1):
        before, after = (context.with_indices(node_from(step[k])) for k in ("before", "after"))
        try:
            if rule not in _rules(before):
                raise Doubt("{} can't be rewritten by this rule", before)
            here = context
            if rule == "chain rule for abs":
                # ``step`` has no value at 0.
                kinks = [p[2] for p in _parts(after) if p[:2] == ("apply", "step")]
                off = [("compare", "!=", u, _number(0)) for u in kinks]
                here = Case(given, [*given.facts, *assumed, *off])
            if not here.is_zero(plus(here.leniently(before), here.leniently(after), -1)):
                raise Doubt("{} and {} are not equal", before, after)
        except Doubt as doubt:
            doubt.place = f"step {number}, {rule!r}: {doubt.place}"
            raise
    return len(rules)


WRITTEN_OUT, LONGEST_WRITTEN_OUT = "sums over a short range written out", 4

#: The rules that rewrite a term, by its kind; {} is a name that occurs in it.
_RULES: dict[str, tuple[str, ...]] = {
    "delta": ("equal indices", "different indices"),
    "sum": ("contract a delta under a sum", "linearity of the sum; pull out constant factors",
            "a matrix times its inverse", "{} sums to 1", WRITTEN_OUT),
    "product": ("product as exp of a sum of logs", WRITTEN_OUT),
    "add": (WRITTEN_OUT,),
    "mul": (WRITTEN_OUT,),
    "exp": ("exp of a sum is a product", "normal form of the exponent"),
    "log": ("log of a product of positive factors",),
    "step": ("derivative of max(0, u) off its kink",),
    "floor": ("floor of a number",),
    "pow": ("root of positive factors", "power as an exponential"),
    "indicator": ("indicator of a sign",),
    "where": ("cases by an indicator",),
    "element": ("definition of {}", "{} is one-hot", "{} is symmetric"),
    "apply": ("definition of {}", "argument of {} in normal form, its sign taken out"),
    "derivative": ("unfold definitions down to {}", "derivative of a constant", "chain rule for {}",
                   "definition of {}", "inner derivative first"),
    "d mul": ("product rule", "constant factor"),
    "d pow": ("derivative of a reciprocal", "power rule",
              "derivative of a power with variable exponent"),
    "d element": ("derivative of a component",),
    "d add": ("derivative of a sum",),
    "d sum": ("derivative of a sum over an index",),
    "d product": ("derivative of a product over an index",),
    "d call": ("chain rule",),
    "d where": ("derivative by cases",),
    "d indicator": ("derivative of an indicator",),
    "d inverse": ("derivative of an inverse",),
    "d determinant": ("Jacobi's formula",),
}  # fmt: skip


def _rules(before: Node) -> set[str]:
    """The rules that may be named where this is rewritten."""
    kinds = [before[0], *([before[1]] if before[0] == "apply" else [])]
    if before[0] == "derivative":
        kinds.append(f"d {before[1][0]}")
    words = [rule for kind in kinds for rule in _RULES.get(kind, ())]
    names = {p[1] for p in _parts(before) if p[0] in ("element", "apply")}
    return {rule.format(name) for rule in words for name in (*names, "")}
