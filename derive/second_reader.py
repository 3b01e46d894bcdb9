"""A second reader of scalar LaTeX: latex2sympy2, which must agree with ours where it can read.

It never decides what a formula means.  Where its reading differs for a known reason, the reason
is named and accounted for; where it refuses, or reads a product for an application, it has no
say.  Source of the differences: its behaviour on the homework's formulas.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import sympy

from derive.prove.prover import prove
from derive.sympy_terms import ShapeError, UnsupportedError, obligation_from_sympy
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation
from derive.terms.structure import element_names, map_parts
from derive.terms.term import Dimension, Element, Node, Term

Outcome = Literal["agrees", "differs", "refused"]


@dataclass(frozen=True, slots=True)
class SecondReading:
    """Whether the second reader agrees, the known differences met, and why it refused."""

    outcome: Outcome
    differences: tuple[str, ...] = ()
    reason: str = ""


#: What it reads otherwise, by name.
KNOWN_DIFFERENCES: Mapping[str, str] = {
    "log-base-10": "it reads log as the logarithm to base 10, we as the natural one",
    "two-argument-log": "it writes ln x as log(x, e)",
    "undefined-function": "it leaves the document's functions undefined; we put them in",
    "dropped-prime": "it drops the prime of f'(x); we put the derivative back",
    "dimension-as-symbol": "it takes a dimension for any number; we put the dimension in",
}


def second_reading(
    latex: str,
    term: Term,
    declarations: Declarations,
    functions: Mapping[str, Callable[[Any], Any]],
) -> SecondReading:
    """Compare our reading of one scalar side with latex2sympy2's.

    ``functions`` gives, for each function that the document defines, its meaning on SymPy
    expressions, by LaTeX name.  Equality is decided by the prover, not by SymPy.
    """
    try:
        from latex2sympy2_extended import latex2sympy

        with sympy.evaluate(False):
            read = latex2sympy(latex)
    except Exception as error:  # its parser raises bare exceptions
        return SecondReading("refused", reason=type(error).__name__)
    if not isinstance(read, sympy.Expr):
        return SecondReading("refused", reason=f"it reads a {type(read).__name__}")
    met: dict[str, None] = {}
    primed = frozenset(name for name in functions if f"{name}'" in latex)
    try:
        ours = _same_symbols(_accounted(read, functions, primed, met))
        statement = obligation_from_sympy(sympy.Eq(ours, 0, evaluate=False))
    except (ShapeError, UnsupportedError) as error:
        return SecondReading("refused", reason=str(error))
    if not isinstance(statement, Obligation):
        return SecondReading("refused", reason="it reads a proposition")
    known = {*declarations.variables, *declarations.dimensions, *element_names(term)}
    strange = sorted(element_names(statement.left) - known)
    if strange:
        words = f"it reads {strange[0]} as a new symbol, where the document gives it a meaning"
        return SecondReading("refused", reason=words)
    theirs = _with_dimensions(statement.left, declarations.dimensions, met)
    attempt = prove(Obligation("=", term, theirs, declarations))
    outcome: Outcome = "agrees" if attempt.outcome == "proved" else "differs"
    return SecondReading(outcome, tuple(met), attempt.reason)


def _accounted(
    e: Any,
    functions: Mapping[str, Callable[[Any], Any]],
    primed: frozenset[str],
    met: dict[str, None],
) -> Any:
    def again(part: Any) -> Any:
        return _accounted(part, functions, primed, met)

    if isinstance(e, sympy.log) and len(e.args) == 2:
        base = e.args[1]
        met["log-base-10" if base == 10 else "two-argument-log"] = None
        return sympy.log(again(e.args[0]), evaluate=False)
    if isinstance(e, sympy.Derivative):
        return sympy.Derivative(again(e.expr), *e.variables)
    if isinstance(e, sympy.core.function.AppliedUndef):
        name = e.func.__name__.removeprefix("\\text{").removesuffix("}")
        if name not in functions:
            raise UnsupportedError(f"it reads an undefined function {name}")
        met["undefined-function"] = None
        argument = again(e.args[0])
        value = functions[name](argument)
        if name not in primed:
            return value
        if not isinstance(argument, sympy.Symbol):
            raise UnsupportedError(f"it drops the prime of {name} at an argument")
        met["dropped-prime"] = None
        return sympy.Derivative(value, argument)
    if not e.args:
        if isinstance(e, sympy.Symbol) and e.name in functions:
            raise UnsupportedError(f"it reads the function {e.name} as a factor")
        return e
    with sympy.evaluate(False):
        return e.func(*map(again, e.args))


def _same_symbols(e: Any) -> Any:
    return e.xreplace({s: sympy.Symbol(s.name, real=True) for s in e.free_symbols})


def _with_dimensions(term: Term, dimensions: tuple[str, ...], met: dict[str, None]) -> Term:
    """The term with numbers that are dimensions put in as such."""

    def descend(node: Node, _binders: int) -> Node:
        if isinstance(node, Element) and not node.indices and node.name in dimensions:
            met["dimension-as-symbol"] = None
            return Dimension(node.name)
        return map_parts(node, descend, lambda index: index)

    return cast(Term, descend(term, 0))
