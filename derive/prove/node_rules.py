"""The normal form of each type of term: one rule a type, in the table ``NODE_RULES``."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import fmpq

from derive.prove import function_rules, laurent
from derive.prove.definedness import is_total
from derive.prove.derivative_rules import NoRuleError, derivative_rule
from derive.prove.forms import ONE_FORM, ZERO_FORM, Form, NeedsCaseError, NeverDefinedError
from derive.prove.function_rules import power_form
from derive.prove.one_hot import class_index
from derive.prove.signs import form_sign, indicator_form
from derive.prove.sums import sum_form
from derive.terms.functions import FUNCTIONS, unfold_function
from derive.terms.ordering import index_key
from derive.terms.structure import (
    bind,
    element_names,
    free_indices,
    open_binder,
    substitute_indices,
    subterms,
    unfold,
)
from derive.terms.term import (
    Add,
    And,
    Apply,
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
    Index,
    Indicator,
    InverseEntry,
    Mul,
    Not,
    Number,
    Or,
    Position,
    Pow,
    Product,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
)

if TYPE_CHECKING:
    from derive.prove.normal_form import Normalizer

#: Functions with f(-x) = -f(x), so that f(0) = 0, and with f(-x) = f(x).
_ODD = ("sin", "atan", "erf")
_EVEN = ("cos",)

#: Condition words that say that the inverse of a matrix exists.
_INVERTIBLE = ("invertible", "positive definite", "orthogonal")


def _number(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Number)
    if max(term.value.numerator.bit_length(), term.value.denominator.bit_length()) > (
        laurent.MAX_BITS
    ):
        raise laurent.TooLargeError("a number with too many digits")
    return Form(laurent.constant(fmpq(term.value.numerator, term.value.denominator)))


def _dimension(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Dimension)
    if isinstance(term.dim, int):
        return Form(laurent.constant(term.dim))
    return nf.kernel_form(term)


def _position(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Position)
    nf.require_indices((term.index,))
    if isinstance(term.index, Fixed):
        return Form(laurent.constant(term.index.value))
    return nf.kernel_form(term)


def _element(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Element)
    name, indices = term.name, term.indices
    nf.require_indices(indices)
    if name in nf.declarations.definitions:
        meaning = unfold(term, {name: nf.declarations.definitions[name]})
        nf.step(f"definition of {name}", term, meaning)
        return nf.form(meaning)
    if len(indices) == 1 and nf.declarations.has(name, "one-hot"):
        hot = class_index(name, _dim_of(indices[0]))
        delta = Delta(indices[0], nf.equal.get(hot, hot))
        nf.step(f"{name} is one-hot", term, delta)
        return nf.form(delta)
    if len(indices) == 2 and (
        nf.declarations.has(name, "symmetric") or nf.declarations.has(name, "positive definite")
    ):
        ordered = Element(name, tuple(sorted(indices, key=index_key)))
        nf.step(f"{name} is symmetric", term, ordered)
        return nf.kernel_form(ordered)
    return nf.kernel_form(term)


def _dim_of(index: Index) -> Dim:
    assert isinstance(index, Free | Fixed)
    return index.dim


def _add(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Add)
    result = ZERO_FORM
    for summand in term.terms:
        result = nf.add(result, nf.form(summand))
    return result


def _mul(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Mul)
    plain = [f for f in term.factors if not nf.has_kink(f)]
    kinks = [f for f in term.factors if nf.has_kink(f)]
    result = ONE_FORM
    for factor in plain:
        result = nf.multiply(result, nf.form(factor))
    # A kink matters only where the inner derivative can be non-zero: with the factor
    # delta(i, j) it is looked at for i = j alone.
    for factor in kinks:
        if not result.numerator:
            return ZERO_FORM
        for index, other in _common_deltas(nf, result):
            factor = substitute_indices(factor, {index: other})
        result = nf.multiply(result, nf.form(factor))
    return result


def _common_deltas(nf: "Normalizer", form: Form) -> list[tuple[Free, Index]]:
    """Index pairs whose delta divides every monomial: the open index first."""
    pairs = []
    for identifier, _ in laurent.common_monomial(form.numerator):
        kernel = nf.kernels[identifier]
        if isinstance(kernel, Delta):
            left, right = kernel.left, kernel.right
            if left not in nf.open_indices and right in nf.open_indices:
                left, right = right, left
            if isinstance(left, Free):
                pairs.append((left, right))
            elif isinstance(right, Free):
                pairs.append((right, left))
    return pairs


def _derivative(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Derivative)
    body, x = term.body, term.variable
    nf.require_indices(x.indices)
    if not is_total(x, nf.declarations.definitions):
        nf.form(x)  # a place without a value is no place for a derivative
    definitions = nf.definitions_containing(x.name)
    if definitions:
        unfolded = unfold(body, definitions)
        nf.step(f"unfold definitions down to {x.name}", term, Derivative(unfolded, x))
        body = unfolded
    if any(isinstance(t, Derivative) for t in subterms(body)):
        if x.name in nf.declarations.definitions:
            raise NoRuleError(f"a second derivative by {x.name}, which is defined")
        inner = nf.term(nf.form_nearby(body))
        nf.step("inner derivative first", Derivative(body, x), Derivative(inner, x))
        body = inner
    elif not is_total(body, nf.declarations.definitions):
        nf.form_nearby(body)  # what has no value has no derivative
    hidden = sorted(element_names(body) & definitions.keys())
    if hidden:
        raise NoRuleError(f"a derivative through the inverse or determinant of {hidden[0]}")
    rule, after = derivative_rule(body, x, nf.declarations)
    nf.step(rule, Derivative(body, x), after)
    return nf.form(after)


def _sum(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Sum)
    index = nf.fresh(term.dim, term)
    body = under_index(nf, index, lambda: nf.form(open_binder(term.body, index)))
    return sum_form(nf, index, body)


def under_index(nf: "Normalizer", index: Free, make: Callable[[], Form]) -> Form:
    """Normalise under an open index; conditions that depend on it are required for all values."""
    outer = nf.conditions
    nf.conditions = {}
    nf.open_indices.append(index)
    try:
        result = make()
    finally:
        inner, nf.conditions = nf.conditions, outer
        nf.open_indices.pop()
    for condition in inner:
        if index in free_indices(condition):
            nf.require(ForAll(index.dim, bind(condition, index)))
        else:
            nf.require(condition)
    return result


def _under_indices(nf: "Normalizer", indices: tuple[Free, ...], body: Term) -> Form:
    if not indices:
        return nf.form(body)
    return under_index(nf, indices[0], lambda: _under_indices(nf, indices[1:], body))


def _product(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Product)
    index = nf.fresh(term.dim, term)
    body = under_index(nf, index, lambda: nf.form(open_binder(term.body, index)))
    if form_sign(nf, body) == "+":
        logarithms = Sum(term.dim, bind(Apply("log", (nf.term(body),)), index))
        exponential = Apply("exp", (logarithms,))
        nf.step("product as exp of a sum of logs", term, exponential)
        return nf.form(exponential)
    return nf.kernel_form(Product(term.dim, bind(nf.term(body), index)))


def _apply(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Apply)
    meaning = unfold_function(term.function, term.arguments)
    if meaning is not None:
        nf.step(f"definition of {term.function}", term, meaning)
        return nf.form(meaning)
    rule = function_rules.RULES.get(term.function)
    if rule is not None:
        return rule(nf, term)
    if len(term.arguments) != FUNCTIONS[term.function].arity:
        raise NoRuleError(f"{term.function} with {len(term.arguments)} arguments")
    forms = [nf.form(a) for a in term.arguments]
    sign = 1
    if term.function in _ODD or term.function in _EVEN:
        (form,) = forms
        numerator, sign = nf.with_leading_sign(form.numerator) if form.numerator else ({}, 1)
        forms = [Form(numerator, form.denominator)]
    result = nf.kernel_form(Apply(term.function, tuple(nf.term(form) for form in forms)))
    if term.function in _ODD:
        if not forms[0].numerator:
            return ZERO_FORM
        result = nf.scale(result, fmpq(sign))
    nf.step(f"argument of {term.function} in normal form, its sign taken out", term, result)
    return result


def _call(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Call)
    nf.require_indices((*term.outputs, *(i for _, place in term.partials for i in place)))
    arguments = []
    for argument in term.arguments:
        body = argument.body
        indices: list[Free] = []
        for depth, dim in enumerate(argument.dims):
            index = nf.fresh(dim, term, body, *(Position(i) for i in indices))
            body = open_binder(body, index, len(argument.dims) - depth)
            indices.append(index)
        made = nf.term(_under_indices(nf, tuple(indices), body))
        for index in indices:
            made = bind(made, index)
        arguments.append(replace(argument, body=made))
    partials = tuple(sorted(term.partials, key=lambda p: (p[0], tuple(index_key(i) for i in p[1]))))
    return nf.kernel_form(Call(term.name, term.outputs, tuple(arguments), partials))


def _delta(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Delta)
    nf.require_indices((term.left, term.right))
    same = nf.same_index(term.left, term.right)
    if same is not None:
        nf.step("equal indices" if same else "different indices", term, Number(Fraction(same)))
        return ONE_FORM if same else ZERO_FORM
    left, right = sorted((term.left, term.right), key=index_key)
    return nf.kernel_form(Delta(left, right))


def _indicator(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Indicator)
    match term.condition:
        case Compare():
            return indicator_form(nf, term.condition)
        case SameIndex(left, right):
            return nf.form(Delta(left, right))
        case Not(inner):
            return nf.add(ONE_FORM, nf.form(Indicator(inner)), -1)
        case And(parts):
            return nf.form(Mul(tuple(Indicator(p) for p in parts)))
        case Or(parts):
            none = Mul(tuple(Indicator(Not(p)) for p in parts))
            return nf.add(ONE_FORM, nf.form(none), -1)
    raise NoRuleError(f"an indicator of {type(term.condition).__name__}")


def _where(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Where)
    chosen = nf.form(Indicator(term.condition))
    if chosen == ONE_FORM:
        return nf.form(term.then)
    if chosen == ZERO_FORM:
        return nf.form(term.otherwise)
    if isinstance(term.otherwise, Undefined):
        raise NeedsCaseError(term.condition)
    known = len(nf.conditions)
    then = nf.form(term.then)
    otherwise = nf.form(term.otherwise)
    under_binder = any(index in nf.open_indices for index in free_indices(term.condition))
    if len(nf.conditions) > known and not under_binder:
        raise NeedsCaseError(term.condition)  # a branch is not defined everywhere
    rest = nf.add(ONE_FORM, chosen, -1)
    result = nf.add(nf.multiply(chosen, then), nf.multiply(rest, otherwise))
    nf.step("cases by an indicator", term, result)
    return result


def _undefined(nf: "Normalizer", term: Term) -> Form:
    raise NeverDefinedError("no case applies")


def _pow(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, Pow)
    return power_form(nf, term)


def _inverse_entry(nf: "Normalizer", term: Term) -> Form:
    assert isinstance(term, InverseEntry)
    nf.require_indices((term.row, term.column))
    if not any(nf.declarations.has(term.matrix, word) for word in _INVERTIBLE):
        nf.require(Compare("!=", Determinant(term.matrix), Number(Fraction(0))))
    return nf.kernel_form(term)


def _determinant(nf: "Normalizer", term: Term) -> Form:
    return nf.kernel_form(term)


#: One entry a type of term.
NODE_RULES: Mapping[type[Term], Callable[["Normalizer", Term], Form]] = {
    Number: _number,
    Dimension: _dimension,
    Position: _position,
    Element: _element,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    Apply: _apply,
    Call: _call,
    Delta: _delta,
    Indicator: _indicator,
    Where: _where,
    Undefined: _undefined,
    Sum: _sum,
    Product: _product,
    Derivative: _derivative,
    InverseEntry: _inverse_entry,
    Determinant: _determinant,
}
