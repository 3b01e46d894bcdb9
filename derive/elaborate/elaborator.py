"""Surface trees to typed values, one method a node type.

An ``Elaborator`` serves one chain: the letters of its free indices get one range each, whichever
side fixes it.  Nothing is guessed: an undeclared name is a real scalar only where it stands alone;
with an index, or before parentheses, it is an error that lists what is declared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from derive.elaborate import value as values
from derive.elaborate.problems import IllTypedError, MalformedError, NotCoveredError
from derive.elaborate.scope import ARRAY_FUNCTIONS, KNOWN_FUNCTIONS, Scope, dimension_of
from derive.elaborate.substitute import UnderDerivativeError, substitute_name
from derive.elaborate.value import Value, fresh_axis
from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.problems import Span
from derive.terms.structure import (
    Definition,
    bind,
    free_indices,
    product_over,
    substitute_indices,
    sum_over,
)
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    And,
    Apply,
    Argument,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dim,
    Dimension,
    Element,
    Fixed,
    Free,
    Index,
    Indicator,
    InverseEntry,
    Not,
    Number,
    Operator,
    Or,
    Position,
    Pow,
    Proposition,
    SameIndex,
    Term,
    Undefined,
    Where,
    apply,
    div,
    number,
)

#: How derivatives of arrays are laid out: Jacobian rows are outputs; or the transpose; or rows
#: are outputs and the gradient of a scalar is a row.
Layout: TypeAlias = Literal["numerator", "denominator", "gradient rows"]

_TRANSPOSES = frozenset({"T", "\\top", "\\intercal", "\\mathsf{T}", "\\mathrm{T}"})
_OPERATORS: Mapping[str, Operator] = {
    "=": "=",
    "\\equiv": "=",
    ":=": "=",
    "\\ne": "!=",
    "<": "<",
    "\\le": "<=",
    ">": ">",
    "\\ge": ">=",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """Something read on the author's behalf, in words, with its place."""

    message: str
    span: Span


@dataclass
class Elaborator:
    """Gives surface trees of one chain a typed meaning in one scope and layout.

    ``warnings`` and ``hypotheses`` gather what was noticed; ``definitions`` are auxiliary names
    made on the way (the point at which ``f'`` is taken).
    """

    scope: Scope
    layout: Layout = "numerator"
    warnings: list[Warned] = field(default_factory=list)
    hypotheses: list[Proposition] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._bound: dict[str, Free] = {}
        self._used: set[str] = set()
        self._ranges: dict[str, Dim] = dict(self.scope.indices)
        self._pending: dict[str, Dim] = {}
        self._serial = 0

    # ---- sides ----------------------------------------------------------------------------

    def side(self, node: surface.Node) -> Value:
        """The value of one side; ``finish`` it when the whole chain has been read."""
        return self.value(node)

    def finish(self, value: Value) -> Value:
        """Put the ranges that other sides fixed into the indices of a value."""
        return Value(self.finish_term(value.term), value.axes, value.row)

    def finish_term(self, term: Term) -> Term:
        """``finish`` for a bare term."""
        return substitute_indices(term, self._resolution(free_indices(term)))

    def finish_proposition(self, proposition: Proposition) -> Proposition:
        """``finish`` for a hypothesis."""
        return substitute_indices(proposition, self._resolution(free_indices(proposition)))

    def _resolution(self, indices: tuple[Free, ...]) -> dict[Free, Index]:
        change: dict[Free, Index] = {}
        for index in indices:
            dim = self._known_dim(index)
            if dim is not None and dim != index.dim:
                change[index] = Free(index.name, dim)
        return change

    def _known_dim(self, index: Free) -> Dim | None:
        dim: Dim | None = index.dim
        while isinstance(dim, str) and dim.startswith("?"):
            dim = self._pending.get(dim)
        return dim

    # ---- values ---------------------------------------------------------------------------

    def value(self, node: surface.Node) -> Value:
        """The typed meaning of a surface tree."""
        method = _METHODS.get(type(node))
        if method is None:
            raise NotCoveredError(f"{_words(node)} is read but not judged", node.span)
        return method(self, node)

    def scalar(self, node: surface.Node) -> Term:
        """The typed meaning of a tree that has to be a scalar."""
        found = self.value(node)
        if found.axes:
            raise IllTypedError(
                f"a scalar is needed here, found a {found.shape_words}",
                node.span,
                found.shape_words,
                "scalar",
            )
        return found.term

    def _number(self, node: surface.Number) -> Value:
        return Value(Number(Fraction(node.text)))

    def _name(self, node: surface.Name) -> Value:
        name = node.spelling
        if name in self._bound:
            self._used.add(name)
            return Value(Position(self._bound[name]))
        if name in self.scope.variables or name in self.scope.definitions:
            return self._variable(name, node.span)
        if name in self.scope.dimensions:
            return Value(Dimension(name))
        if name in self.scope.sets_counted:
            return Value(self.scope.sets_counted[name])
        definition = self.scope.function_definitions.get(name)
        if definition is not None:
            return definition.body
        if name in self.scope.functions:
            return self._bare_function(name, node.span)
        if name in KNOWN_FUNCTIONS:
            raise MalformedError(f"the function {name} stands without an argument", node.span)
        if name == "e":
            return Value(apply("exp", ONE))
        if name == "\\pi":
            return Value(Apply("pi", ()))
        if name in ("\\mathbf{1}", "\\mathbb{1}", "\\mathbf{I}", "\\mathbb{R}"):
            raise MalformedError(
                f"the size of {name} is not known here; declare it, as in {name} : R^n", node.span
            )
        return Value(Element(name))

    def _variable(self, name: str, span: Span) -> Value:
        shape = self.scope.shape(name)
        if name == "\\mathbf{1}" and name not in self.scope.definitions:
            return values.tensor(shape, lambda *_: ONE)
        if name in ("\\mathbf{I}", "I") and len(shape) == 2 and shape[0] == shape[1]:
            return values.tensor(shape, Delta)
        return values.tensor(shape, lambda *indices: Element(name, indices))

    def _bare_function(self, name: str, span: Span, wrt: str | None = None) -> Value:
        """An unknown function without its argument: of the last defined name that fits."""
        declared = self.scope.functions[name]
        if len(declared.arguments) == 1:
            (shape,) = declared.arguments
            fitting = [
                defined for defined in self.scope.definitions if self.scope.shape(defined) == shape
            ]
            chosen = fitting[-1] if fitting else wrt
            if chosen is not None:
                self.warn(f"{name} is read as {name}({chosen})", span)
                return self._unknown_call(name, [self._variable(chosen, span)], span)
        raise MalformedError(f"the function {name} stands without an argument", span)

    def warn(self, message: str, span: Span) -> None:
        """Note something that was read on the author's behalf, once."""
        noted = Warned(message, span)
        if noted not in self.warnings:
            self.warnings.append(noted)

    # ---- scripts --------------------------------------------------------------------------

    def _script(self, node: surface.Script) -> Value:
        base = node.base
        if (
            isinstance(base, surface.Group)
            and base.open in ("\\|", "|")
            and base.open == base.close
        ):
            if base.open == "\\|":
                return self._norm(base, node)
        if isinstance(base, surface.Name) and node.subscript is not None:
            undeclared = not self._has_meaning(base.spelling)
            if undeclared:
                raise MalformedError(
                    f"{base.spelling} has an index but is never introduced; "
                    f"declared here: {self.scope.declared_words()}",
                    base.span,
                )
        if isinstance(base, surface.Name) and base.spelling == "e" and not self._has_meaning("e"):
            if node.superscript is not None and node.subscript is None:
                exponent = self.value(node.superscript)
                return values.mapped(exponent, lambda t: apply("exp", t))
        if node.primes:
            return self._primed(node)
        result = self.value(base)
        if node.subscript is not None:
            result = self._indexed(result, node.subscript, node)
        if node.superscript is not None:
            result = self._raised(result, node.superscript, node)
        return result

    def _has_meaning(self, name: str) -> bool:
        return name in self._bound or self.scope.has_meaning(name)

    def _primed(self, node: surface.Script) -> Value:
        if self.scope.prime_transposes and node.primes == 1:
            result = values.transposed(self.value(node.base), node.span)
            return self._indexed(result, node.subscript, node) if node.subscript else result
        raise MalformedError(
            "a prime without an argument: write f'(x), or declare ' : transpose", node.span
        )

    def _indexed(self, base: Value, subscript: surface.Node, node: surface.Script) -> Value:
        if isinstance(subscript, surface.Relation) and len(base.axes) == 2:
            return self._entries_under(base, subscript)
        items = _index_items(subscript, len(base.axes))
        if len(items) > len(base.axes):
            raise IllTypedError(
                f"{len(items)} {'index' if len(items) == 1 else 'indices'} on a {base.shape_words}",
                node.span,
                base.shape_words,
                f"{len(items)} {'index' if len(items) == 1 else 'indices'}",
            )
        indices = [self.index(item, axis.dim) for item, axis in zip(items, base.axes, strict=False)]
        rest = base.axes[len(indices) :]
        renewed = tuple(fresh_axis(axis.dim) for axis in rest)
        return Value(base.at(*indices, *renewed), renewed)

    def _entries_under(self, base: Value, relation: surface.Relation) -> Value:
        r"""``(A)_{i \ne j}``: the entry (i, j), under the hypothesis of the subscript."""
        left, right = relation.sides
        indices = (self.index(left, base.axes[0].dim), self.index(right, base.axes[1].dim))
        same = SameIndex(*indices)
        self.hypotheses.append(same if relation.relations[0] == "=" else Not(same))
        return Value(base.at(*indices))

    def _raised(self, base: Value, superscript: surface.Node, node: surface.Script) -> Value:
        word = spelling(superscript)
        if word in _TRANSPOSES:
            return values.transposed(base, node.span)
        if word in ("-1", "-T", "-\\top") and len(base.axes) == 2:
            inverse = self._inverse(base, node)
            return inverse if word == "-1" else values.transposed(inverse, node.span)
        if len(base.axes) == 2 and word is not None and word.isdigit() and 1 <= int(word) <= 9:
            result = base
            for _ in range(int(word) - 1):
                result = values.multiply(result, base, "", node.span)
            return result
        exponent = self.scalar(superscript)
        if base.axes:
            raise IllTypedError(
                f"a power of a {base.shape_words}", node.span, base.shape_words, "scalar"
            )
        return Value(Pow(base.term, exponent))

    def _inverse(self, base: Value, node: surface.Script) -> Value:
        if base.dims[0] != base.dims[1]:
            raise IllTypedError(
                f"the inverse of a {base.shape_words}", node.span, base.shape_words, "square matrix"
            )
        term = base.term
        if isinstance(term, Element) and term.name not in self.scope.definitions:
            flipped = term.indices == base.axes[::-1]
            if term.indices == base.axes or flipped:
                rows, columns = base.axes[::-1] if flipped else base.axes
                return Value(InverseEntry(term.name, rows, columns), base.axes)
        raise NotCoveredError("the inverse of an expression is read but not judged", node.span)

    def _norm(self, group: surface.Group, node: surface.Script) -> Value:
        inner = self.value(group.body)
        kind = spelling(node.subscript) if node.subscript is not None else "2"
        if kind in ("2", "F"):
            norm: Term = Pow(values.squared_norm(inner), Pow(TWO, MINUS_ONE))
            if node.superscript is not None and spelling(node.superscript) == "2":
                return Value(values.squared_norm(inner))
        elif kind == "1":
            norm = values.summed(inner, lambda entry: apply("abs", entry))
        else:
            raise NotCoveredError(f"the norm with subscript {kind} is not judged", node.span)
        if node.superscript is not None:
            return Value(Pow(norm, self.scalar(node.superscript)))
        return Value(norm)

    # ---- indices --------------------------------------------------------------------------

    def index(self, node: surface.Node, dim: Dim) -> Index:
        """The index that a subscript names, for an axis of length ``dim``."""
        while isinstance(node, surface.Group) and node.open == "{":
            node = node.body
        if isinstance(node, surface.Number) and node.text.isdigit():
            return self._fixed(int(node.text), dim, node.span)
        if not isinstance(node, surface.Name):
            raise NotCoveredError(f"an index that is {_words(node)} is not judged", node.span)
        name = node.spelling
        if name in self._bound:
            self._used.add(name)
            return self._fit(self._bound[name], dim, name, node.span)
        if name in self.scope.dimensions and name not in self._ranges:
            if name == dim:
                return Free(f"last of {dim}", dim)
            raise IllTypedError(
                f"the index {name} is a dimension, the axis has length {dim}",
                node.span,
                name,
                str(dim),
            )
        if name in self.scope.variables:
            raise MalformedError(f"{name} is a variable and stands as an index", node.span)
        return self._fit(self.free_index(name), dim, name, node.span)

    def free_index(self, name: str) -> Free:
        """The free index of that letter in this chain; its range may still be open."""
        known = self._ranges.get(name)
        return Free(name, known if known is not None else f"?{name}")

    def expect_range(self, name: str, dim: Dim, span: Span) -> None:
        """Fix the range of a free index beforehand."""
        self._fit(self.free_index(name), dim, name, span)

    def free_index_known(self, name: str, span: Span) -> Free:
        """The free index of that letter, whose range has to be known by now."""
        index = self.free_index(name)
        dim = self._known_dim(index)
        if dim is None:
            raise MalformedError(f"the range of the index {name} is not known", span)
        return Free(name, dim)

    def _fixed(self, place: int, dim: Dim, span: Span) -> Fixed:
        if place < 1 or (isinstance(dim, int) and place > dim):
            raise IllTypedError(
                f"the index {place} lies outside 1..{dim}", span, str(place), f"1..{dim}"
            )
        return Fixed(place, dim)

    def _fit(self, index: Free, dim: Dim, name: str, span: Span) -> Free:
        known = self._known_dim(index)
        if known is None:
            pending = index.dim
            while isinstance(pending, str) and pending in self._pending:
                pending = self._pending[pending]
            assert isinstance(pending, str)
            self._pending[pending] = dim
            if name not in self._bound:
                self._ranges[name] = dim
                return Free(index.name, dim)
            return index
        if known != dim:
            raise IllTypedError(
                f"the index {name} runs over 1..{known}, but the axis has length {dim}",
                span,
                str(known),
                str(dim),
            )
        return index

    # ---- sums, products -------------------------------------------------------------------

    def _big_operator(self, node: surface.BigOperator) -> Value:
        if node.operator not in ("sum", "prod"):
            self.value(node.body)  # an object that is never introduced is the graver finding
            raise NotCoveredError(f"{node.operator} over a range is read but not judged", node.span)
        names, dim, guard_of = self._limits(node)
        saved = dict(self._bound)
        used_before = set(self._used)
        opened = []
        for name in names:
            if name in self._bound:
                self.warn(
                    f"the index {name} shadows an outer {name}; the inner one wins", node.span
                )
            self._serial += 1
            free = Free(f"{name}.{self._serial}", dim if dim is not None else f"?{self._serial}")
            self._bound[name] = free
            self._used.discard(name)
            opened.append((name, free))
        try:
            body = self.value(node.body)
            guard = guard_of()
        finally:
            unused = [name for name, _ in opened if name not in self._used]
            self._bound = saved
            self._used |= used_before
        for name in unused:
            if dim is None:
                raise MalformedError(
                    f"the sum over {name} has no range: {name} stands nowhere under it", node.span
                )
            self.warn(f"the summand does not depend on its index {name}", node.span)
        term = body.term
        for proposition, neutral in guard:
            term = Where(proposition, term, neutral)
        over = sum_over if node.operator == "sum" else product_over
        for name, free in reversed(opened):
            known = self._known_dim(free)
            if known is None:
                raise MalformedError(f"the range of the index {name} is not known", node.span)
            closed = Free(free.name, known)
            term = over(closed, substitute_indices(term, {free: closed}))
        return Value(term, body.axes, body.row)

    def _limits(
        self, node: surface.BigOperator
    ) -> tuple[list[str], Dim | None, Callable[[], list[tuple[Proposition, Term]]]]:
        neutral = number(0 if node.operator == "sum" else 1)
        lower = node.lower
        while isinstance(lower, surface.Group) and lower.open == "{":
            lower = lower.body
        dim: Dim | None = None
        if node.upper is not None:
            dim = self._upper(node.upper)
        if isinstance(lower, surface.Name):
            return [lower.spelling], dim, list
        if isinstance(lower, surface.Sequence) and all(
            isinstance(item, surface.Name) for item in lower.items
        ):
            return [spelling(item) or "" for item in lower.items], dim, list
        if isinstance(lower, surface.Relation) and isinstance(lower.sides[0], surface.Name):
            name = lower.sides[0].spelling
            relation, other = lower.relations[0], lower.sides[1]
            if relation == "=" and len(lower.sides) == 2:
                if not (isinstance(other, surface.Number) and other.text == "1"):
                    raise NotCoveredError(
                        "a range that does not start at 1 is not judged", node.span
                    )
                return [name], dim, list
            if relation == "\\ne" and len(lower.sides) == 2:

                def guard() -> list[tuple[Proposition, Term]]:
                    inner = self._bound[name]
                    known = self._known_dim(inner)
                    if known is None:
                        raise MalformedError(f"the range of {name} is not known", node.span)
                    self._used.add(name)
                    same = SameIndex(inner, self._outer_index(other, known, name))
                    return [(Not(same), neutral)]

                return [name], dim, guard
        if lower is None:
            raise MalformedError(
                f"a {'sum' if node.operator == 'sum' else 'product'} without its index", node.span
            )
        raise NotCoveredError("this range is read but not judged", lower.span)

    def _outer_index(self, node: surface.Node, dim: Dim, inner: str) -> Index:
        if isinstance(node, surface.Name) and node.spelling == inner:
            raise MalformedError(f"the index {inner} is compared with itself", node.span)
        return self.index(node, dim)

    def _upper(self, node: surface.Node) -> Dim:
        found = dimension_of(node, self.scope)
        if found is not None:
            if isinstance(found, int) and found > MOST_WRITTEN_OUT:
                raise NotCoveredError(f"a range of {found} is too long to judge", node.span)
            return found
        word = spelling(node)
        for part in surface.walk(node):
            if not isinstance(part, surface.Name) or self._has_meaning(part.spelling):
                continue
            word = part.spelling
            dims = ", ".join(sorted(self.scope.dimensions)) or "none"
            raise MalformedError(
                f"the upper limit {word} is never introduced as a dimension; dimensions: {dims}",
                node.span,
            )
        raise NotCoveredError(f"the upper limit {word or '?'} is not judged", node.span)

    # ---- arithmetic -----------------------------------------------------------------------

    def _group(self, node: surface.Group) -> Value:
        if node.open in ("(", "[", "{", ".") and not isinstance(node.body, surface.Sequence):
            return self.value(node.body)
        if node.open == "|":
            return values.mapped(self.value(node.body), lambda t: apply("abs", t))
        if node.open == "\\|":
            return Value(Pow(values.squared_norm(self.value(node.body)), Pow(TWO, MINUS_ONE)))
        if node.open == "\\lfloor":
            return values.mapped(self.value(node.body), lambda t: apply("floor", t))
        if node.open == "\\lceil":
            return values.mapped(self.value(node.body), lambda t: apply("ceiling", t))
        raise NotCoveredError(f"{node.open} ... {node.close} is read but not judged", node.span)

    def _addition(self, node: surface.Addition) -> Value:
        result: Value | None = None
        for sign, term in zip(node.signs, node.terms, strict=True):
            if sign not in ("", "+", "-"):
                raise NotCoveredError(f"the sign {sign} is read but not judged", node.span)
            value = self.value(term)
            if result is None:
                result = values.negated(value) if sign == "-" else value
                continue
            if bool(result.axes) != bool(value.axes):
                self.warn("a scalar is added to every component", term.span)
            result = values.add_values(result, value, sign, node.span)
        assert result is not None
        return result

    def _juxtaposition(self, node: surface.Juxtaposition) -> Value:
        self._no_guessed_application(node)
        # Scalars first: c (A x) and (A c) x mean the same, and a matrix product is associative.
        result = self.value(node.items[0])
        for operator, item in zip(node.operators, node.items[1:], strict=True):
            value = self.value(item)
            span = Span(node.items[0].span.start, item.span.end)
            if operator == "/":
                if value.axes:
                    raise IllTypedError(
                        f"a division by a {value.shape_words}", span, value.shape_words, "scalar"
                    )
                inverse = Value(Pow(value.term, MINUS_ONE))
                result = values.multiply(result, inverse, "", span)
            elif operator in _PRODUCTS:
                result = values.multiply(result, value, operator, span)
            else:
                raise NotCoveredError(f"the operator {operator} is not judged", span)
        return result

    def _no_guessed_application(self, node: surface.Juxtaposition) -> None:
        for operator, item, following in zip(
            node.operators, node.items, node.items[1:], strict=False
        ):
            bracket = isinstance(following, surface.Group) and following.open in ("(", "[")
            if operator or not bracket:
                continue
            named = item.base if isinstance(item, surface.Script) else item
            if not isinstance(named, surface.Name) or self._has_meaning(named.spelling):
                continue
            if named.spelling in ("e", "\\pi"):
                continue
            name = named.spelling
            raise MalformedError(
                f"{name}(...) may be an application or a product: declare {name} : R -> R, "
                f"or {name} : R; declared here: {self.scope.declared_words()}",
                item.span,
            )

    def _fraction(self, node: surface.Fraction) -> Value:
        below = self.scalar(node.denominator)
        return values.mapped(self.value(node.numerator), lambda t: div(t, below))

    def _root(self, node: surface.Root) -> Value:
        radicand = self.scalar(node.radicand)
        degree = TWO if node.degree is None else self.scalar(node.degree)
        return Value(Pow(radicand, Pow(degree, MINUS_ONE)))

    # ---- functions ------------------------------------------------------------------------

    def _apply(self, node: surface.Apply) -> Value:
        function, power, primes, base_index = _function_parts(node.function)
        if function is None:
            raise NotCoveredError("this function is read but not judged", node.function.span)
        arguments = self._arguments(node.argument)
        if primes:
            result = self._derivative_at(function, arguments, primes, node)
        else:
            result = self.apply_function(function, arguments, node.span)
        if base_index is not None:
            if function not in ("log", "ln"):
                raise NotCoveredError("a function with a subscript is not judged", node.span)
            base = self.scalar(base_index)
            result = values.mapped(result, lambda t: div(t, apply("log", base)))
        if power is not None:
            word = spelling(power)
            if word in _TRANSPOSES:
                return values.transposed(result, node.span)
            if word == "-1":
                raise NotCoveredError("an inverse function is not judged", node.span)
            exponent = self.scalar(power)
            if result.axes:
                self.warn("a power of a vector is taken entry by entry", node.span)
            result = values.mapped(result, lambda t: Pow(t, exponent))
        return result

    def _arguments(self, node: surface.Node) -> list[Value]:
        body = node
        while isinstance(body, surface.Group) and body.open in ("(", "[", "{", "\\{"):
            body = body.body
        items = body.items if isinstance(body, surface.Sequence) else (body,)
        return [self.value(item) for item in items]

    def apply_function(self, name: str, arguments: list[Value], span: Span) -> Value:
        """A function at its arguments: defined by the document, unknown, or known to everyone."""
        definition = self.scope.function_definitions.get(name)
        if definition is not None:
            return self._defined_function(name, arguments, span)
        if name in self.scope.functions:
            return self._unknown_call(name, arguments, span)
        if name in ARRAY_FUNCTIONS:
            return self._array_function(name, arguments, span)
        known = KNOWN_FUNCTIONS.get(name)
        if known is None:
            raise MalformedError(
                f"the function {name} is never introduced; "
                f"declared here: {self.scope.declared_words()}",
                span,
            )
        if known in ("max", "min"):
            return self._extremum(known, arguments, span)
        if len(arguments) != 1:
            raise MalformedError(f"{name} takes one argument, found {len(arguments)}", span)
        return values.mapped(arguments[0], lambda t: apply(known, t))

    def _extremum(self, name: str, arguments: list[Value], span: Span) -> Value:
        if len(arguments) < 2:
            raise NotCoveredError(f"{name} of one argument is read but not judged", span)
        result = arguments[0]
        for other in arguments[1:]:
            big = result if result.axes else other
            if result.axes and other.axes and not values.same_shape(result, other):
                raise IllTypedError(
                    f"{name} of different shapes", span, result.shape_words, other.shape_words
                )
            left = result.at(*big.axes) if result.axes else result.term
            right = other.at(*big.axes) if other.axes else other.term
            relu = name == "max" and left == number(0)
            term = apply("relu", right) if relu else apply(name, left, right)
            result = Value(term, big.axes, big.row)
        return result

    def _array_function(self, name: str, arguments: list[Value], span: Span) -> Value:
        if len(arguments) == 1:
            if name == "diag":
                return values.diagonal(arguments[0], span)
            if name in ("tr", "trace"):
                return values.trace(arguments[0], span)
            term = arguments[0].term
            if name == "det" and isinstance(term, Element) and len(arguments[0].axes) == 2:
                return Value(Determinant(term.name))
        raise NotCoveredError(f"{name} is read but not judged here", span)

    def _defined_function(self, name: str, arguments: list[Value], span: Span) -> Value:
        definition = self.scope.function_definitions[name]
        parameters = definition.parameters
        if len(parameters) != len(arguments):
            raise MalformedError(
                f"{name} takes {len(parameters)} arguments, found {len(arguments)}", span
            )
        body = definition.body
        lifted: Value | None = None
        for parameter, argument in zip(parameters, arguments, strict=True):
            if not parameter.shape and argument.axes and lifted is None and not body.axes:
                lifted = argument
                argument = Value(argument.term)
            elif parameter.shape != argument.dims:
                raise IllTypedError(
                    f"{name} takes a {Value(ONE, tuple(map(fresh_axis, parameter.shape))).shape_words}"
                    f" here, found a {argument.shape_words}",
                    span,
                    argument.shape_words,
                    " x ".join(map(str, parameter.shape)) or "scalar",
                )
        term = body.term
        # All at once: first to names that no document can write, then to the arguments.
        for place, parameter in enumerate(parameters):
            axes = tuple(map(fresh_axis, parameter.shape))
            hidden = Value(Element(f"_p{place}", axes), axes)
            term = self._substituted(term, parameter.name, hidden, span)
        for place, (parameter, argument) in enumerate(zip(parameters, arguments, strict=True)):
            given = Value(argument.term) if not parameter.shape else argument
            term = self._substituted(term, f"_p{place}", given, span)
        if lifted is not None:
            return Value(term, lifted.axes, lifted.row)
        return Value(term, body.axes, body.row)

    def _substituted(self, term: Term, name: str, value: Value, span: Span) -> Term:
        try:
            return substitute_name(term, name, value)
        except UnderDerivativeError:
            raise NotCoveredError(
                "a function that is defined by a derivative is not judged at other points", span
            ) from None

    def _unknown_call(self, name: str, arguments: list[Value], span: Span) -> Value:
        declared = self.scope.functions[name]
        shapes = tuple(argument.dims for argument in arguments)
        if shapes != declared.arguments:
            if declared.arguments == ((),) and not declared.value and len(arguments) == 1:
                inner = arguments[0]
                call = Call(name, (), (Argument((), inner.term),))
                return Value(call, inner.axes, inner.row)
            wanted = ", ".join(" x ".join(map(str, s)) or "scalar" for s in declared.arguments)
            found = ", ".join(argument.shape_words for argument in arguments)
            raise IllTypedError(f"{name} takes {wanted}, found {found}", span, found, wanted)
        made = []
        for argument in arguments:
            body = argument.term
            for axis in argument.axes:
                body = bind(body, axis)
            made.append(Argument(argument.dims, body))
        return values.tensor(declared.value, lambda *outputs: Call(name, outputs, tuple(made)))

    # ---- derivatives ----------------------------------------------------------------------

    def _derivative(self, node: surface.Derivative) -> Value:
        if node.operand is None:
            raise NotCoveredError("an operator without its operand is not judged", node.span)
        wrt = [self._differentiated(v) for v in node.variables]
        names = [element.name for element, _, _ in wrt]
        result = self._operand(node.operand, names[0] if names else None)
        for element, axes, order in reversed(wrt):
            for _ in range(order):
                result = self._laid_out(result, element, axes)
        return result

    def _operand(self, node: surface.Node, wrt: str | None) -> Value:
        if isinstance(node, surface.Name) and node.spelling in self.scope.functions:
            if node.spelling not in self.scope.function_definitions:
                return self._bare_function(node.spelling, node.span, wrt)
        if isinstance(node, surface.Name) and not self._has_meaning(node.spelling):
            raise MalformedError(
                f"{node.spelling} is differentiated but never introduced; "
                f"declared here: {self.scope.declared_words()}",
                node.span,
            )
        return self.value(node)

    def _differentiated(self, variable: surface.Variable) -> tuple[Element, tuple[Free, ...], int]:
        """The variable of a derivative: component, axes that stay open, order."""
        order = 1
        if variable.order is not None:
            word = spelling(variable.order)
            if word is None or not word.isdigit():
                raise NotCoveredError("a symbolic order of differentiation", variable.span)
            order = int(word)
        value = self.value(variable.variable)
        if not isinstance(value.term, Element):
            raise MalformedError("a derivative by something that is no variable", variable.span)
        return value.term, value.axes, order

    def _laid_out(self, operand: Value, variable: Element, axes: tuple[Free, ...]) -> Value:
        operand = values.renewed(operand)
        change: dict[Free, Index] = {axis: fresh_axis(axis.dim) for axis in axes}
        new_axes = tuple(a for a in change.values() if isinstance(a, Free))
        element = substitute_indices(variable, change)
        term = Derivative(operand.term, element)
        if not operand.axes:
            if self.layout == "gradient rows":
                return Value(term, new_axes[::-1], row=len(new_axes) == 1)
            return Value(term, new_axes)
        if not new_axes:
            return Value(term, operand.axes, row=self.layout == "denominator")
        if self.layout == "denominator":
            return Value(term, (*new_axes, *operand.axes))
        return Value(term, (*operand.axes, *new_axes))

    def _nabla(self, node: surface.Nabla) -> Value:
        if node.operand is None or node.subscript is None or node.superscript is not None:
            raise NotCoveredError("this nabla is read but not judged", node.span)
        variable = self.value(node.subscript)
        if not isinstance(variable.term, Element):
            raise MalformedError("a gradient by something that is no variable", node.span)
        operand = self._operand(node.operand, variable.term.name)
        if operand.axes:
            raise NotCoveredError("the gradient of a vector is not judged", node.span)
        layout, self.layout = self.layout, "numerator"
        try:
            return self._laid_out(operand, variable.term, variable.axes)
        finally:
            self.layout = layout

    def _derivative_at(
        self, name: str, arguments: list[Value], primes: int, node: surface.Apply
    ) -> Value:
        if len(arguments) != 1:
            raise NotCoveredError("a prime on a function of several arguments", node.span)
        (argument,) = arguments
        if isinstance(argument.term, Element) and not argument.axes:
            point = argument.term
        else:
            self._serial += 1
            point_name = f"argument {self._serial} of {name}"
            axes = free_indices(argument.term)
            self.definitions.append(Definition(point_name, axes, argument.term))
            point = Element(point_name, axes)
        term = self.apply_function(name, [Value(point)], node.span)
        result = term.term
        for _ in range(primes):
            result = Derivative(result, point)
        return Value(result, argument.axes, argument.row)

    # ---- indicators, cases ----------------------------------------------------------------

    def _indicator(self, node: surface.Indicator) -> Value:
        return Value(Indicator(self.proposition(node.condition)))

    def _cases(self, node: surface.Cases) -> Value:
        term: Term = Undefined()
        for row in reversed(node.rows):
            value = self.scalar(row.value)
            condition = _without_words(row.condition)
            if condition is None:
                term = value
            else:
                term = Where(self.proposition(condition), value, term)
        return Value(term)

    def proposition(self, node: surface.Node) -> Proposition:
        """The typed meaning of a condition: a comparison of scalars or of indices."""
        while isinstance(node, surface.Group) and node.open in ("(", "\\{", "{", "["):
            node = node.body
        if isinstance(node, surface.Logical):
            inner = tuple(self.proposition(item) for item in node.items)
            return And(inner) if node.operators[0] == "\\land" else Or(inner)
        if isinstance(node, surface.Sequence):
            return And(tuple(self.proposition(item) for item in node.items))
        if not isinstance(node, surface.Relation):
            raise NotCoveredError(f"a condition that is {_words(node)} is not judged", node.span)
        parts = [
            self._comparison(node.sides[place], relation, node.sides[place + 1], node.span)
            for place, relation in enumerate(node.relations)
        ]
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _comparison(
        self, left: surface.Node, relation: str, right: surface.Node, span: Span
    ) -> Proposition:
        if relation not in _OPERATORS:
            raise NotCoveredError(f"the relation {relation} in a condition", span)
        operator = _OPERATORS[relation]
        if operator in ("=", "!=") and self._are_indices(left, right):
            same = SameIndex(*self._index_pair(left, right, span))
            return same if operator == "=" else Not(same)
        return Compare(operator, self.scalar(left), self.scalar(right))

    def _are_indices(self, left: surface.Node, right: surface.Node) -> bool:
        if not (isinstance(left, surface.Name) and isinstance(right, surface.Name)):
            return False
        both = (left.spelling, right.spelling)
        if any(name in self._bound for name in both):
            return True
        return not any(self._has_meaning(name) and name not in self._ranges for name in both)

    def _index_pair(
        self, left: surface.Node, right: surface.Node, span: Span
    ) -> tuple[Index, Index]:
        assert isinstance(left, surface.Name)
        assert isinstance(right, surface.Name)
        pair = []
        for node in (left, right):
            name = node.spelling
            self._used.add(name)
            pair.append(self._bound.get(name) or self.free_index(name))
        first, second = (self._known_dim(index) for index in pair)
        if first is None and second is not None:
            pair[0] = self._fit(pair[0], second, left.spelling, span)
        elif second is None and first is not None:
            pair[1] = self._fit(pair[1], first, right.spelling, span)
        elif first != second:
            raise IllTypedError(
                f"the indices {left.spelling} and {right.spelling} run over different ranges",
                span,
                str(first),
                str(second),
            )
        elif first is None and left.spelling != right.spelling:
            self._pending[str(pair[1].dim)] = pair[0].dim
        return pair[0], pair[1]

    # ---- the rest -------------------------------------------------------------------------

    def _matrix(self, node: surface.Matrix) -> Value:
        from derive.elaborate.matrices import matrix_value

        return matrix_value(self, node)

    def _annotated(self, node: surface.Annotated) -> Value:
        return self.value(node.body)


#: A numeric range longer than this is not judged.
MOST_WRITTEN_OUT = 10_000

_PRODUCTS = frozenset({"", "\\cdot", "\\times", "*", "\\odot", "\\circ", "\\otimes", "\\,"})

_METHODS: Mapping[type[surface.Node], Callable[..., Value]] = {
    surface.Number: Elaborator._number,
    surface.Name: Elaborator._name,
    surface.Script: Elaborator._script,
    surface.Group: Elaborator._group,
    surface.Addition: Elaborator._addition,
    surface.Juxtaposition: Elaborator._juxtaposition,
    surface.Fraction: Elaborator._fraction,
    surface.Root: Elaborator._root,
    surface.Apply: Elaborator._apply,
    surface.BigOperator: Elaborator._big_operator,
    surface.Derivative: Elaborator._derivative,
    surface.Nabla: Elaborator._nabla,
    surface.Indicator: Elaborator._indicator,
    surface.Cases: Elaborator._cases,
    surface.Matrix: Elaborator._matrix,
    surface.Annotated: Elaborator._annotated,
}


def _words(node: surface.Node) -> str:
    return f"a {type(node).__name__.lower()}"


def _index_items(subscript: surface.Node, axes: int) -> list[surface.Node]:
    """The indices that a subscript lists: ``ij``, ``i,j``, ``12`` on a matrix."""
    node = subscript
    while isinstance(node, surface.Group) and node.open == "{":
        node = node.body
    if isinstance(node, surface.Sequence):
        return list(node.items)
    if isinstance(node, surface.Juxtaposition) and not any(node.operators):
        return list(node.items)
    if isinstance(node, surface.Number) and axes == 2 and len(node.text) == 2:
        start = node.span.start
        return [
            surface.Number(Span(start + k, start + k + 1), digit)
            for k, digit in enumerate(node.text)
        ]
    return [node]


def _function_parts(
    node: surface.Node,
) -> tuple[str | None, surface.Node | None, int, surface.Node | None]:
    """Name, power, primes and subscript of the function in an application."""
    if isinstance(node, surface.Name):
        return node.spelling, None, 0, None
    if isinstance(node, surface.Script) and isinstance(node.base, surface.Name):
        return node.base.spelling, node.superscript, node.primes, node.subscript
    return None, None, 0, None


def _without_words(condition: surface.Node | None) -> surface.Node | None:
    """The condition of a case without ``if``; None for ``otherwise`` and for no condition."""
    if condition is None or isinstance(condition, surface.Text):
        return None
    if isinstance(condition, surface.Juxtaposition):
        items = tuple(item for item in condition.items if not isinstance(item, surface.Text))
        if len(items) == 1:
            return items[0]
    return condition
