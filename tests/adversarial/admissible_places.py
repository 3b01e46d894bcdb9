"""Seeded places at which a statement is looked at: lengths, components and functions.

Places satisfy the declared condition words and the stated relations that rest on no free index.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from math import prod
from random import Random

from evaluate_exactly import PRECISIONS, Place, Reader, precision
from written_out import Expression, Key, Writer

from derive.terms.declarations import Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import free_indices, subterms
from derive.terms.term import (
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dim,
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    InverseEntry,
    Node,
    Position,
    Product,
    Proposition,
    SameIndex,
    Sum,
)


@dataclass(frozen=True)
class Parts:
    """What a statement is made of: everything a place has to give."""

    letters: tuple[str, ...]
    shapes: Mapping[str, tuple[Dim, ...]]
    functions: Mapping[str, tuple[tuple[Dim, ...], tuple[tuple[Dim, ...], ...]]]
    free: tuple[Free, ...]
    fixed: Mapping[str, int]


def parts_of(statement: Obligation, conditions: Sequence[Proposition] = ()) -> Parts:
    """The dimension letters, variables, unknown functions and free indices of a statement."""
    declared = statement.declarations
    nodes: list[Node] = [
        statement.left,
        statement.right,
        *declared.hypotheses,
        *conditions,
    ]
    free = {index: None for node in nodes for index in free_indices(node)}
    letters: dict[str, None] = {}
    shapes: dict[str, tuple[Dim, ...]] = {}
    functions = {}
    fixed: dict[str, int] = {}
    unfolded: set[str] = set()

    def dim(length: Dim) -> None:
        if isinstance(length, str):
            letters[length] = None

    def name_used(name: str) -> None:
        definition = declared.definitions.get(name)
        if definition is not None:
            if name not in unfolded:
                unfolded.add(name)
                nodes.append(definition.body)
                for index in definition.indices:
                    dim(index.dim)
            return
        shapes[name] = declared.shape(name)
        for length in shapes[name]:
            dim(length)

    while nodes:
        for node in subterms(nodes.pop()):
            match node:
                case Element(name):
                    name_used(name)
                case Derivative(_, variable):
                    name_used(variable.name)
                case InverseEntry(matrix) | Determinant(matrix):
                    name_used(matrix)
                case Sum(length) | Product(length) | Dimension(length) | ForAll(length):
                    dim(length)
                case Call():
                    known = declared.functions.get(node.name)
                    value = known.value if known else ()
                    functions[node.name] = (value, tuple(a.dims for a in node.arguments))
                    for length in (*value, *(d for a in node.arguments for d in a.dims)):
                        dim(length)
            for index in _own_indices(node):
                if isinstance(index, Free | Fixed):
                    dim(index.dim)
                if isinstance(index, Fixed) and isinstance(index.dim, str):
                    fixed[index.dim] = max(index.value, fixed.get(index.dim, 1))
    ordered = tuple(sorted(free, key=lambda index: (index.name, str(index.dim))))
    return Parts(tuple(sorted(letters)), dict(sorted(shapes.items())), functions, ordered, fixed)


def _own_indices(node: Node) -> tuple[object, ...]:
    match node:
        case Element(_, indices):
            return indices
        case Delta(left, right) | SameIndex(left, right):
            return (left, right)
        case Position(index):
            return (index,)
        case Derivative(_, variable):
            return variable.indices
        case InverseEntry(_, row, column):
            return (row, column)
        case Call():
            return node.outputs
    return ()


# ---- admissible places --------------------------------------------------------------------------

_SIMPLE = tuple(map(Fraction, ("0", "1", "-1", "2", "-2", "1/2", "-1/2", "3")))


def some_dims(parts: Parts, rng: Random, sizes: Sequence[int] = (1, 2, 3)) -> dict[str, int]:
    """Lengths for the letters, all different: of ``sizes``, and above those if there are more."""
    need = [*sizes, *range(max(sizes) + 1, max(sizes) + 1 + len(parts.letters) - len(sizes))]
    lengths = rng.sample(need, len(parts.letters))
    chosen = dict(zip(parts.letters, lengths, strict=True))
    return {letter: max(n, parts.fixed.get(letter, 1)) for letter, n in chosen.items()}


def draw(
    statement: Obligation,
    parts: Parts,
    dims: Mapping[str, int],
    rng: Random,
    attempts: int = 40,
) -> Place | None:
    """A place that satisfies declared words, and stated relations that rest on no free index."""
    declared = statement.declarations
    for turn in range(attempts):
        components = {}
        for name, shape in parts.shapes.items():
            variable = declared.variables.get(name) or Variable(name)
            lengths = tuple(d if isinstance(d, int) else dims[d] for d in shape)
            entries = _entries(variable, lengths, rng, turn)
            if entries is None:
                return None
            components.update({(name, key): value for key, value in entries.items()})
        place = Place(dims, components, _functions(parts, rng))
        place = _on_equations(statement, place, rng)
        if place is not None and _hypotheses_hold(statement, place):
            return place
    return None


def _number(rng: Random, simple: bool) -> Fraction:
    if simple or rng.random() < 0.15:
        return rng.choice(_SIMPLE)
    return Fraction(rng.randint(-12, 12), rng.choice((1, 2, 3, 4, 5, 7)))


def _entries(
    variable: Variable, lengths: Key, rng: Random, turn: int
) -> dict[Key, Fraction] | None:
    words = variable.conditions
    keys = tuple(product(*[range(1, length + 1) for length in lengths]))
    simple = rng.random() < 0.2
    numbers = [_number(rng, simple) for _ in keys]
    if "integer" in words:
        numbers = [Fraction(round(number)) for number in numbers]
    if words & {"positive", "nonnegative"}:
        numbers = [abs(number) for number in numbers]
    if words & {"positive", "nonzero"}:
        numbers = [number or Fraction(rng.randint(1, 4)) for number in numbers]
    if "one-hot" in words:
        hot = rng.randrange(len(keys))
        numbers = [Fraction(int(place == hot)) for place in range(len(keys))]
    elif "sums to 1" in words:
        total = sum(numbers)
        if words & {"positive", "nonnegative"} and total:
            numbers = [number / total for number in numbers]
        else:
            numbers[-1] += 1 - total
    if words & {"symmetric", "invertible", "positive definite", "orthogonal"}:
        if len(lengths) != 2 or lengths[0] != lengths[1]:
            return None
        numbers = _square(numbers, lengths[0], words, rng)
    entries = dict(zip(keys, numbers, strict=True))
    return entries if satisfies(entries, words) else {} if not keys else entries


def _square(
    numbers: list[Fraction], size: int, words: frozenset[str], rng: Random
) -> list[Fraction]:
    """Entries of a square matrix with the words: a signed permutation, a Gram matrix, ..."""
    rows = [numbers[i * size : (i + 1) * size] for i in range(size)]
    if "orthogonal" in words:
        rows = [[Fraction(0)] * size for _ in range(size)]
        order = list(range(size))
        if "symmetric" not in words and "positive definite" not in words:
            rng.shuffle(order)
        for i, j in enumerate(order):
            rows[i][j] = Fraction(1 if "positive definite" in words else rng.choice((1, -1)))
        if size >= 2 and "positive definite" not in words:
            # turn the first two rows by the angle of the triangle 3, 4, 5
            c, s = Fraction(3, 5), Fraction(4, 5)
            if "symmetric" in words:
                rows[0][:2], rows[1][:2] = [c, s], [s, -c]
            else:
                first, second = rows[0], rows[1]
                rows[0] = [c * a - s * b for a, b in zip(first, second, strict=True)]
                rows[1] = [s * a + c * b for a, b in zip(first, second, strict=True)]
    elif "positive definite" in words:
        gram = [[sum(r[i] * r[j] for r in rows) for j in range(size)] for i in range(size)]
        rows = [[gram[i][j] + (i == j) for j in range(size)] for i in range(size)]
    else:
        if "symmetric" in words:
            rows = [[rows[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)]
        if "invertible" in words:
            shift = Fraction(0)
            while (
                _leibniz(
                    [[v + shift * (i == j) for j, v in enumerate(r)] for i, r in enumerate(rows)]
                )
                == 0
            ):
                shift += 1
            rows = [[v + shift * (i == j) for j, v in enumerate(r)] for i, r in enumerate(rows)]
    return [value for row in rows for value in row]


def _leibniz(rows: list[list[Fraction]]) -> Fraction:
    size = len(rows)
    total = Fraction(0)
    for order in permutations(range(size)):
        swaps = sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
        total += (-1) ** swaps * prod((rows[i][order[i]] for i in range(size)), start=Fraction(1))
    return total


def satisfies(entries: Mapping[Key, Fraction], words: frozenset[str]) -> bool:
    """Whether the declared condition words hold for the components."""
    return all(_WORDS[word](entries) for word in words)


def _rows(entries: Mapping[Key, Fraction]) -> list[list[Fraction]] | None:
    height = max(key[0] for key in entries)
    if any(len(key) != 2 for key in entries) or len(entries) != height**2:
        return None
    return [[entries[i, j] for j in range(1, height + 1)] for i in range(1, height + 1)]


def _symmetric(entries: Mapping[Key, Fraction]) -> bool:
    return all(entries.get(key[::-1]) == value for key, value in entries.items())


def _orthogonal(entries: Mapping[Key, Fraction]) -> bool:
    rows = _rows(entries)
    return rows is not None and all(
        sum(a * b for a, b in zip(rows[i], rows[j], strict=True)) == (i == j)
        for i in range(len(rows))
        for j in range(len(rows))
    )


def _positive_definite(entries: Mapping[Key, Fraction]) -> bool:
    rows = _rows(entries)
    return (
        rows is not None
        and _symmetric(entries)
        and all(_leibniz([r[:n] for r in rows[:n]]) > 0 for n in range(1, len(rows) + 1))
    )


def _invertible(entries: Mapping[Key, Fraction]) -> bool:
    rows = _rows(entries)
    return rows is not None and _leibniz(rows) != 0


_WORDS: Mapping[str, Callable[[Mapping[Key, Fraction]], bool]] = {
    "positive": lambda e: min(e.values()) > 0,
    "nonnegative": lambda e: min(e.values()) >= 0,
    "nonzero": lambda e: all(e.values()),
    "integer": lambda e: all(v.denominator == 1 for v in e.values()),
    "one-hot": lambda e: (
        Counter(e.values()) == Counter({Fraction(1): 1, Fraction(0): len(e) - 1})
        or (len(e) == 1 and set(e.values()) == {Fraction(1)})
    ),
    "sums to 1": lambda e: sum(e.values()) == 1,
    "symmetric": _symmetric,
    "invertible": _invertible,
    "positive definite": _positive_definite,
    "orthogonal": _orthogonal,
}


def _functions(parts: Parts, rng: Random) -> dict[str, Callable[..., Expression]]:
    """A polynomial of degree 3 for every unknown function and output, with seeded coefficients."""
    made = {}
    for name in parts.functions:
        seed = rng.randrange(10**9)

        def function(
            writer: Writer,
            outputs: Key,
            inside: Mapping[tuple[int, Key], Expression],
            seed: int = seed,
        ) -> Expression:
            coefficients = Random(f"{seed} {outputs}")
            terms = [writer.number(coefficients.randint(-3, 3))]
            variables = list(inside.values())
            for place, variable in enumerate(variables):
                for degree in (1, 2, 3):
                    factor = writer.number(coefficients.choice((-2, -1, 1, 2, 3)))
                    terms.append(
                        writer.make("mul", factor, writer.make("whole power", variable, degree))
                    )
                other = variables[(place + 1) % len(variables)]
                terms.append(writer.make("mul", variable, other))
            return writer.make("add", *terms)

        made[name] = function
    return made


def _closed(proposition: Proposition) -> bool:
    return not free_indices(proposition)


def _equations(propositions: Sequence[Proposition]) -> Iterator[Compare]:
    for proposition in propositions:
        if isinstance(proposition, Compare) and proposition.operator == "=":
            yield proposition


def _on_equations(statement: Obligation, place: Place, rng: Random) -> Place | None:
    """Move one component a stated equation, where that is linear in it, so that it holds."""
    for equation in _equations(statement.declarations.hypotheses):
        if not _closed(equation):
            continue
        keys = sorted(k for k in place.components if k[0] in _names(equation, statement))
        rng.shuffle(keys)
        for key in keys:
            moved = _solved(statement, equation, place, key)
            if moved is not None:
                place = moved
                break
    return place


def _names(proposition: Proposition, statement: Obligation) -> frozenset[str]:
    return frozenset(
        node.name for node in subterms(proposition) if isinstance(node, Element)
    ) - frozenset(statement.declarations.definitions)


def _solved(
    statement: Obligation, equation: Compare, place: Place, key: tuple[str, Key]
) -> Place | None:
    def gap(value: Fraction) -> Fraction | None:
        changed = {**place.components, key: value}
        writer = Writer(statement.declarations, place.dims, place.functions)
        reader = Reader(changed)
        try:
            left = reader.value(writer.write(equation.left, {}))
            right = reader.value(writer.write(equation.right, {}))
        except ArithmeticError:
            return None
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return left - right
        return None

    at_zero, at_one = gap(Fraction(0)), gap(Fraction(1))
    if at_zero is None or at_one is None or at_zero == at_one:
        return None
    root = at_zero / (at_zero - at_one)
    variable = statement.declarations.variables.get(key[0])
    entries = {k[1]: v for k, v in place.components.items() if k[0] == key[0]}
    entries[key[1]] = root
    if gap(root) != 0 or (variable and not satisfies(entries, variable.conditions)):
        return None
    return Place(place.dims, {**place.components, key: root}, place.functions)


def _hypotheses_hold(statement: Obligation, place: Place) -> bool:
    writer = Writer(statement.declarations, place.dims, place.functions)
    reader = Reader(place.components)
    for hypothesis in statement.declarations.hypotheses:
        if _closed(hypothesis):
            try:
                with precision(PRECISIONS[0]):
                    if not reader.truth(writer.write(hypothesis, {})):
                        return False
            except ArithmeticError:
                return False
    return True
