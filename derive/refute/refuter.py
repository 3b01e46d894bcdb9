"""The search for a counterexample to an obligation.

It says "refuted" only with a certificate: an exact admissible point at which both sides are
defined and certainly break the relation (unequal rationals, or disjoint balls).  Not finding one
proves nothing.
"""

from dataclasses import dataclass
from itertools import islice
from random import Random

from derive.refute.descent import downhill
from derive.refute.enclosure import in_words
from derive.refute.evaluate import PRECISIONS, Point, precision, sizes
from derive.refute.frame import index_values
from derive.refute.instances import Place
from derive.refute.minimise import minimise
from derive.refute.points import Space, candidates
from derive.refute.problem import Failure, PointKind, Problem
from derive.refute.repair import Equations
from derive.refute.ring import ExhaustedError, to_fraction
from derive.refute.scope import Fuel
from derive.terms.obligation import Obligation
from derive.terms.term import Proposition
from derive.verdict import Counterexample

#: Points tried to find a counterexample to what was not proved.
SEARCH_POINTS = 120

#: Values computed in one search, all points together.
_FUEL = 1_000_000

#: Candidates drawn for each point that turns out admissible, on average.
_DRAWS = 10

#: The first points are tried at all index values; later ones at so many, others in each turn.
_THOROUGH_POINTS, _LATER_INDEX_VALUES = 3, 4

#: After so many undecided points, no more than the first two precisions are tried.
_PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Search:
    """What a search saw: admissible points tried, and what became of them.

    ``agreeing``: the relation holds at the point, as far as balls of 128 bits can tell.
    ``undefined``: a side has no value there.  ``undecided``: precision or time did not suffice.
    """

    counterexample: Counterexample | None
    tried: int
    agreeing: int
    undefined: int
    undecided: int
    seed: int


def refute(
    obligation: Obligation,
    *,
    conditions: tuple[Proposition, ...] = (),
    seed: int = 0,
    budget: int = SEARCH_POINTS,
) -> Search:
    """Search for the smallest readable point at which the obligation fails.

    Points satisfy the declared conditions, the hypotheses and the further ``conditions``; free
    indices of those are quantified with the others (a point counts where they hold for the index
    values in question).  At most ``budget`` admissible points are drawn; an order relation is then
    tried at a few more, downhill from them.  The same arguments give the same result.

    Raises ValueError where the terms do not fit their declarations.
    """
    search = None
    try:
        search = _Hunt(obligation, conditions, Random(seed))
        search.run(budget)
        return search.result(seed)
    except (ExhaustedError, RecursionError):
        if search is None:  # the terms are too deep to compile
            return Search(None, 0, 0, 0, 0, seed)
        search.seen[PointKind.UNDECIDED] += 1
        return search.result(seed)


class _Hunt:
    """A search on its way: what is compiled, and what the points said so far."""

    def __init__(
        self, obligation: Obligation, conditions: tuple[Proposition, ...], rng: Random
    ) -> None:
        self.rng = rng
        self.fuel = Fuel(_FUEL)
        self.problem = Problem(obligation, conditions)
        self.space = Space(self.problem.program, self.problem.guards, self.problem.least)
        self.equations = Equations(self.problem.program, self.problem.guards)
        self.seen = {PointKind.AGREES: 0, PointKind.UNDEFINED: 0, PointKind.UNDECIDED: 0}
        self.agreeing: list[Point] = []
        self.counterexample: Counterexample | None = None

    @property
    def tried(self) -> int:
        """The admissible points at which the relation was not seen to fail."""
        return sum(self.seen.values())

    def run(self, budget: int) -> None:
        """Draw points, then for an order relation go downhill from them, until one fails."""
        for point in islice(candidates(self.space, self.rng), _DRAWS * budget):
            if self.tried == budget:
                break
            if point is not None and self._fails(self.equations.repair(point, self.rng, self.fuel)):
                return
        if self.problem.operator in ("<", "<=", ">", ">="):
            for point in downhill(self.problem, self.agreeing, 2 * budget, self.fuel):
                if self._fails(point):
                    return

    def result(self, seed: int) -> Search:
        """What was seen."""
        return Search(
            self.counterexample,
            self.tried + (self.counterexample is not None),
            self.seen[PointKind.AGREES],
            self.seen[PointKind.UNDEFINED],
            self.seen[PointKind.UNDECIDED],
            seed,
        )

    def _fails(self, point: Point) -> bool:
        """Judge one point; where the relation fails, keep what a person reads of it."""
        outcome = self.problem.judge(
            point,
            self.fuel,
            PRECISIONS if self.seen[PointKind.UNDECIDED] < _PATIENCE else PRECISIONS[:2],
            *(() if self.tried < _THOROUGH_POINTS else (_LATER_INDEX_VALUES, self.tried)),
        )
        if outcome.failure is not None:
            best, failure = minimise(
                self.problem, self.space, self.equations, point, outcome.failure, self.fuel
            )
            self.counterexample = _counterexample(self.problem, self.space, best, failure)
            return True
        if outcome.kind is PointKind.AGREES:
            self.agreeing.append(point)
        if outcome.kind is not PointKind.EXCLUDED:
            self.seen[outcome.kind] += 1
        return False


def _counterexample(
    problem: Problem, space: Space, point: Point, failure: Failure
) -> Counterexample:
    assignment: list[tuple[str, str]] = []
    for name in space.names:
        for key, number in point.values[name].items():
            assignment.append((_component(name, key), str(number)))
    for index, value in zip(problem.free, failure.indices, strict=True):
        assignment.append((index.name, str(value)))
    lengths = sizes(point)
    for name, (value_dims, argument_dims) in problem.program.functions.items():
        places: tuple[Place, ...] = tuple(
            (slot, key)
            for slot, dims in enumerate(argument_dims)
            for key in index_values(dims, lengths)
        )
        for outputs in index_values(value_dims, lengths):
            assignment.append(point.instances[name].words(outputs, places))
    with precision(failure.bits):
        left, right = in_words(failure.left, failure.right)
    exact = to_fraction(failure.left) is not None and to_fraction(failure.right) is not None
    return Counterexample(
        tuple(point.dimensions.items()),
        tuple(assignment),
        left,
        right,
        0 if exact else failure.bits,
    )


def _component(name: str, key: tuple[int, ...]) -> str:
    return f"{name}[{','.join(map(str, key))}]" if key else name
