"""The kernel: a second, small program that re-checks a proof and trusts nothing of the first.

``check(statement, certificate)`` returns how many steps it has checked, or raises ``Doubt``.  Both
are plain data (JSON), as ``derive.certificate`` writes them.  Nothing of this project is imported,
and no library: what ``proved`` rests on is this file, and a reader of it.

Checked is: the cases of the certificate cover everything; in each, every step has the form of the
rule it names and is an equation; both sides of the statement have a value wherever the conditions
hold; and the relation between them holds.  Values are Laurent polynomials with exact coefficients
over *atoms*: a component of a variable, ``exp`` of a monomial, a sum that nothing simplifies.  Two
atoms are one if their parts are equal as values.  An equation holds if the difference is 0.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from fractions import Fraction
from hashlib import sha256
from itertools import permutations
from math import gcd, lcm
from typing import Any, NamedTuple

VERSION = 1

Node = tuple[Any, ...]
Monomial = tuple[tuple[int, Fraction], ...]
Value = dict[Monomial, Fraction]
#: The signs that a value may have.
Signs = frozenset[int]

#: Bounds that end a check in doubt rather than in a long wait.
LARGEST_PRODUCT, LARGEST_POWER, MOST_WORK = 4000, 64, 1_000_000

POSITIVE, NONNEGATIVE, ANY = frozenset((1,)), frozenset((0, 1)), frozenset((-1, 0, 1))
NONZERO = frozenset((-1, 1))
SIGNS_OF = {">": POSITIVE, ">=": NONNEGATIVE, "=": frozenset((0,)), "!=": NONZERO,
          "<": frozenset((-1,)), "<=": frozenset((-1, 0))}  # fmt: skip
_OPPOSITE = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "=": "!=", "!=": "="}


class Doubt(Exception):  # noqa: N818 - the word says what it is
    """The certificate does not prove the statement, as far as the kernel can see."""


# ---- terms ------------------------------------------------------------------------------------


def _no_dims(_node: Node) -> Node:
    return ()


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
        return ("number", Fraction(node[1]))
    if node[0] == "free" and node[1][:1] == "#":
        raise Doubt("an index with the name of a bound one")
    dims = node[1:] if node[0] == "dims" else _DIMS.get(node[0], _no_dims)(node)
    if any(isinstance(dim, int) and dim < 1 for dim in dims):
        raise Doubt("a range without elements")
    return node


_NUMBER = re.compile(r"-?\d{1,9000}(/\d{1,9000})?")
#: Where the lengths of ranges stand.
_DIMS: dict[Any, Callable[[Node], Node]] = {
    **dict.fromkeys(("free", "fixed"), lambda node: node[2:3]),
    **dict.fromkeys(("sum", "product", "forall", "dimension"), lambda node: node[1:2]),
}


def _map(node: Any, change: Callable[[Node, int], Node], depth: int = 0) -> Any:
    """The node with every index changed; ``depth`` counts the binders above it."""
    if not isinstance(node, tuple):
        return node
    if node[0] in ("free", "bound", "fixed"):
        return change(node, depth)
    binders = len(node[1]) - 1 if node[0] == "argument" else node[0] in ("sum", "product", "forall")
    return tuple([_map(part, change, depth + binders) for part in node])


def _parts(node: Any) -> Iterator[Node]:
    if isinstance(node, tuple):
        yield node
        for part in node:
            yield from _parts(part)


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
    return _map(node, lambda index, _: change.get(index, index)) if change else node


def _names(node: Node) -> set[str]:
    """The variables whose components occur."""
    return {p[1] for p in _parts(node) if p[0] in ("element", "inverse", "determinant")}


def _number(value: int | Fraction) -> Node:
    return ("number", Fraction(value))


def _neg(term: Node) -> Node:
    return ("mul", _number(-1), term)


def _over(term: Node, divisor: Node) -> Node:
    return ("mul", term, ("pow", divisor, _number(-1)))


def _is(term: Node, operator: str = ">") -> Node:
    return ("indicator", ("compare", operator, term, ZERO))


def _exp(term: Node) -> Node:
    return ("apply", "exp", term)


def _fresh(dim: Any, *nodes: Any) -> Node:
    """An index that does not occur in the nodes; no name of a document starts with this sign."""
    taken = {int(p[1][1:]) for p in _parts(("", *nodes)) if p[0] == "free" and p[1][0] == "#"}
    return ("free", f"#{max(taken, default=0) + 1}", dim)


def _fresh_like(bound: Sequence[Node], *nodes: Any) -> tuple[Node, ...]:
    """As many fresh indices, over the same ranges."""
    found: tuple[Node, ...] = ()
    for index in bound:
        found = (*found, _fresh(index[2], *found, *bound, *nodes))
    return found


ZERO, UNIT, TWO = _number(0), _number(1), _number(2)
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
#: Derivatives; ``step`` and ``flat`` have no value at 0, so that no kink is passed over.
_SLOPES: dict[str, Callable[[Node], Node]] = {
    "exp": _exp,
    "log": lambda u: _over(UNIT, u),
    "sin": lambda u: ("apply", "cos", u),
    "cos": lambda u: _neg(("apply", "sin", u)),
    "atan": lambda u: _over(UNIT, ("add", UNIT, ("pow", u, TWO))),
    "erf": lambda u: _over(("mul", TWO, _exp(_neg(("pow", u, TWO)))),
                           _MEANING["sqrt"](("apply", "pi"))),
    "relu": lambda u: ("apply", "step", u),
    "abs": lambda u: ("add", ("mul", TWO, ("apply", "step", u)), _number(-1)),
    **dict.fromkeys(("sign", "step", "flat"), lambda u: ("apply", "flat", u)),
}  # fmt: skip


# ---- signs and polynomials --------------------------------------------------------------------


def _of_product(a: Signs, b: Signs) -> Signs:
    return frozenset(x * y for x in a for y in b)


def _of_sum(a: Signs, b: Signs) -> Signs:
    return frozenset(s for x in a for y in b for s in ((x or y,) if x * y != -1 else ANY))


def of_power(signs: Signs, exponent: Fraction) -> Signs:
    """Of a base that is not 0 (exponent below 0), nor negative (exponent no integer)."""
    if exponent < 0:
        signs &= NONZERO
    if exponent.denominator != 1:
        return signs & NONNEGATIVE
    return signs if exponent % 2 else _of_product(signs, signs) - {-1}


def plus(a: Value, b: Value, scale: Fraction | int = 1) -> Value:
    """``a + scale b``."""
    total = dict(a)
    for monomial, coefficient in b.items():
        total[monomial] = total.get(monomial, Fraction(0)) + scale * coefficient
        if not total[monomial]:
            del total[monomial]
    return total


def minus(value: Value) -> Value:
    """``-value``."""
    return plus({}, value, -1)


def _joined(*monomials: Iterable[tuple[int, Fraction]]) -> Monomial:
    total: dict[int, Fraction] = {}
    for atom, exponent in (pair for monomial in monomials for pair in monomial):
        total[atom] = total.get(atom, Fraction(0)) + exponent
    return tuple(sorted((a, e) for a, e in total.items() if e))


def _constant(value: int | Fraction) -> Value:
    return {(): Fraction(value)} if value else {}


def _of(atom: int, exponent: Fraction | int = 1) -> Value:
    return {((atom, Fraction(exponent)),): Fraction(1)}


def split(value: Value) -> tuple[Fraction, Monomial, Value]:
    """Content > 0, common monomial, and the rest, whose coefficients are coprime integers."""
    atoms = {atom for monomial in value for atom, _ in monomial}
    least = {a: min(dict(m).get(a, Fraction(0)) for m in value) for a in atoms}
    coefficients = value.values()
    content = Fraction(
        gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients))
    )
    inverse = [(a, -e) for a, e in least.items()]
    return content, _joined(least.items()), {
        _joined(m, inverse): c / content for m, c in value.items()
    }  # fmt: skip


def _divides(divisor: Value, value: Value) -> bool:
    """Whether the value is a monomial times the divisor."""
    _, monomial, rest = split(divisor)
    _, common, whole = split(value)
    quotient = _joined(common, [(a, -e) for a, e in monomial])
    return whole in (rest, minus(rest)) and all(e > 0 for _, e in quotient)


def _primes(value: Fraction) -> Iterator[tuple[int, Fraction]]:
    """The prime factors of a positive number; what is left above 1000 stays whole."""
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        for divisor in range(2, 1000):
            exponent = 0
            while part % divisor == 0:
                part, exponent = part // divisor, exponent + 1
            if exponent:
                yield divisor, Fraction(sign * exponent)
        if part > 1:
            yield part, Fraction(sign)


class Atom(NamedTuple):
    """What the arithmetic does not look into: a term, and the values of its parts."""

    term: Node
    kind: Node
    bound: tuple[Node, ...] = ()
    parts: tuple[Value, ...] = ()
    indices: frozenset[Node] = frozenset()


class Case:
    """The values of terms under the facts of one case."""

    def __init__(self, given: "Given", facts: Sequence[Node], distinct: set[frozenset[Node]],
                 identified: dict[Node, Node]) -> None:  # fmt: skip
        self.given, self.distinct, self.identified = given, distinct, identified
        self.atoms: list[Atom] = []
        self.by_kind: dict[Node, list[int]] = {}
        self.numbers: dict[tuple[Any, ...], int] = {}
        self.rewrites: dict[int, Value] = {}
        self.atom_signs: dict[int, Signs] = {}
        self.known: list[tuple[Value, Signs]] = []
        self.schemes: list[Node] = []
        self.instances: set[tuple[Node, Node]] = set()
        self.values: dict[tuple[Node, bool, bool], Value] = {}
        self.lengths: set[str] = set()
        self.lenient = self.near = self.written_out = False
        self.work = 0
        bare = given.without_definitions() if facts or given.definitions else given
        self.bare = self if bare is given else Case(bare, (), distinct, identified)
        for fact in facts:
            self.learn(fact)

    # -- atoms

    def atom(self, term: Node, kind: Node = (), parts: tuple[Value, ...] = (),
             bound: tuple[Node, ...] = ()) -> Value:  # fmt: skip
        """The value that is one atom, or what a fact says it equals."""
        number = self.number(term, kind, parts, bound)
        return self.rewrites.get(number, _of(number))

    def number(self, term: Node, kind: Node = (), parts: tuple[Value, ...] = (),
               bound: tuple[Node, ...] = ()) -> int:  # fmt: skip
        """The atom of a term; one that is known already if all parts are equal."""
        atom = Atom(term, kind or term, bound, parts,
                    frozenset(p for p in _parts(term) if p[0] == "free"))  # fmt: skip
        exact = (atom.kind, bound, tuple(frozenset(part.items()) for part in parts))
        if exact not in self.numbers:
            alike = self.by_kind.setdefault(atom.kind, [])
            same = (number for number in alike if self._same(atom, self.atoms[number]))
            found = next(same, None)
            if found is None:
                found = len(self.atoms)
                self.atoms.append(atom)
                alike.append(found)
            self.numbers[exact] = found
        return self.numbers[exact]

    def _same(self, atom: Atom, other: Atom) -> bool:
        orders: Iterable[Sequence[Node]] = [other.bound]
        if atom.kind[0] == "sum":
            orders = permutations(other.bound)
        if len(atom.parts) != len(other.parts):
            return False
        for order in orders:
            if [i[2] for i in order] == [i[2] for i in atom.bound]:
                common = _fresh_like(atom.bound, *order, atom.term, other.term)
                ours, theirs = (dict(zip(b, common, strict=True)) for b in (atom.bound, order))
                pairs = zip(atom.parts, other.parts, strict=True)
                if all(self.equal(self.at(a, ours), self.at(b, theirs)) for a, b in pairs):
                    return True
        return False

    def equal(self, a: Value, b: Value) -> bool:
        """Whether two values are one, by polynomial arithmetic alone."""
        return a == b or not self.cleared(plus(a, b, -1))[0]

    def indices(self, value: Value) -> set[Node]:
        """The free indices of a value."""
        return {i for monomial in value for atom, _ in monomial for i in self.atoms[atom].indices}

    def term(self, value: Value) -> Node:
        """A term with this value."""
        return ("add", *(
            ("mul", _number(c), *(("pow", self.atoms[a].term, _number(e)) for a, e in monomial))
            for monomial, c in value.items()
        ))  # fmt: skip

    def at(self, value: Value, change: dict[Node, Node]) -> Value:
        """The value with free indices replaced: what holds for all of them holds for these."""
        if not self.indices(value) & change.keys():
            return value
        kept, self.lenient = self.lenient, True
        try:
            total: Value = {}
            for monomial, c in value.items():
                product: Value = {(): c}
                for number, e in monomial:
                    product = self.times(product, self._atom_at(number, e, change))
                total = plus(total, product)
            return total
        finally:
            self.lenient = kept

    def _atom_at(self, number: int, exponent: Fraction, change: dict[Node, Node]) -> Value:
        atom = self.atoms[number]
        if not atom.indices & change.keys():
            return _of(number, exponent)
        return self.power(self.value(_at(atom.term, change)), exponent)

    # -- arithmetic

    def times(self, a: Value, b: Value) -> Value:
        """The product, with indicators idempotent and whole powers of sums written out."""
        self.work += len(a) * len(b)
        if len(a) * len(b) > LARGEST_PRODUCT or self.work > MOST_WORK:
            raise Doubt("a product is too large")
        total: Value = {}
        for m, c in a.items():
            for n, d in b.items():
                total = plus(total, self.tidied(_joined(m, n)), c * d)
        return total

    def tidied(self, monomial: Monomial) -> Value:
        """The product of powers of atoms as a value."""
        plain: list[tuple[int, Fraction]] = []
        factor: Value = _constant(1)
        above: list[Value] = []
        for number, e in monomial:
            atom, whole = self.atoms[number], e.numerator // e.denominator
            match atom.kind[0]:
                case "delta":
                    e = Fraction(1)
                case "indicator":
                    if any(self.equal(atom.parts[0], minus(other)) for other in above):
                        return {}
                    e, above = Fraction(1), [*above, atom.parts[0]]
                case "prime":
                    factor, e = (
                        self.times(factor, _constant(Fraction(atom.kind[1]) ** whole)),
                        e - whole,
                    )
                case "poly" if whole > 0:
                    factor, e = self.times(factor, self.power(atom.parts[0], whole)), e - whole
                case "sin" if e == whole > 1:
                    cosine = self.atom(("apply", "cos", atom.term[2]), ("cos",), atom.parts)
                    square = plus(_constant(1), self.power(cosine, 2), -1)
                    factor, e = self.times(factor, self.power(square, whole // 2)), e % 2
            if e:
                plain.append((number, e))
        rest = {tuple(plain): Fraction(1)}
        return rest if factor == {(): 1} else self.times(factor, rest)

    def power(self, base: Value, exponent: Fraction | int) -> Value:
        """``base ** exponent``: a base that is not 0, or positive, where the exponent asks that."""
        e = Fraction(exponent)
        if e.denominator != 1:
            return self._root(base, e)
        if e < 0:
            self.need(base, "!=")
        elif len(base) != 1:
            if e > LARGEST_POWER:
                raise Doubt("a power is too large")
            result = _constant(1)
            for _ in range(int(e)):
                result = self.times(result, base)
            return result
        content, factors = self.factors(base)
        return plus({}, self.tidied(_joined((a, f * e) for a, f in factors)), content ** int(e))

    def factors(self, value: Value) -> tuple[Fraction, list[tuple[int, Fraction]]]:
        """A number, and powers of atoms, that multiply to the value: a sum counts as one atom."""
        if not value:
            raise Doubt("0 has no factors")
        content, monomial, rest = split(value)
        if len(rest) == 1:
            return content * rest[()], list(monomial)
        for number in self.by_kind.get(("poly",), ()):
            if self.equal(self.atoms[number].parts[0], minus(rest)):
                return -content, [*monomial, (number, Fraction(1))]
        return content, [*monomial, (self.number(self.term(rest), ("poly",), (rest,)), Fraction(1))]

    def product(self, factors: Iterable[tuple[int, Fraction]], scale: int | Fraction = 1) -> Value:
        """The product of powers of atoms, times a number."""
        return plus({}, self.tidied(_joined(factors)), scale)

    def _root(self, base: Value, exponent: Fraction) -> Value:
        """A power that is no whole number, split over factors that are not negative."""
        self.need(base, ">=" if exponent > 0 and not self.near else ">")
        if not base:
            return {}
        content, factors = self.factors(base)
        result, rest = _constant(1), []
        for number, e in factors:
            if self.sign_of(number) <= (NONNEGATIVE if exponent > 0 and e > 0 else POSITIVE):
                result = self.times(result, self.tidied(((number, e * exponent),)))
            elif e % 2 == 0 and (e * exponent).denominator == 1:
                modulus = self.times(_of(number), self.indicator(_of(number), both=True))
                result = self.times(result, self.power(modulus, e * exponent))
            else:
                rest.append((number, e))
        if rest:
            inner = self.product(rest, 1 if content > 0 else -1)
            result = self.times(result, _of(self.number(self.term(inner), ("root",), (inner,)),
                                            exponent))  # fmt: skip
        for prime, e in _primes(abs(content)):
            number = self.number(_number(prime), ("prime", prime))
            result = self.times(result, self.tidied(((number, e * exponent),)))
        return result

    def exp(self, value: Value) -> Value:
        """``exp(sum of c m) = product of exp(m)^c``, and ``exp(c log a) = a^c``."""
        result = _constant(1)
        for monomial, c in value.items():
            base = {monomial: Fraction(1)}
            atom = self.atoms[monomial[0][0]] if len(monomial) == 1 == monomial[0][1] else None
            if atom is not None and atom.kind == ("log",):
                factor = self.power(atom.parts[0], c)
            else:
                number = self.number(_exp(self.term(base)), ("exp",), (base,))
                factor = _of(number, c)
            result = self.times(result, factor)
        return result

    def log(self, value: Value) -> Value:
        """``log(c product of f^e) = log c + sum of e log f``, over positive factors."""
        self.need(value, ">")
        content, factors = self.factors(value)
        result, rest = dict[Monomial, Fraction](), []
        for number, e in factors:
            if self.sign_of(number) != POSITIVE:
                rest.append((number, e))
            elif self.atoms[number].kind == ("exp",):
                result = plus(result, self.atoms[number].parts[0], e)
            else:
                result = plus(result, self._log(_of(number)), e)
        scale = Fraction(1)
        if len(rest) == 1 and content > 0 and rest[0][1].denominator == 1:
            ((number, e),) = rest
            scale, rest = (
                (e, [(number, Fraction(1))]) if e % 2 else (e / 2, [(number, Fraction(2))])
            )
        if rest:
            inner = self.product(rest, 1 if content > 0 else -1)
            result = plus(result, self._log(inner), scale)
        for prime, e in _primes(abs(content)):
            result = plus(result, self._log(_constant(prime)), e)
        return result

    def _log(self, value: Value) -> Value:
        return self.atom(("apply", "log", self.term(value)), ("log",), (value,))

    def indicator(self, value: Value, both: bool = False) -> Value:
        """``[v > 0]``, less ``[v < 0]`` if both; positive factors of v are left out."""
        if both:
            return plus(self.indicator(value), self.indicator(minus(value)), -1)
        signs = self.sign(value)
        if signs <= POSITIVE or not signs & POSITIVE:
            return _constant(int(signs <= POSITIVE))
        content, factors = self.factors(value)
        scale, rest = (1 if content > 0 else -1), []
        for number, e in factors:
            signs = of_power(self.sign_of(number), e)
            if len(signs) == 1 and 0 not in signs:
                scale *= min(signs)
            else:
                rest.append((number, abs(e)))
        core = self.product(rest, scale)
        return self.atom(_is(self.term(core)), ("indicator",), (core,))

    def delta(self, left: Node, right: Node) -> Value:
        """1 where two indices agree, else 0."""
        left, right = (self.identified.get(i, i) for i in (left, right))
        if left[-1] != right[-1]:
            raise Doubt("a delta between two ranges")
        if left == right or left[-1] == 1:
            return _constant(1)
        if left[0] == right[0] == "fixed" or frozenset((left, right)) in self.distinct:
            return {}
        return self.atom(("delta", *sorted((left, right), key=str)))

    # -- sums

    def total(self, index: Node, value: Value) -> Value:
        """The sum over an index: linear, deltas contracted, constant factors taken out."""
        result: Value = {}
        for monomial, c in value.items():
            inner = tuple(p for p in monomial if index in self.atoms[p[0]].indices)
            outer = {tuple(p for p in monomial if p not in inner): c}
            deltas = [p for p in inner if self.atoms[p[0]].kind[0] == "delta"]
            if deltas:
                (other,) = (i for i in self.atoms[deltas[0][0]].term[1:] if i != index)
                rest = self.product(p for p in inner if p != deltas[0])
                part = self.at(rest, {index: other})
            else:
                part = self._summed([index], inner) if inner else self.dimension(index[2])
            result = plus(result, self.times(outer, part))
        return result

    def _summed(self, bound: list[Node], monomial: Monomial) -> Value:
        """The sum of one monomial: inner sums join it, parts that share no index leave it."""
        left: list[tuple[int, Fraction]] = []
        for number, e in monomial:
            atom = self.atoms[number]
            joins = atom.kind[0] == "sum" and e.denominator == 1 and 0 < e <= 4
            for _ in range(int(e) if joins else 0):
                terms = [self.atoms[a].term for a, _ in (*monomial, *left)]
                fresh = _fresh_like(atom.bound, *bound, *terms)
                bound = [*bound, *fresh]
                change = dict(zip(atom.bound, fresh, strict=True))
                inner = self.at(atom.parts[0], change)
                if list(inner.values()) != [1]:
                    raise Doubt("a sum over a sum that is no monomial")
                left.extend(next(iter(inner)))
            if not joins:
                left.append((number, e))
        left, result = list(_joined(left)), _constant(1)
        while bound:
            group, part = {bound[0]}, list[tuple[int, Fraction]]()
            while touched := [p for p in left if group & self.atoms[p[0]].indices]:
                part, left = part + touched, [p for p in left if p not in touched]
                group |= {i for p in touched for i in self.atoms[p[0]].indices if i in bound}
            members = sorted((i for i in bound if i in group), key=lambda i: str(i[2]))
            bound = [i for i in bound if i not in group]
            result = self.times(result, self._connected_sum(members, part))
        return self.times(result, {tuple(left): Fraction(1)})

    def _connected_sum(self, bound: list[Node], part: list[tuple[int, Fraction]]) -> Value:
        if not part:
            return self.dimension(bound[0][2])
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
        body = self.product(part)
        term = self.term(body)
        for index in reversed(bound):
            term = ("sum", index[2], _bind(term, index))
        kinds = [(str(e), *(k for k in self.atoms[a].kind if isinstance(k, str))) for a, e in part]
        kind = ("sum", tuple(index[2] for index in bound), tuple(sorted(kinds)))
        return self.atom(term, kind, (body,), tuple(bound))

    # -- signs

    def need(self, value: Value, operator: str) -> None:
        """Doubt unless the value stands in the relation to 0 wherever the facts hold."""
        if not self.lenient and not self.sign(value) <= SIGNS_OF[operator]:
            raise Doubt(f"nothing shows that {self.term(value)} {operator} 0")

    def sign(self, value: Value) -> Signs:
        """The signs that a value may have where the facts hold."""
        self._instantiate(self.indices(value))
        signs = self._by_monomials(value) & self._by_facts(value)
        if signs == ANY and len(value) > 1:
            _, common, rest = split(value)
            if common:
                return _of_product(self._by_monomials({common: Fraction(1)}), self.sign(rest))
            cleared, divisor = self.cleared(value)
            if divisor:
                of_divisor = self._by_monomials({divisor: Fraction(1)})
                return _of_product(self.sign(cleared), of_divisor)
            if any(len(m) == 1 and self.atoms[m[0][0]].kind == ("log",) for m in value):
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
        if number not in self.atom_signs:
            self.atom_signs[number] = ANY
            by_fact = self._by_facts(_of(number))
            self.atom_signs[number] = self._sign_by_kind(self.atoms[number]) & by_fact
        return self.atom_signs[number]

    def _sign_by_kind(self, atom: Atom) -> Signs:
        match atom.kind:
            case ("dimension" | "position" | "exp" | "pi" | "prime", *_):
                return POSITIVE
            case ("delta" | "indicator" | "root", *_):
                return NONNEGATIVE
            case ("element", name, *_):
                return self.given.sign(name)
            case ("log",):
                return self.sign(plus(atom.parts[0], _constant(1), -1))
            case ("poly",):
                return self.sign(atom.parts[0])
            case ("sum" | "product" as kind, *_):
                signs = self.sign(atom.parts[0])
                below = kind == "sum" and signs <= SIGNS_OF["<="]
                return signs if signs <= NONNEGATIVE or below else ANY
        return ANY

    # -- facts

    def learn(self, fact: Node) -> None:
        """Use what holds in this case: a sign, or an equation that determines an atom."""
        match fact:
            case ("and", *facts):
                for part in facts:
                    self.learn(part)
            case ("forall", _, _):
                self.schemes.append(fact)
            case ("not", ("compare", operator, left, right)):
                self.learn(("compare", _OPPOSITE[operator], left, right))
            case ("or", *facts):
                possible = [part for part in facts if self._possible(part)]
                if len(possible) == 1:
                    self.learn(possible[0])
            case ("compare", operator, left, right):
                value = self.leniently(("add", left, _neg(right)))
                if value and operator == "=":
                    self._learn_equation(value)
                elif value:
                    self._learn_sign(value, SIGNS_OF[operator])
        self.values.clear()
        self.atom_signs.clear()

    def _possible(self, fact: Node) -> bool:
        if fact[0] != "compare":
            return True
        signs = self.sign(self.leniently(("add", fact[2], _neg(fact[3]))))
        return bool(signs & SIGNS_OF[fact[1]])

    def _learn_sign(self, value: Value, signs: Signs) -> None:
        self.known.append((value, signs))
        content, factors = self.factors(value)
        signs, rest = _of_product(signs, SIGNS_OF[">" if content > 0 else "<"]), []
        for number, e in factors:
            of_factor = of_power(self.sign_of(number), e)
            if len(of_factor) == 1 and 0 not in of_factor:
                signs = _of_product(signs, of_factor)
            else:
                rest.append((number, e))
        if len(rest) == 1 and rest[0][1].denominator == 1:
            ((number, e),) = rest
            signs = signs if e % 2 else NONZERO if 0 not in signs else ANY
            self.known.append((_of(number), signs))
            if self.atoms[number].kind == ("poly",):
                self.known.append((self.atoms[number].parts[0], signs))

    def _learn_equation(self, value: Value) -> None:
        value, _ = self.cleared(value)
        if not value:
            return
        self.known.append((value, SIGNS_OF["="]))
        linear = [m[0][0] for m in value if len(m) == 1 == m[0][1]]
        alone = [n for n in linear if sum(n in dict(m) for m in value) == 1]
        if alone:
            number = min(alone, key=lambda n: (self.atoms[n].kind[0] != "sum", -n))
            coefficient = value[((number, Fraction(1)),)]
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
            powers = dict[int, Fraction]()
            for number, e in (pair for monomial in value for pair in monomial):
                if self.atoms[number].kind == ("poly",) and e < 0:
                    powers[number] = max(powers.get(number, Fraction(0)), Fraction(-(e // 1)))
            if not powers:
                return value, divisor
            divisor, before, value = _joined(divisor, powers.items()), value, {}
            for monomial, c in before.items():
                value = plus(value, self.tidied(_joined(monomial, powers.items())), c)
        raise Doubt("denominators within denominators")

    def is_zero(self, value: Value) -> bool:
        """Whether a value is 0 wherever it is defined and the facts hold."""
        value, _ = self.cleared(self._with_deltas_used(value))
        if not value or self.sign(value) <= SIGNS_OF["="]:
            return True
        zeros = [known for known, signs in self.known if signs == SIGNS_OF["="]]
        return any(_divides(zero, value) for zero in zeros) or self._merged_is_zero(value)

    def _with_deltas_used(self, value: Value) -> Value:
        """``delta_ij f(i) = delta_ij f(j)``."""
        total: Value = {}
        for monomial, c in value.items():
            deltas = tuple(p for p in monomial if self.atoms[p[0]].kind[0] == "delta")
            pairs = [self.atoms[number].term[1:] for number, _ in deltas]
            change = {gone: kept for kept, gone in pairs if gone[0] == "free"}
            rest = {tuple(p for p in monomial if p not in deltas): c}
            total = plus(total, self.times(self.at(rest, change), {deltas: Fraction(1)}))
        return total

    def _merged_is_zero(self, value: Value) -> bool:
        """``sum c_a sum_k f_a(k) = sum_k sum c_a f_a(k)``: 0 if the summand is."""
        groups: dict[tuple[Monomial, Node], tuple[tuple[Node, ...], Value]] = {}
        for monomial, c in value.items():
            sums = [n for n, e in monomial if self.atoms[n].kind[0] == "sum" and e == 1]
            if len(sums) != 1:
                return False
            atom = self.atoms[sums[0]]
            outside = tuple(p for p in monomial if p[0] != sums[0]), atom.kind
            terms = [self.atoms[n].term for m in value for n, _ in m]
            bound, total = groups.get(outside, (_fresh_like(atom.bound, *terms), {}))
            body = self.at(atom.parts[0], dict(zip(atom.bound, bound, strict=True)))
            groups[outside] = (bound, plus(total, body, c))
        return all(self.is_zero(total) for _, total in groups.values())

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
        key = (term, self.near, self.lenient)
        if key not in self.values:
            self.values[key] = self._value(term)
        return self.values[key]

    def dimension(self, dim: Any) -> Value:
        """The length of a range."""
        if isinstance(dim, int):
            return _constant(dim)
        length = self.atom(("dimension", dim))
        if dim not in self.lengths:
            self.lengths.add(dim)
            self.known.append((plus(length, _constant(1), -1), NONNEGATIVE))
        return length

    def _in_range(self, indices: Iterable[Node]) -> None:
        for index in indices:
            if index[0] == "bound" or (index[0] == "fixed" and index[1] < 1):
                raise Doubt("an index out of its range")
            if index[0] == "fixed" and index[1] > 1:
                self.need(plus(self.dimension(index[2]), _constant(index[1]), -1), ">=")

    def _value(self, term: Node) -> Value:
        match term:
            case ("number", value):
                return _constant(value)
            case ("dimension", dim):
                return self.dimension(dim)
            case ("position", index):
                self._in_range((index,))
                return _constant(index[1]) if index[0] == "fixed" else self.atom(term)
            case ("element", name, *indices):
                self._in_range(indices)
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
                    total = plus(total, self.value(part))
                return total
            case ("mul", *factors):
                return self._product(factors)
            case ("pow", base, exponent):
                power = self.value(exponent)
                if not power or list(power) == [()]:
                    return self.power(self.value(base), power.get((), 0))
                return self.exp(self.times(power, self.log(self.value(base))))
            case ("apply", function, *arguments):
                return self._function(function, arguments)
            case ("delta", left, right):
                self._in_range((left, right))
                return self.delta(left, right)
            case ("indicator", condition):
                return self._truth(condition)
            case ("where", condition, then, otherwise):
                truth = self._truth(condition)
                if truth in ({}, {(): 1}):
                    return self.value(then if truth else otherwise)
                first, second = self.value(then), self.value(otherwise)
                return plus(second, self.times(truth, plus(first, second, -1)))
            case ("sum", int(dim), body) if self.written_out and dim <= 8:
                places = [_open(body, ("fixed", place, dim)) for place in range(1, dim + 1)]
                return self.value(("add", *places))
            case ("sum", dim, body):
                index = _fresh(dim, body)
                return self.total(index, self.value(_open(body, index)))
            case ("product", dim, body):
                index = _fresh(dim, body)
                value = self.value(_open(body, index))
                if self.sign(value) <= POSITIVE:
                    return self.exp(self.total(index, self.log(value)))
                return self.atom(term, ("product", dim), (value,), (index,))
            case ("call", *_):
                return self._call(term)
            case ("derivative", body, variable):
                return self._derivative(body, variable)
            case ("inverse", name, row, column):
                self._in_range((row, column))
                if not self.given.has(name, "invertible", "positive definite", "orthogonal"):
                    self.need(self.value(("determinant", name)), "!=")
                return self.atom(term)
            case ("determinant", _):
                return self.atom(term)
        raise Doubt(f"no value of {term[0]!r}: a case is needed")

    def _product(self, factors: Sequence[Node]) -> Value:
        """A kink counts only where its factor, the inner derivative, is not identically 0."""
        kinks = [f for f in factors if any(p[:2] in _KINKS for p in _parts(f))]
        result, plain = _constant(1), [f for f in factors if f not in kinks]
        for factor in plain:
            result = self.times(result, self.value(factor))
        if kinks and plain:
            # Without the facts, which may hold at the point alone and not around it.
            bare = self.bare.leniently(("mul", *plain))
            if not bare:
                return {}
            deltas = [self.bare.atoms[n].term for n, _ in split(bare)[1]]
            pairs = [delta[1:] for delta in deltas if delta[0] == "delta"]
            for change in [dict(pairs), {b: a for a, b in pairs}] if pairs else []:
                try:
                    return self.times(result, self.value(_at(("mul", *kinks), change)))
                except Doubt:
                    continue
        for factor in kinks:
            result = self.times(result, self.value(factor))
        return result

    def _function(self, function: str, arguments: Sequence[Node]) -> Value:
        if function in _MEANING:
            return self.value(_MEANING[function](*arguments))
        values = tuple(self.value(argument) for argument in arguments)
        match function, values:
            case "exp", (value,):
                return self.exp(value)
            case "log", (value,):
                return self.log(value)
            case (("step" | "flat"), (value,)):
                self.need(value, "!=")
                return self.indicator(value) if function == "step" else {}
            case "floor", (value,) if list(value) in ([], [()]):
                return _constant(value.get((), Fraction(0)) // 1)
            case (("sin" | "atan" | "erf"), ({},)):
                return {}
            case (("sin" | "cos" | "atan" | "erf"), (value,)):
                for number in self.by_kind.get((function,), ()):
                    if self.equal(self.atoms[number].parts[0], minus(value)):
                        return plus({}, _of(number), 1 if function == "cos" else -1)
            case ("pi", ()) | ("floor", (_,)):
                pass
            case _:
                raise Doubt(f"no rule for the function {function!r}")
        return self.atom(("apply", function, *map(self.term, values)), (function,), values)

    def _call(self, term: Node) -> Value:
        """An unknown function: its arguments are values, its partial derivatives commute."""
        _, name, outputs, arguments, partials = term
        self._in_range((*outputs[1:], *(i for partial in partials[1:] for i in partial[2:])))
        bound: list[Node] = []
        values = []
        for _, dims, body in arguments[1:]:
            for place, dim in enumerate(dims[1:], 2):
                bound.append(_fresh(dim, term, *bound))
                body = _open(body, bound[-1], len(dims) - place)
            values.append(self.value(body))
        order = ("partials", *sorted(partials[1:], key=str))
        return self.atom(term, ("call", name, outputs, order), tuple(values), tuple(bound))

    def _truth(self, condition: Node) -> Value:
        """1 where the proposition holds, else 0."""
        match condition:
            case ("compare", operator, left, right):
                value = plus(self.value(left), self.value(right), -1)
                signs = self.sign(value)
                if signs <= SIGNS_OF[operator] or not signs & SIGNS_OF[operator]:
                    return _constant(int(signs <= SIGNS_OF[operator]))
                above, below = self.indicator(value), self.indicator(minus(value))
                zero = plus(plus(_constant(1), above, -1), below, -1)
                chosen = zip((1, 0, -1), (above, zero, below), strict=True)
                truth: Value = {}
                for sign, part in chosen:
                    truth = plus(truth, part) if sign in SIGNS_OF[operator] else truth
                return truth
            case ("same", left, right):
                self._in_range((left, right))
                return self.delta(left, right)
            case ("not", inner):
                return plus(_constant(1), self._truth(inner), -1)
            case ("and", *conditions):
                truth = _constant(1)
                for part in conditions:
                    truth = self.times(truth, self._truth(part))
                return truth
            case ("or", *conditions):
                return self._truth(("not", ("and", *(("not", part) for part in conditions))))
        raise Doubt(f"the truth of {condition[0]!r} is not decided")

    # -- derivatives

    def _derivative(self, body: Node, x: Node) -> Value:
        """A derivative has a value where its body has one around the point, and no kink."""
        self.value(x)
        body = self.given.unfolded(body, but=x[1])
        for part in _parts(body):
            if part[0] in ("inverse", "determinant") and part[1] in self.given.definitions:
                raise Doubt("a derivative through the inverse or determinant of a definition")
        kept, self.near = self.near, True
        try:
            self.value(body)
        finally:
            self.near = kept
        return self.value(self.slope(body, x))

    def slope(self, term: Node, x: Node) -> Node:
        """The derivative by a component, as a term."""
        self.given.check_moves_freely(term, x)
        if x[1] not in _names(term):
            return ZERO
        match term:
            case ("element", _, *indices):
                return ("mul", *(("delta", a, b) for a, b in zip(indices, x[2:], strict=True)))
            case ("add", *terms):
                return ("add", *(self.slope(part, x) for part in terms))
            case ("mul", *factors):
                turns = [n for n, factor in enumerate(factors) if x[1] in _names(factor)]
                return ("add", *(
                    ("mul", *(self.slope(f, x) if n == m else f for m, f in enumerate(factors)))
                    for n in turns
                ))  # fmt: skip
            case ("pow", base, exponent) if x[1] not in _names(exponent):
                lower = ("pow", base, ("add", exponent, _number(-1)))
                return ("mul", exponent, lower, self.slope(base, x))
            case ("pow", base, exponent):
                return self.slope(_exp(("mul", exponent, ("apply", "log", base))), x)
            case ("apply", function, u) if function in _SLOPES:
                return ("mul", _SLOPES[function](u), self.slope(u, x))
            case ("apply", function, *arguments) if function in _MEANING:
                return self.slope(_MEANING[function](*arguments), x)
            case ("sum" | "product" as kind, dim, body):
                index = _fresh(dim, body, x)
                inner = self.slope(_open(body, index), x)
                if kind == "sum":
                    return ("sum", dim, _bind(inner, index))
                share = _over(inner, _open(body, index))
                return ("mul", term, ("sum", dim, _bind(share, index)))
            case ("indicator", condition):
                return self._border(condition, x)
            case ("where", condition, then, otherwise):
                last = otherwise if otherwise == ("undefined",) else self.slope(otherwise, x)
                chosen = ("where", condition, self.slope(then, x), last)
                return ("add", self._border(condition, x), chosen)
            case ("call", *_):
                return ("add", *self._chain(term, x))
            case ("derivative", body, variable) if x[1] not in self.given.definitions:
                body = self.given.unfolded(body, but=variable[1])
                return self.slope(self.slope(body, variable), x)
            case ("inverse", name, row, column) if name == x[1]:
                return _neg(("mul", ("inverse", name, row, x[2]), ("inverse", name, x[3], column)))
            case ("determinant", name) if name == x[1]:
                return ("mul", term, ("inverse", name, x[3], x[2]))
        raise Doubt(f"no rule for the derivative of {term[0]!r}")

    def _border(self, condition: Node, x: Node) -> Node:
        """0, without a value where a comparison that depends on ``x`` tips over."""
        match condition:
            case ("compare", _, left, right):
                u = ("add", left, _neg(right))
                return ("mul", ("apply", "flat", u), self.slope(u, x))
            case ("same", *_):
                return ZERO
            case ("not" | "and" | "or", *conditions):
                return ("add", *(self._border(part, x) for part in conditions))
        raise Doubt("a derivative through a condition on all indices")

    def _chain(self, call: Node, x: Node) -> Iterator[Node]:
        """The chain rule: over all components of all arguments."""
        _, name, outputs, arguments, partials = call
        for slot, (_, dims, body) in enumerate(arguments[1:]):
            if x[1] in _names(body):
                bound: list[Node] = []
                for dim in dims[1:]:
                    bound.append(_fresh(dim, call, x, *bound))
                for place, index in enumerate(bound, 1):
                    body = _open(body, index, len(bound) - place)
                taken = (*partials, ("partial", slot, *bound))
                outer = ("call", name, outputs, arguments, taken)
                summand: Node = ("mul", outer, self.slope(body, x))
                for index in reversed(bound):
                    summand = ("sum", index[2], _bind(summand, index))
                yield summand


# ---- what is given ----------------------------------------------------------------------------


class Given:
    """What a statement rests on: variables with their words, definitions, hypotheses."""

    def __init__(self, statement: Any) -> None:
        self.words = {name: set(words) for name, (_, words) in statement["variables"].items()}
        self.definitions = {
            name: (tuple(map(node_from, indices)), node_from(body))
            for name, (indices, body) in statement["definitions"].items()
        }
        self.hypotheses: list[Node] = [node_from(h) for h in statement["hypotheses"]]
        self.facts = [*self.hypotheses, *(node_from(c) for c in statement["conditions"])]
        for name, (shape, words) in statement["variables"].items():
            if "sums to 1" in words and len(shape) == 1:
                whole = ("sum", shape[0], ("element", name, ("bound", 0)))
                self.facts.append(("compare", "=", whole, UNIT))

    def has(self, name: str, *words: str) -> bool:
        """Whether one of the words was declared for the variable."""
        return not self.words.get(name, set()).isdisjoint(words)

    def sign(self, name: str) -> Signs:
        """The signs that the words leave to the components of a variable."""
        signs = POSITIVE if self.has(name, "positive") else ANY
        signs &= NONNEGATIVE if self.has(name, "nonnegative") else ANY
        return signs & (NONZERO if self.has(name, "nonzero") else ANY)

    def without_definitions(self) -> "Given":
        """What holds around a point too: neither facts nor definitions, only the words."""
        bare = copy(self)
        bare.definitions, bare.hypotheses, bare.facts = {}, [], []
        return bare

    def unfolded(self, node: Any, but: str = "") -> Any:
        """The node with components of defined names replaced by what they stand for."""
        if not isinstance(node, tuple):
            return node
        if node[0] == "element" and node[1] in self.definitions and node[1] != but:
            indices, body = self.definitions[node[1]]
            change = dict(zip(indices, node[2:], strict=True))

            def put(found: Node, depth: int) -> Node:
                return _raised(change[found], depth) if found in change else found

            return self.unfolded(_map(body, put), but)
        if node[0] == "derivative":
            if but and node[2][1] in self.definitions:
                raise Doubt("a derivative within a derivative, by a name that is defined")
            return ("derivative", self.unfolded(node[1], node[2][1]), node[2])
        return tuple([self.unfolded(part, but) for part in node])

    def check_moves_freely(self, term: Node, x: Node) -> None:
        """A component can be moved alone only if no word and no equation ties it to others."""
        tied = ("symmetric", "positive definite", "orthogonal", "one-hot", "sums to 1", "integer")
        if self.has(x[1], *tied):
            raise Doubt(f"a derivative by {x[1]}, whose components are not free")
        for hypothesis in self.hypotheses:
            names = _names(hypothesis)
            equation = any(p[:2] == ("compare", "=") for p in _parts(hypothesis))
            alone = names == {x[1]} and len(x) == 2
            if equation and x[1] in names and not alone and names & _names(term):
                raise Doubt(f"a derivative by {x[1]}, which an equation ties to others")

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


def _raised(index: Node, depth: int) -> Node:
    return ("bound", index[1] + depth) if index[0] == "bound" else index


_KINKS = (("apply", "step"), ("apply", "flat"))


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
        raise Doubt(f"not of the form of a certificate: {e}") from e


def seal(statement: Any, cases: Any) -> str:
    """What binds the cases of a certificate to its statement: no field of either may change."""
    return sha256(json.dumps([VERSION, statement, cases], sort_keys=True).encode()).hexdigest()


def check_seal(statement: Any, certificate: Any) -> None:
    """Doubt unless the certificate is for this statement and is as it was written."""
    if certificate["version"] != VERSION:
        raise Doubt(f"version {certificate['version']!r}; this kernel reads version {VERSION}")
    if certificate["seal"] != seal(statement, certificate["cases"]):
        raise Doubt("the certificate was changed, or belongs to another statement")


def _check(statement: Any, certificate: Any) -> int:
    check_seal(statement, certificate)
    given = Given(statement)
    cases = [[node_from(a) for a in case["assumptions"]] for case in certificate["cases"]]
    if not _cover(cases, given, []):
        raise Doubt("the cases leave something out")
    sides = node_from(statement["left"]), node_from(statement["right"])
    stated = (*sides, *given.facts, *(body for _, body in given.definitions.values()))
    for part in (part for node in stated for part in _parts(node)):
        if part[:2] in _KINKS or (part[0] == "free" and part[1].startswith("class of ")):
            raise Doubt("a statement with a word that belongs to proofs alone")
    return sum(
        _check_case(given, statement["operator"], sides, assumed, case)
        for assumed, case in zip(cases, certificate["cases"], strict=True)
    )


def _cover(cases: list[list[Node]], given: Given, path: list[Node]) -> bool:
    """Whether the cases, each a list of assumptions, leave nothing out."""
    if any(not case for case in cases):
        return True
    if not cases:
        return _impossible(given, path)
    branches: list[Node]
    match _oriented(cases[0][0]):
        case ("compare", ">" | "<" | "=", left, right):
            branches = [("compare", operator, left, right) for operator in (">", "<", "=")]
        case ("not", ("same", *_) as same) | (("same", *_) as same):
            branches = [same, ("not", same)]
        case _:
            return False
    if branches[0][0] == "compare":
        # Where the terms have no value, no branch holds.
        signs = [fact for fact in path if fact[0] == "compare"]
        Case(given, [*given.facts, *signs], set(), {}).value(("add", left, _neg(right)))
    for branch in branches:
        others = [b for b in branches if b != branch]
        left_over = [
            [a for a in map(_oriented, case) if a != branch]
            for case in cases if not any(_oriented(a) in others for a in case)
        ]  # fmt: skip
        if not _cover(left_over, given, [*path, branch]):
            return False
    return True


def _oriented(assumption: Node) -> Node:
    if assumption[0] == "not":
        return ("not", _oriented(assumption[1]))
    return ("same", *sorted(assumption[1:], key=str)) if assumption[0] == "same" else assumption


def _impossible(given: Given, path: list[Node]) -> bool:
    """Whether the conditions exclude what is assumed last."""
    if not path or path[-1][0] != "compare":
        return False
    case = Case(given, given.facts, set(), {})
    value = case.leniently(("add", path[-1][2], _neg(path[-1][3])))
    return not case.sign(value) & SIGNS_OF[path[-1][1]]


def _check_case(
    given: Given, operator: str, sides: tuple[Node, Node], assumed: list[Node], case: Any
) -> int:
    identified: dict[Node, Node] = {}
    for fact in [*given.facts, *assumed]:
        fact = _at(fact, identified)
        if fact[0] == "same" and fact[1] != fact[2]:
            kept, gone = fact[1:] if fact[2][0] == "free" else fact[:0:-1]
            if gone[0] != "free":
                raise Doubt("two constant indices are not the same")
            identified = {old: _at(new, {gone: kept}) for old, new in identified.items()}
            identified[gone] = kept
    facts = [_at(fact, identified) for fact in [*given.facts, *assumed] if fact[0] != "same"]
    distinct = {frozenset(f[1][1:]) for f in facts if f[0] == "not" and f[1][0] == "same"}
    context = Case(given, facts, distinct, identified)
    steps = [
        tuple(_at(node_from(s[k]), identified) for k in ("before", "after")) for s in case["steps"]
    ]
    rules = [step["rule"] for step in case["steps"]]
    context.written_out = context.bare.written_out = WRITTEN_OUT in rules
    left, right = (context.value(_at(side, identified)) for side in sides)
    difference = plus(left, right, -1)
    if not (context.is_zero(difference) if operator == "="
            else context.sign(difference) <= SIGNS_OF[operator]):  # fmt: skip
        raise Doubt(f"the difference of the sides is {context.term(difference)}")
    for name, value in (("left", left), ("right", right)):
        stated = context.leniently(_at(node_from(case[name]), identified))
        if not context.is_zero(plus(stated, value, -1)):
            raise Doubt(f"the {name} side does not come to what is stated")
    for rule, (before, after) in zip(rules, steps, strict=True):
        if not _has_form(rule, before, after, context):
            raise Doubt(f"no application of {rule!r}: {before} = {after}")
        if not context.is_zero(plus(context.leniently(before), context.leniently(after), -1)):
            raise Doubt(f"no equation, by {rule!r}: {before} = {after}")
    return len(steps)


WRITTEN_OUT = "sums over a short range written out"


def _has_form(rule: str, before: Node, after: Node, context: Case) -> bool:
    """Whether a step looks like an application of the rule that it names."""
    if before[0] == "derivative" and rule not in ("inner derivative first", WRITTEN_OUT):
        return rule in _derivative_rules(before[1], before[2])
    match rule, before, after:
        case "equal indices", ("delta", _, _), ("number", 1):
            return True
        case "different indices", ("delta", _, _), ("number", 0):
            return True
        case "contract a delta under a sum", ("sum", _, body), _:
            return _has_delta(body)
        case "linearity of the sum; pull out constant factors", ("sum", _, body), _:
            return not _has_delta(body)
        case "exp of a sum is a product", ("apply", "exp", u), _:
            return len(context.leniently(u)) > 1
        case "normal form of the exponent", ("apply", "exp", u), _:
            return len(context.leniently(u)) <= 1
        case "sums over one range merge; the summand is 0", _, ("number", 0):
            return True
        case "a matrix times its inverse", ("sum", _, _), ("delta", _, _):
            return True
        case "inner derivative first", ("derivative", body, _), _:
            return any(p[0] == "derivative" for p in _parts(body))
        case _, ("sum" | "product", int(), _) | ("add" | "mul", *_), _ if rule == WRITTEN_OUT:
            return True
    kind = _KINDS.get(rule)
    if kind is not None:
        return before[: len(kind)] == kind
    named = {
        ("element", "definition of {}"), ("element", "{} is one-hot"),
        ("element", "{} is symmetric"), ("sum", "{} sums to 1"), ("apply", "definition of {}"),
        ("apply", "argument of {} in normal form, its sign taken out"),
    }  # fmt: skip
    names = {p[1] for p in _parts(before) if p[0] in ("element", "apply")}
    return any(
        before[0] == kind and rule == words.format(n) for kind, words in named for n in names
    )


_KINDS: dict[str, Node] = {
    "log of a product of positive factors": ("apply", "log"),
    "derivative of max(0, u) off its kink": ("apply", "step"),
    "floor of a number": ("apply", "floor"),
    "root of positive factors": ("pow",),
    "power as an exponential": ("pow",),
    "product as exp of a sum of logs": ("product",),
    "indicator of a sign": ("indicator",),
    "cases by an indicator": ("where",),
}


def _has_delta(body: Node) -> bool:
    """Whether a factor of a summand is a delta of the nearest bound index."""
    if body[0] in ("add", "mul"):
        return any(_has_delta(part) for part in body[1:])
    return any(p[0] == "delta" and ("bound", 0) in p for p in _parts(body))


def _derivative_rules(body: Node, x: Node) -> set[str]:
    """The rules that may be named where this is differentiated."""
    rules = {f"unfold definitions down to {x[1]}"}
    if x[1] not in _names(body):
        return {*rules, "derivative of a constant"}
    match body:
        case ("mul", *factors):
            once = sum(x[1] in _names(factor) for factor in factors) == 1
            return {*rules, "constant factor" if once else "product rule"}
        case ("pow", _, ("number", -1)):
            return {*rules, "derivative of a reciprocal"}
        case ("pow", _, exponent):
            varies = x[1] in _names(exponent)
            rule = "derivative of a power with variable exponent" if varies else "power rule"
            return {*rules, rule}
        case ("apply", function, *_):
            return {*rules, f"chain rule for {function}" if function in _SLOPES
                    else f"definition of {function}"}  # fmt: skip
    return {*rules, {
        "element": "derivative of a component", "add": "derivative of a sum",
        "sum": "derivative of a sum over an index", "call": "chain rule",
        "product": "derivative of a product over an index", "where": "derivative by cases",
        "indicator": "derivative of an indicator", "undefined": "no value, no derivative",
        "inverse": "derivative of an inverse", "determinant": "Jacobi's formula",
    }.get(body[0], "")}  # fmt: skip
