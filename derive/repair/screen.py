"""A cheap look at a few points before a proof is tried: most near misses are false at once."""

from itertools import islice
from random import Random

from derive.judge import SEED
from derive.prove.prover import prove
from derive.refute.bounds import Bounds
from derive.refute.evaluate import PRECISIONS
from derive.refute.points import Space, candidates
from derive.refute.problem import PointKind, Problem
from derive.refute.repair import Equations
from derive.refute.ring import ExhaustedError
from derive.refute.scope import Fuel
from derive.terms.obligation import Obligation
from derive.terms.term import Proposition

#: Points that a statement has to survive before it is worth a proof, and draws for them.
_POINTS, _DRAWS = 6, 30
#: Values computed in one screening, and index values tried at a point.
_FUEL, _INDICES = 20_000, 8


class Screen:
    """Screens statements that share their hypotheses; it decides nothing, it only saves proofs."""

    def __init__(self) -> None:
        self._bounds: dict[tuple[Proposition, ...], tuple[Bounds, Bounds]] = {}

    def passes(self, statement: Obligation) -> bool:
        """Whether the statement holds at a few points; False too where it has a value at none."""
        agreeing = 0
        fuel = Fuel(_FUEL)
        rng = Random(SEED)
        try:
            problem = Problem(statement, ())
            equations = Equations(problem.program, problem.guards)
            space = Space(problem.program, (), problem.least)
            space.bounds = self._bounds_of(problem.guards)
            for turn, point in enumerate(islice(candidates(space, rng), _DRAWS)):
                if point is None:
                    continue
                moved = equations.repair(point, rng, fuel)
                outcome = problem.judge(moved, fuel, PRECISIONS[:1], _INDICES, turn)
                if outcome.kind is PointKind.FAILS:
                    return False
                agreeing += outcome.kind is PointKind.AGREES
                if agreeing == _POINTS:
                    break
        except (ExhaustedError, RecursionError):
            return agreeing > 0
        except ValueError:  # the terms do not fit their declarations
            return False
        return agreeing > 0

    def _bounds_of(self, guards: tuple[Proposition, ...]) -> tuple[Bounds, Bounds]:
        """The bounds that hypotheses put on variables: the same ones for most statements tried."""
        if guards not in self._bounds:
            both = (Bounds(guards, everywhere=True), Bounds(guards, everywhere=False))
            self._bounds[guards] = both
        return self._bounds[guards]


def holds(statement: Obligation) -> bool:
    """Whether a statement survives the screening and is then proved, perhaps under conditions."""
    return Screen().passes(statement) and prove(statement).outcome == "proved"
