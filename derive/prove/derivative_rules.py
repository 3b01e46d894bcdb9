"""The rules of differentiation, one a node type: each is one local step.

``derivative_rule(body, x)`` gives the name of the rule and a term equal to the derivative, in
which derivatives of the parts of ``body`` stand unevaluated.  Kinks are kept: the derivative of
``max(0, u)`` is ``step(u) u'``, and ``step`` is undefined at 0, so whoever evaluates it has to
discharge or record ``u != 0``.  No library's value at a kink is used.

Source: the calculus of one variable and of finite sums; for inverses and determinants
(``dA^-1 = -A^-1 dA A^-1``, Jacobi) Magnus and Neudecker, Matrix Differential Calculus, ch. 8.
"""

from derive.terms.declarations import Declarations
from derive.terms.functions import unfold_function
from derive.terms.structure import (
    element_names,
    free_indices,
    open_binder,
    subterms,
    sum_over,
    unfold,
)
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    And,
    Apply,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dimension,
    Element,
    ForAll,
    Free,
    Indicator,
    InverseEntry,
    Mul,
    Node,
    Not,
    Number,
    Or,
    Position,
    Pow,
    Product,
    Proposition,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)

_LETTERS: tuple[str, ...] = (*"klpqrstuvw", *(f"k{i}" for i in range(1, 1000)))


class NoRuleError(Exception):
    """The prover has no rule for this; the verdict is ``unknown`` with this reason."""


def derivative_rule(body: Term, x: Element, declarations: Declarations) -> tuple[str, Term]:
    """One step of differentiation of ``body`` by ``x``: rule name and result.

    ``body`` contains no derivative and no definition that depends on ``x``.
    """
    if isinstance(body, Undefined):
        return "no value, no derivative", body
    _check_untied(body, x, declarations)
    if x.name not in element_names(body):
        return "derivative of a constant", ZERO
    _check_independent(x, declarations)
    match body:
        case Element():
            pairs = zip(body.indices, x.indices, strict=True)
            return "derivative of a component", mul(*(Delta(a, b) for a, b in pairs))
        case Add(terms):
            dependent = [t for t in terms if x.name in element_names(t)]
            return "derivative of a sum", add(*(Derivative(t, x) for t in dependent))
        case Mul(factors):
            return _product(factors, x)
        case Pow(base, exponent):
            return _power(base, exponent, x)
        case Apply(function, arguments):
            return _function(function, arguments, x)
        case Sum(dim, inner):
            index = Free(unused_name(body, x), dim)
            return (
                "derivative of a sum over an index",
                sum_over(index, Derivative(open_binder(inner, index), x)),
            )
        case Product(dim, inner):
            index = Free(unused_name(body, x), dim)
            factor = open_binder(inner, index)
            total = sum_over(index, div(Derivative(factor, x), factor))
            return "derivative of a product over an index", mul(body, total)
        case Indicator(condition):
            return "derivative of an indicator", _boundary(condition, x)
        case Where(condition, then, otherwise):
            return (
                "derivative by cases",
                add(
                    _boundary(condition, x),
                    Where(
                        condition,
                        Derivative(then, x),
                        otherwise if isinstance(otherwise, Undefined) else Derivative(otherwise, x),
                    ),
                ),
            )
        case Call():
            return "chain rule", _call(body, x)
        case InverseEntry(matrix, row, column) if matrix == x.name:
            p, q = x.indices
            entries = mul(InverseEntry(matrix, row, p), InverseEntry(matrix, q, column))
            return "derivative of an inverse", neg(entries)
        case Determinant(matrix) if matrix == x.name:
            p, q = x.indices
            return "Jacobi's formula", mul(body, InverseEntry(matrix, q, p))
    raise NoRuleError(f"no rule for the derivative of {type(body).__name__}")


def unused_name(*terms: Term) -> str:
    """A name for a new index that no free index of the terms has."""
    taken = {index.name for term in terms for index in free_indices(term)}
    return next(letter for letter in _LETTERS if letter not in taken)


def _check_untied(body: Term, x: Element, declarations: Declarations) -> None:
    """Refuse a derivative along which what is stated could not go on holding.

    With ``p + q = 1`` stated, nothing says whether q is held while p moves; with ``q = r`` beside
    it, whether r is.
    """
    ties = []
    for hypothesis in declarations.hypotheses:
        unfolded = unfold(hypothesis, declarations.definitions)
        if _ties(hypothesis) or _ties(unfolded):
            ties.append(element_names(hypothesis) | element_names(unfolded))
    if not any(x.name in names for names in ties):
        return
    tied = frozenset({x.name})
    for _ in ties:
        tied = tied.union(*(names for names in ties if names & tied))
    if tied & element_names(body):
        raise NoRuleError(f"a derivative by {x.name}, which a stated equation ties to others")


def _ties(fact: Proposition) -> bool:
    """Whether a fact may end where one component moves alone, and is not about that one alone."""
    nodes = tuple(subterms(fact))
    match fact:
        case And(inside) | Or(inside):
            return any(map(_ties, inside))
        case ForAll(_, inner):
            return _ties(inner)
        case Compare(">" | "<" | "!=") | Not(Compare(">=" | "<=" | "=")):
            return any(
                isinstance(node, Indicator | Where)
                or (isinstance(node, Apply) and node.function in _JUMPS)
                or _has_border(node)
                for node in nodes
            )
    if any(
        isinstance(node, Sum | Product | InverseEntry | Determinant)
        or (isinstance(node, Call) and any(argument.dims for argument in node.arguments))
        for node in nodes
    ):
        return True
    components = {node for node in nodes if isinstance(node, Element)}
    equation = any(isinstance(node, Compare) and node.operator == "=" for node in nodes)
    return len(components) > 1 or (equation and any(c.indices for c in components))


_JUMPS = ("sign", "floor", "ceiling", "step", "flat")


def _has_border(node: Node) -> bool:
    """Whether a term may have a value on a closed set alone, as a root of ``-(x - y)^2``."""
    match node:
        case Pow(base, Number(exponent)):
            return exponent.denominator != 1 and not _is_square(base)
        case Pow(base, _) | Apply("sqrt", (base,)):
            return not _is_square(base)
    return False


def _is_square(term: Term) -> bool:
    """Whether a term is at least 0 by its form."""
    match term:
        case Add(parts) | Mul(parts):
            return all(map(_is_square, parts))
        case Sum(_, body) | Product(_, body):
            return _is_square(body)
        case Pow(base, Number(exponent)):
            return exponent % 2 == 0 or _is_square(base)
        case Number(value):
            return value >= 0
    return isinstance(term, Dimension) or (isinstance(term, Apply) and term.function == "exp")


def _check_independent(x: Element, declarations: Declarations) -> None:
    """Refuse a derivative by a variable that can't be moved freely, one component at a time."""
    for word in ("symmetric", "positive definite", "orthogonal", "one-hot", "sums to 1"):
        if declarations.has(x.name, word):
            raise NoRuleError(
                f"a derivative by {x.name}, whose components are not independent ({word})"
            )
    if declarations.has(x.name, "integer"):
        raise NoRuleError(f"a derivative by {x.name}, which takes integer values only")


def _product(factors: tuple[Term, ...], x: Element) -> tuple[str, Term]:
    constant = tuple(f for f in factors if x.name not in element_names(f))
    dependent = tuple(f for f in factors if x.name in element_names(f))
    if len(dependent) == 1:
        return "constant factor", mul(*constant, Derivative(dependent[0], x))
    summands = [
        mul(*constant, *(Derivative(f, x) if i == j else f for j, f in enumerate(dependent)))
        for i in range(len(dependent))
    ]
    return "product rule", add(*summands)


def _power(base: Term, exponent: Term, x: Element) -> tuple[str, Term]:
    if x.name not in element_names(exponent):
        if exponent == MINUS_ONE:
            squared = Pow(base, number(-2))
            return "derivative of a reciprocal", mul(MINUS_ONE, squared, Derivative(base, x))
        lower = sub(exponent, ONE)
        if isinstance(exponent, Number):
            lower = Number(exponent.value - 1)
        return "power rule", mul(exponent, Pow(base, lower), Derivative(base, x))
    inner = add(
        mul(Derivative(exponent, x), apply("log", base)),
        mul(exponent, Derivative(base, x), Pow(base, MINUS_ONE)),
    )
    return "derivative of a power with variable exponent", mul(Pow(base, exponent), inner)


def _function(function: str, arguments: tuple[Term, ...], x: Element) -> tuple[str, Term]:
    u = arguments[0]
    outer: Term
    match function:
        case "exp":
            outer = apply("exp", u)
        case "log":
            outer = Pow(u, MINUS_ONE)
        case "sin":
            outer = apply("cos", u)
        case "cos":
            outer = neg(apply("sin", u))
        case "atan":
            outer = Pow(add(ONE, Pow(u, TWO)), MINUS_ONE)
        case "erf":
            root_pi = Pow(apply("pi"), Pow(TWO, MINUS_ONE))
            outer = mul(TWO, Pow(root_pi, MINUS_ONE), apply("exp", neg(Pow(u, TWO))))
        case "relu":
            outer = apply("step", u)
        case "abs":
            outer = sub(mul(TWO, apply("step", u)), ONE)
        case "sign" | "step" | "flat":
            outer = apply("flat", u)
        case _:
            meaning = unfold_function(function, arguments)
            if meaning is None:
                raise NoRuleError(f"no rule for the derivative of {function}")
            return f"definition of {function}", Derivative(meaning, x)
    return f"chain rule for {function}", mul(outer, Derivative(u, x))


def _boundary(condition: Proposition, x: Element) -> Term:
    """A sum of zeros, each undefined on the boundary of a comparison that depends on ``x``."""
    match condition:
        case Compare(_, left, right):
            difference = sub(left, right)
            if x.name not in element_names(difference):
                return ZERO
            return mul(apply("flat", difference), Derivative(difference, x))
        case SameIndex():
            return ZERO
        case Not(inner):
            return _boundary(inner, x)
        case And(parts) | Or(parts):
            return add(*(_boundary(part, x) for part in parts))
        case ForAll():
            raise NoRuleError("a derivative through a condition on all indices")
    raise NoRuleError(f"a derivative through the condition {type(condition).__name__}")


def _call(body: Call, x: Element) -> Term:
    summands = []
    for slot, argument in enumerate(body.arguments):
        inner: Term = argument.body
        indices: list[Free] = []
        taken: list[Term] = [body, x]
        for depth, dim in enumerate(argument.dims):
            index = Free(unused_name(*taken), dim)
            taken.append(Position(index))
            inner = open_binder(inner, index, len(argument.dims) - depth)
            indices.append(index)
        if x.name not in element_names(inner):
            continue
        place = (slot, tuple(indices))
        partials = tuple(sorted((*body.partials, place), key=_partial_key))
        outer = Call(body.name, body.outputs, body.arguments, partials)
        summand: Term = mul(outer, Derivative(inner, x))
        for index in reversed(indices):
            summand = sum_over(index, summand)
        summands.append(summand)
    return add(*summands)


def _partial_key(place: tuple[int, tuple[object, ...]]) -> tuple[int, str]:
    return place[0], repr(place[1])
