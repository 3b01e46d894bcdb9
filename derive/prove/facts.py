"""What may be used without being required: hypotheses, declared conditions, case assumptions."""

from typing import TYPE_CHECKING

from derive.prove import laurent
from derive.prove.derivative_rules import NoRuleError
from derive.prove.forms import Form, NeedsCaseError, NeverDefinedError
from derive.prove.signs import kernel_sign, power_sign, sign_of_product
from derive.terms.ordering import key
from derive.terms.structure import open_binder, subterms, unfold
from derive.terms.term import (
    NEGATED,
    And,
    Compare,
    ForAll,
    Free,
    Not,
    Operator,
    Proposition,
    Sum,
    Term,
    Where,
)

if TYPE_CHECKING:
    from derive.prove.normal_form import Normalizer

_SIGNS: dict[Operator, str] = {">": "+", ">=": "+0", "<": "-", "<=": "-0", "!=": "x", "=": "0"}


def learn(nf: "Normalizer", fact: Proposition) -> None:
    """Use a true proposition: its sign, or, for an equation, a kernel that it determines.

    Propositions of other kinds are not used (that loses proofs, never soundness).
    """
    match fact:
        case And(parts):
            for part in parts:
                learn(nf, part)
        case ForAll():
            nf.schemes.append(fact)
            for index in tuple(nf.met):
                learn_instance(nf, fact, index)
        case Not(Compare(operator, left, right)):
            learn(nf, Compare(NEGATED[operator], left, right))
        case Compare(operator, left, right):
            difference = _difference(nf, left, right)
            if difference is not None and difference.numerator:
                _learn_sign(nf, difference, operator)


def _difference(nf: "Normalizer", left: Term, right: Term) -> Form | None:
    """``left - right``; None for what the normal form can't take.

    Where a fact has a value, its terms have one, and that needs no condition; but a branch that is
    not taken need not have one: with branches, nothing may be required.
    """
    kept = nf.silent, nf.conditions
    branches = _has_branches(nf, left) or _has_branches(nf, right)
    if branches:
        nf.forget()
        nf.silent, nf.conditions = 0, {}
    else:
        nf.silent += 1
    try:
        difference = nf.add(nf.form(left), nf.form(right), -1)
        return None if branches and nf.conditions else difference
    except (NoRuleError, NeedsCaseError, NeverDefinedError, laurent.TooLargeError):
        return None
    finally:
        nf.silent, nf.conditions = kept
        if branches:
            nf.forget()


def _has_branches(nf: "Normalizer", term: Term) -> bool:
    nodes = subterms(unfold(term, nf.declarations.definitions))
    return any(isinstance(node, Where) for node in nodes)


def learn_instance(nf: "Normalizer", fact: ForAll, index: Free) -> None:
    """Use what holds for all indices at one of them."""
    if fact.dim != index.dim:
        return
    instance = open_binder(fact.body, index)
    # Around the point of a derivative only open relations are known to hold.
    if nf.near and not (isinstance(instance, Compare) and instance.operator in (">", "<", "!=")):
        return
    learn(nf, instance)


def _learn_sign(nf: "Normalizer", difference: Form, operator: Operator) -> None:
    sign = _SIGNS[operator]
    for identifier, exponent in difference.denominator:
        factor = power_sign(kernel_sign(nf, identifier), exponent)
        if factor not in ("+", "-"):
            return
        sign = sign_of_product(sign, factor)
    numerator = difference.numerator
    if operator == "=":
        _learn_equation(nf, Form(numerator))
        return
    nf.known_signs.append((Form(numerator), sign))
    content, factors = nf.factors(Form(numerator))
    total = "+" if content > 0 else "-"
    open_factors = []
    for identifier, power in factors:
        factor = power_sign(kernel_sign(nf, identifier), power)
        if factor in ("+", "-"):
            total = sign_of_product(total, factor)
        else:
            open_factors.append((identifier, power))
    if any(not isinstance(power, int) or power < 0 for _, power in open_factors):
        open_factors = []
    if len(open_factors) == 1 and open_factors[0][1] % 2 == 0:
        total, sign = "+", "x" if sign == sign_of_product(total, "+") else ""
    if len(open_factors) == 1 and sign:
        core = Form({((open_factors[0][0], 1),): laurent.constant(1)[laurent.UNIT]})
        nf.known_signs.append((core, sign_of_product(total, sign)))
    nf.signs.clear()


def _learn_equation(nf: "Normalizer", difference: Form) -> None:
    """Solve for a kernel that occurs once, linearly, with a number before it: sums first."""
    # A kernel that stands in a denominator is not 0 where the equation has a meaning.
    common = laurent.common_monomial(difference.numerator)
    below = tuple((i, e) for i, e in common if e < 0)
    difference = Form(laurent.divide_monomial(difference.numerator, below))
    candidates = []
    for monomial in difference.numerator:
        if len(monomial) != 1 or monomial[0][1] != 1:
            continue
        identifier = monomial[0][0]
        elsewhere = any(
            identifier in dict(other) for other in difference.numerator if other != monomial
        )
        kernel = nf.kernels[identifier]
        if not elsewhere and identifier not in nf.expansions:
            candidates.append((not isinstance(kernel, Sum), key(kernel), monomial))
    if not candidates:
        nf.known_signs.append((difference, "0"))
        nf.signs.clear()
        nf.forget()
        return
    _, _, monomial = min(candidates)
    coefficient = difference.numerator[monomial]
    rest = {m: -c / coefficient for m, c in difference.numerator.items() if m != monomial}
    nf.rewrites[nf.kernels[monomial[0][0]]] = Form(rest)
    nf.forget()
