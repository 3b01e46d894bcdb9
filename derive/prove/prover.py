"""From an obligation to ``proved``, ``conditional`` or ``unknown``.

An equation is proved when both sides have one normal form, or when that is so in every one of a
set of cases that covers everything: which free indices coincide, and whether the guards and the
arguments of indicators are positive, zero or negative.  Side conditions that were recorded make
the verdict conditional; they may then be used as facts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from flint import fmpq

from derive.prove import laurent
from derive.prove.derivative_rules import NoRuleError
from derive.prove.forms import ZERO_FORM, Form, NeedsCaseError, NeverDefinedError
from derive.prove.laurent import TooLargeError, refuel
from derive.prove.normal_form import Normalizer
from derive.prove.one_hot import (
    class_index,
    is_class_index,
    is_one_hot_vector,
    without_classes,
)
from derive.prove.short_ranges import has_short_range, written_out
from derive.prove.signs import form_sign, sign_implies
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation
from derive.terms.ordering import index_key, key
from derive.terms.structure import (
    element_names,
    free_indices,
    open_binder,
    substitute_indices,
    subterms,
    tree_size,
)
from derive.terms.term import (
    NEGATED,
    And,
    Compare,
    Delta,
    Derivative,
    Element,
    Fixed,
    ForAll,
    Free,
    Index,
    Indicator,
    Not,
    Operator,
    Or,
    Proposition,
    SameIndex,
    Sum,
    Term,
)
from derive.verdict import Case, Proof, Step

#: How deep cases may nest: signs and guards.
MAX_SPLITS = 4
#: How many free indices of one dimension are split into coinciding and different ones.
MAX_INDICES = 5


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the prover found: proved (with conditions), or what was left."""

    outcome: Literal["proved", "unknown"]
    conditions: tuple[Proposition, ...] = ()
    proof: Proof | None = None
    reason: str = ""
    residual: Term | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """A case that was not proved."""

    reason: str
    residual: Term | None = None


@dataclass(frozen=True, slots=True)
class _Closed:
    """A case that was proved: its record and the conditions it needs."""

    cases: tuple[Case, ...]
    conditions: tuple[Proposition, ...]


def prove(obligation: Obligation) -> Attempt:
    """Try to prove the obligation for all values and all dimensions >= 1."""
    refuel()
    try:
        result = _with_hypotheses(obligation)
        if isinstance(result, _Open):
            result = _with_short_ranges(obligation) or result
    except TooLargeError as limit:
        return Attempt("unknown", reason=f"a size limit was reached: {limit}")
    except RecursionError:
        return Attempt("unknown", reason="a size limit was reached: the term is nested too deeply")
    except (ArithmeticError, MemoryError) as failure:
        return Attempt("unknown", reason=f"the arithmetic gave up: {type(failure).__name__}")
    if isinstance(result, _Closed):
        conditions = dict.fromkeys(
            without_classes(c, obligation.declarations) for c in result.conditions
        )
        needed = _without_implied(tuple(conditions), obligation.declarations)
        return Attempt("proved", needed, Proof(result.cases))
    return Attempt("unknown", reason=result.reason, residual=result.residual)


def _with_short_ranges(obligation: Obligation) -> _Closed | None:
    """A proof with sums over short ranges of known length written out, if that gives one."""
    sides = (obligation.left, obligation.right)
    if not any(has_short_range(side) for side in sides):
        return None
    left, right = (written_out(side) for side in sides)
    result = _with_hypotheses(replace(obligation, left=left, right=right))
    if not isinstance(result, _Closed):
        return None
    first = tuple(
        Step("sums over a short range written out", before, after)
        for before, after in zip(sides, (left, right), strict=True)
        if before != after
    )
    cases = tuple(replace(case, steps=(*first, *case.steps)) for case in result.cases)
    return _Closed(cases, result.conditions)


def _without_implied(
    conditions: tuple[Proposition, ...], declarations: Declarations
) -> tuple[Proposition, ...]:
    """Join ``p >= 0`` and ``p != 0``; drop what follows from the rest, the longest first."""
    joined = [
        Compare(">", c.left, c.right)
        for c in conditions
        if isinstance(c, Compare)
        and c.operator == ">="
        and Compare("!=", c.left, c.right) in conditions
    ]
    kept = list(dict.fromkeys((*joined, *conditions)))
    for condition in sorted(conditions, key=lambda c: (-len(key(c)), key(c))):
        if condition in joined:
            continue
        rest = tuple(other for other in kept if other != condition)
        evident = any(_implies(other, condition) for other in rest)
        if evident or (rest and _is_fact(declarations, rest, frozenset(), condition)):
            kept.remove(condition)
    return tuple(kept)


def _is_fact(
    declarations: Declarations,
    facts: tuple[Proposition, ...],
    distinct: frozenset[frozenset[Index]],
    condition: Proposition,
) -> bool:
    """Whether the facts give the difference of the sides the sign that the condition asks for."""
    if not isinstance(condition, Compare):
        return False
    nf = Normalizer(declarations, facts, distinct, free_indices(condition))
    try:
        difference = nf.add(nf.form(condition.left), nf.form(condition.right), -1)
        return sign_implies(form_sign(nf, difference), condition.operator) is True
    except (NeverDefinedError, NoRuleError, NeedsCaseError, TooLargeError):
        return False


def _implies(stronger: Proposition, weaker: Proposition) -> bool:
    """Whether one condition evidently contains another: ``p > 0`` does ``p != 0``."""
    match stronger, weaker:
        case ForAll(dim, body), ForAll(other, inner):
            return dim == other and _implies(body, inner)
        case _, Or(parts):
            return any(_implies(stronger, part) for part in parts)
        case ForAll(dim, body), _:
            return any(
                index.dim == dim and _implies(open_binder(body, index), weaker)
                for index in free_indices(weaker)
            )
        case Compare(operator, left, right), Compare(weak, other_left, other_right):
            return (left, right) == (other_left, other_right) and weak in _WEAKER[operator]
    return stronger == weaker


_WEAKER: dict[Operator, tuple[Operator, ...]] = {
    ">": (">", ">=", "!="),
    "<": ("<", "<=", "!="),
    ">=": (">=",),
    "<=": ("<=",),
    "=": ("=", ">=", "<="),
    "!=": ("!=",),
}


def _with_hypotheses(obligation: Obligation) -> _Closed | _Open:
    distinct: set[frozenset[Index]] = set()
    facts = []
    for hypothesis in _conjuncts(obligation.declarations.hypotheses):
        match hypothesis:
            case SameIndex(left, right):
                obligation = _identify(obligation, left, right)
            case Not(SameIndex(left, right)):
                distinct.add(frozenset((left, right)))
            case _:
                facts.append(hypothesis)
    plain = _prove_case(obligation, tuple(facts), frozenset(distinct), (), 0)
    if isinstance(plain, _Closed):
        return plain
    split = _by_index_cases(obligation, tuple(facts), frozenset(distinct))
    return plain if split is None else split


def _conjuncts(propositions: tuple[Proposition, ...]) -> Iterator[Proposition]:
    for proposition in propositions:
        if isinstance(proposition, And):
            yield from _conjuncts(proposition.parts)
        else:
            yield proposition


def _identify(obligation: Obligation, left: Index, right: Index) -> Obligation:
    old, new = (left, right) if isinstance(left, Free) else (right, left)
    if not isinstance(old, Free) or old == new:
        return obligation
    change = {old: new}
    return replace(
        obligation,
        left=substitute_indices(obligation.left, change),
        right=substitute_indices(obligation.right, change),
    )


# ---- cases on free indices --------------------------------------------------------------------


def _by_index_cases(
    obligation: Obligation, facts: tuple[Proposition, ...], distinct: frozenset[frozenset[Index]]
) -> _Closed | _Open | None:
    """All ways in which free indices of one dimension may coincide; None if there is one way."""
    groups: dict[str, list[Index]] = {}
    for index in _indices_with_fixed(obligation):
        groups.setdefault(str(index.dim), []).append(index)
    if not any(len(group) > 1 for group in groups.values()):
        return None
    if any(len(group) > MAX_INDICES for group in groups.values()):
        return _Open("too many free indices of one dimension for a split into cases")
    cases: list[Case] = []
    conditions: dict[Proposition, None] = {}
    ways: list[list[list[Index]]] = [[]]
    for name in sorted(groups):
        ways = [way + blocks for way in ways for blocks in _partitions(groups[name])]
    found = 0
    for blocks in ways:
        if any(frozenset((a, b)) in distinct for block in blocks for a in block for b in block):
            continue
        if any(sum(isinstance(i, Fixed) for i in block) > 1 for block in blocks):
            continue
        result = _index_case(obligation, facts, distinct, blocks)
        if isinstance(result, _Open):
            return result
        found += 1
        cases.extend(result.cases)
        conditions.update(dict.fromkeys(result.conditions))
    return _Closed(tuple(cases), tuple(conditions)) if found else _Open("no case is possible")


def _indices_with_fixed(obligation: Obligation) -> list[Free | Fixed]:
    found: dict[Free | Fixed, None] = {}
    terms = (obligation.left, obligation.right)
    for term in terms:
        found.update(dict.fromkeys(free_indices(term)))
    for term in terms:
        names = element_names(term)
        for name, variable in sorted(obligation.declarations.variables.items()):
            if name in names and is_one_hot_vector(name, obligation.declarations):
                found[class_index(name, variable.shape[0])] = None
        for part in subterms(term):
            indices: tuple[Index, ...] = ()
            if isinstance(part, Element):
                indices = part.indices
            elif isinstance(part, Delta):
                indices = (part.left, part.right)
            elif isinstance(part, Derivative):
                indices = part.variable.indices
            found.update({i: None for i in indices if isinstance(i, Fixed)})
    return list(found)


def _partitions(items: list[Index]) -> Iterator[list[list[Index]]]:
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for blocks in _partitions(rest):
        for place, block in enumerate(blocks):
            yield [*blocks[:place], [first, *block], *blocks[place + 1 :]]
        yield [[first], *blocks]


def _representative(index: Index) -> int:
    """Which of equal indices stays: a number, else the class of a one-hot vector, else any."""
    return 0 if isinstance(index, Fixed) else 1 if is_class_index(index) else 2


def _index_case(
    obligation: Obligation,
    facts: tuple[Proposition, ...],
    distinct: frozenset[frozenset[Index]],
    blocks: list[list[Index]],
) -> _Closed | _Open:
    change: dict[Free, Index] = {}
    assumed: list[Proposition] = []
    representatives = []
    for block in blocks:
        chosen = min(block, key=_representative)
        representatives.append(chosen)
        for index in block:
            if index != chosen and isinstance(index, Free):
                change[index] = chosen
                assumed.append(SameIndex(chosen, index))
    different = set()
    for a in representatives:
        for b in representatives:
            if a != b and a.dim == b.dim:  # type: ignore[union-attr]
                different.add(frozenset((a, b)))
    for pair in sorted(different, key=lambda p: sorted(map(index_key, p))):
        left, right = sorted(pair, key=index_key)
        if not (isinstance(left, Fixed) and isinstance(right, Fixed)):
            assumed.append(Not(SameIndex(left, right)))
    case = replace(
        obligation,
        left=substitute_indices(obligation.left, change),
        right=substitute_indices(obligation.right, change),
    )
    renamed = tuple(substitute_indices(fact, change) for fact in facts)
    return _prove_case(case, renamed, distinct | frozenset(different), tuple(assumed), 0)


# ---- one case ---------------------------------------------------------------------------------


def _prove_case(
    obligation: Obligation,
    facts: tuple[Proposition, ...],
    distinct: frozenset[frozenset[Index]],
    assumptions: tuple[Proposition, ...],
    depth: int,
) -> _Closed | _Open:
    reserved = tuple(
        dict.fromkeys((*free_indices(obligation.left), *free_indices(obligation.right)))
    )
    equal = {a.right: a.left for a in assumptions if isinstance(a, SameIndex)}
    nf = Normalizer(obligation.declarations, facts, distinct, reserved, equal)
    try:
        result = _decide(nf, obligation, assumptions)
        if isinstance(result, _Open) and nf.conditions:
            again = Normalizer(
                obligation.declarations, (*facts, *nf.conditions), distinct, reserved, equal
            )
            known = tuple(nf.conditions)
            second = _decide(again, obligation, assumptions)
            if isinstance(second, _Closed):
                conditions = dict.fromkeys((*known, *second.conditions))
                return _Closed(second.cases, tuple(conditions))
        if isinstance(result, _Open):
            guard = _sign_to_split(nf, obligation)
            if guard is not None:
                split = _by_sign(obligation, facts, distinct, assumptions, depth, guard)
                return split if isinstance(split, _Closed) else result
        return result
    except NeedsCaseError as need:
        return _by_guard(obligation, facts, distinct, assumptions, depth, need.proposition)
    except NeverDefinedError as never:
        return _Open(f"the statement has no value: {never}")
    except NoRuleError as missing:
        return _Open(str(missing))


def _decide(
    nf: Normalizer, obligation: Obligation, assumptions: tuple[Proposition, ...]
) -> _Closed | _Open:
    left = nf.form(obligation.left)
    right = nf.form(obligation.right)
    difference = nf.add(left, right, -1)
    holds = _relation_holds(nf, difference, obligation.operator)
    if not holds:
        return _Open("the normal forms of the two sides differ", nf.term(difference))
    case = Case(assumptions, tuple(nf.steps), nf.term(left), nf.term(right))
    return _Closed((case,), tuple(nf.conditions))


def _relation_holds(nf: Normalizer, difference: Form, operator: Operator) -> bool:
    if operator == "=":
        return is_zero(nf, difference)
    if not difference.numerator:
        return operator in ("<=", ">=")
    return sign_implies(form_sign(nf, difference), operator) is True


def is_zero(nf: Normalizer, form: Form) -> bool:
    """Whether the form is identically 0: by its numerator, or after merging sums over one range."""
    if not form.numerator:
        return True
    return _is_multiple_of_zero(nf, form) or _is_zero_after_merging(nf, form)


def _is_multiple_of_zero(nf: Normalizer, form: Form) -> bool:
    """Whether a polynomial that an equation says is 0 divides the numerator."""
    if any(exponent < 0 for monomial in form.numerator for _, exponent in monomial):
        return False
    return any(
        laurent.divide(form.numerator, zero.numerator) is not None
        for zero, sign in nf.known_signs
        if sign == "0" and not any(e < 0 for monomial in zero.numerator for _, e in monomial)
    )


def _is_zero_after_merging(nf: Normalizer, form: Form) -> bool:
    """``sum c_a sum_k f_a(k) = sum_k sum c_a f_a(k)``, and that is 0 if its summand is.

    Only sums that multiply equal outer factors are merged.
    """
    groups: dict[tuple[laurent.Monomial, str], list[tuple[fmpq, Sum]]] = {}
    for monomial, coefficient in form.numerator.items():
        sums = [
            (i, e) for i, e in monomial if isinstance(nf.kernels[i], Sum) and i not in nf.expansions
        ]
        if len(sums) != 1 or sums[0][1] != 1:
            return False
        kernel = nf.kernels[sums[0][0]]
        assert isinstance(kernel, Sum)
        rest = tuple(pair for pair in monomial if pair[0] != sums[0][0])
        groups.setdefault((rest, str(kernel.dim)), []).append((coefficient, kernel))
    for members in groups.values():
        if len(members) == 1:
            return False
        dim = members[0][1].dim
        index = nf.fresh(dim, *(kernel for _, kernel in members))
        merged = ZERO_FORM
        nf.silent += 1
        nf.open_indices.append(index)
        try:
            for coefficient, kernel in members:
                body = nf.form(open_binder(kernel.body, index))
                merged = nf.add(merged, nf.scale(body, coefficient))
            zero = _is_zero_by_signs(nf, merged)
        finally:
            nf.open_indices.pop()
            nf.silent -= 1
        if not zero:
            return False
        before = nf.term(form)
        nf.steps.append(
            Step("sums over one range merge; the summand is 0", before, nf.term(ZERO_FORM))
        )
    return True


def _is_zero_by_signs(nf: Normalizer, form: Form) -> bool:
    """Zero, or zero in each of the cases p > 0, p < 0 and p = 0 of an indicator's argument."""
    if is_zero(nf, form):
        return True
    for identifier in sorted(laurent.generators(form.numerator)):
        kernel = nf.kernels[identifier]
        if isinstance(kernel, Indicator) and isinstance(kernel.condition, Compare):
            return _vanishes_in_sign_cases(nf, form, kernel.condition)
    return False


def _vanishes_in_sign_cases(nf: Normalizer, form: Form, condition: Compare) -> bool:
    above = nf.kernel_id(Indicator(Compare(">", condition.left, condition.right)))
    below = nf.kernel_id(Indicator(Compare("<", condition.left, condition.right)))
    values = ({above: 1, below: 0}, {above: 0, below: 1})
    for value in values:
        if not _is_zero_by_signs(
            nf, Form(laurent.substitute_values(form.numerator, value), form.denominator)
        ):
            return False
    zero_case = laurent.substitute_values(form.numerator, {above: 0, below: 0})
    if not zero_case:
        return True
    core = nf.form(condition.left)
    least = tuple((i, e) for i, e in laurent.common_monomial(zero_case) if e < 0)
    if least or core.denominator:
        return False
    return laurent.divide(zero_case, core.numerator) is not None


# ---- cases on signs and guards ----------------------------------------------------------------


def _sign_to_split(nf: Normalizer, obligation: Obligation) -> Compare | None:
    """The argument of an indicator that stands in the difference, outside of sums.

    The one in most terms, which decides most, then the smallest; names decide last.
    """
    difference = nf.add(nf.form(obligation.left), nf.form(obligation.right), -1)
    terms: dict[Term, set[laurent.Monomial]] = {}
    conditions: dict[Term, Compare] = {}
    for monomial in difference.numerator:
        for identifier, _ in monomial:
            kernel = nf.kernels[identifier]
            if isinstance(kernel, Indicator) and isinstance(kernel.condition, Compare):
                argument = kernel.condition.left
                terms.setdefault(argument, set()).add(monomial)
                conditions[argument] = kernel.condition
    if not terms:
        return None
    return conditions[min(terms, key=lambda p: (-len(terms[p]), tree_size(p), key(p)))]


def _by_sign(
    obligation: Obligation,
    facts: tuple[Proposition, ...],
    distinct: frozenset[frozenset[Index]],
    assumptions: tuple[Proposition, ...],
    depth: int,
    guard: Compare,
) -> _Closed | _Open:
    operators: tuple[Operator, ...] = (">", "<", "=")
    cases = tuple(Compare(operator, guard.left, guard.right) for operator in operators)
    return _all_cases(obligation, facts, distinct, assumptions, depth, cases)


def _by_guard(
    obligation: Obligation,
    facts: tuple[Proposition, ...],
    distinct: frozenset[frozenset[Index]],
    assumptions: tuple[Proposition, ...],
    depth: int,
    guard: Proposition,
) -> _Closed | _Open:
    if not set(free_indices(guard)) <= set(_indices_with_fixed(obligation)):
        return _Open("a guard under a sum is not decided")
    match guard:
        case Compare() if Compare("=", guard.left, guard.right) in assumptions:
            return _Open("the statement has no value: a derivative at the border of a case")
        case Compare():
            return _by_sign(obligation, facts, distinct, assumptions, depth, guard)
        case SameIndex():
            return _Open("a guard compares indices that are not decided")
        case _:
            return _Open(f"a guard of kind {type(guard).__name__} is not decided")


def _all_cases(
    obligation: Obligation,
    facts: tuple[Proposition, ...],
    distinct: frozenset[frozenset[Index]],
    assumptions: tuple[Proposition, ...],
    depth: int,
    splits: tuple[Compare, ...],
) -> _Closed | _Open:
    if depth >= MAX_SPLITS:
        return _Open("too many cases of signs")
    cases: list[Case] = []
    conditions: dict[Proposition, None] = {}
    undefined: list[Compare] = []
    stated = tuple(fact for fact in facts if fact not in assumptions)
    for extra in splits:
        if _is_fact(obligation.declarations, stated, distinct, _negation(extra)):
            continue  # what is stated excludes it
        assumed = (*assumptions, extra)
        result = _prove_case(obligation, (*facts, extra), distinct, assumed, depth + 1)
        if isinstance(result, _Closed):
            cases.extend(result.cases)
            conditions.update(dict.fromkeys(result.conditions))
        elif result.reason.startswith("the statement has no value"):
            undefined.append(extra)
        else:
            return result
    if not cases:
        return _Open("the statement has no value in any case")
    for extra in undefined:
        excluded = _negation(extra)
        if not _is_fact(obligation.declarations, facts, distinct, excluded):
            conditions[excluded] = None
    return _Closed(tuple(cases), tuple(conditions))


def _negation(case: Compare) -> Compare:
    return Compare(NEGATED[case.operator], case.left, case.right)
