"""Terms compiled to closures, once for all points, precisions and index values.

Indices live in the slots of a frame.  Sums, products, derivatives, function calls and what else
is costly become routines of their own, so that equal ones are computed once at each point.
Nothing is differentiated here: a derivative runs its body in a scope that perturbs the variable.
"""

from collections.abc import Callable
from typing import Any

from derive.refute.conditions import Test, as_number, comparison, junction
from derive.refute.frame import Binder, Binders, Frame, dim_of, finish, index_values, look_up
from derive.refute.functions import VALUES
from derive.refute.matrices import cofactor, determinant
from derive.refute.ring import (
    Dual,
    UndefinedError,
    Value,
    compact,
    difference,
    exact,
    integer_power,
    quotient,
    real_power,
    reciprocal,
    slope,
)
from derive.refute.scope import Code, Routine, Scope
from derive.terms.constants import constant_value, is_integral
from derive.terms.declarations import Declarations
from derive.terms.functions import unfold_function
from derive.terms.structure import free_indices
from derive.terms.term import (
    MINUS_ONE,
    Add,
    And,
    Apply,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dim,
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
)


class Program:
    """Compiled terms under one set of declarations, and what they are made of.

    ``names``, ``letters`` and ``functions`` list, in the order of their first place, the
    variables that a point must give, the dimension letters, and the unknown functions with the
    dimensions of their value and of their arguments.  Compiling raises ValueError for terms that
    do not fit the declarations (a wrong number of indices, a definition that uses itself).
    """

    def __init__(self, declarations: Declarations) -> None:
        self.declarations = declarations
        self.definitions: dict[str, Routine] = {}
        self.names: dict[str, None] = {}
        self.letters: dict[str, None] = {}
        self.functions: dict[str, tuple[tuple[Dim, ...], tuple[tuple[Dim, ...], ...]]] = {}
        self._routines: dict[Node, tuple[Routine, tuple[Free | Bound, ...]]] = {}
        self._open: list[str] = []

    def routine(self, node: Term | Proposition) -> tuple[Routine, tuple[Free, ...]]:
        """The routine of a whole term or proposition (1 or 0), and its parameters in order."""
        for index in free_indices(node):
            self._dim(index.dim)
        frame = Frame()
        if isinstance(node, Proposition):
            code = as_number(self._test(node, frame, ()))
        else:
            code = self._code(node, frame, ())
        routine, parameters = finish(frame, code)
        return routine, tuple(p for p in parameters if isinstance(p, Free))

    # -- parts that terms and propositions share

    def _dim(self, dim: Dim) -> Dim:
        if isinstance(dim, str):
            self.letters[dim] = None
        return dim

    def _bind(self, dim: Dim, frame: Frame, binders: Binders) -> tuple[int, Binders]:
        slot = frame.new_slot()
        return slot, (Binder(slot, self._dim(dim)), *binders)

    def _component(self, name: str, indices: int, frame: Frame) -> None:
        """Note the use of a variable or definition under that many indices."""
        definition = self.declarations.definitions.get(name)
        shape = self.declarations.shape(name)
        expected = len(definition.indices) if definition else len(shape)
        if indices != expected:
            raise ValueError(f"'{name}' has {expected} indices, here it is given {indices}")
        frame.names.add(name)
        if definition is None:
            self.names[name] = None
            for dim in shape:
                self._dim(dim)
            return
        if name in self._open:
            raise ValueError(f"the definition of '{name}' uses itself")
        if name not in self.definitions:
            self._open.append(name)
            inner = Frame()
            slots = {index: inner.slot(index, ()) for index in definition.indices}
            body = self._code(definition.body, inner, ())
            self._open.pop()

            def code(ix: list[int], scope: Scope) -> Value:
                return compact(body(ix, scope))

            routine, parameters = finish(inner, code)
            if len(parameters) != len(slots):
                raise ValueError(f"the definition of '{name}' has an index that it does not name")
            for index in definition.indices:
                self._dim(index.dim)
            self.definitions[name] = routine
        frame.names |= self.definitions[name].names

    def _shape(self, name: str) -> tuple[Dim, ...]:
        definition = self.declarations.definitions.get(name)
        if definition:
            return tuple(index.dim for index in definition.indices)
        return self.declarations.shape(name)

    # -- terms

    def _code(self, node: Term, frame: Frame, binders: Binders) -> Code:
        kind = type(node)
        if kind in _COSTLY:
            return self._reference(node, frame, binders)
        return _COMPILE[kind](self, node, frame, binders)

    def _routine(self, node: Term, binders: Binders) -> tuple[Routine, tuple[Free | Bound, ...]]:
        """The routine of a term, one for all equal terms; ``Bound`` parameters as seen here."""
        known = self._routines.get(node)
        if known is None:
            inner = Frame()
            outside = tuple(Binder(None, binder.dim) for binder in binders)
            known = finish(inner, _COMPILE[type(node)](self, node, inner, outside))
            self._routines[node] = known
        return known

    def _reference(self, node: Term, frame: Frame, binders: Binders) -> Code:
        """Look a costly term up in the table of its routine."""
        routine, parameters = self._routine(node, binders)
        frame.names |= routine.names
        return look_up(routine, [frame.slot(p, binders) for p in parameters])

    def _number(self, node: Number, frame: Frame, binders: Binders) -> Code:
        value = exact(node.value)
        return lambda ix, scope: value

    def _dimension(self, node: Dimension, frame: Frame, binders: Binders) -> Code:
        dim = self._dim(node.dim)
        return lambda ix, scope: scope.dims[dim]

    def _position(self, node: Position, frame: Frame, binders: Binders) -> Code:
        slot = frame.slot(node.index, binders)
        return lambda ix, scope: ix[slot]

    def _element(self, node: Element, frame: Frame, binders: Binders) -> Code:
        self._component(node.name, len(node.indices), frame)
        return look_up(node.name, [frame.slot(index, binders) for index in node.indices])

    def _add(self, node: Add, frame: Frame, binders: Binders) -> Code:
        terms = [self._code(term, frame, binders) for term in node.terms]
        if len(terms) == 2:
            first, second = terms
            match node.terms[1]:
                case Mul((factor, subtracted)) if factor == MINUS_ONE:
                    less = self._code(subtracted, frame, binders)
                    return lambda ix, scope: difference(first(ix, scope), less(ix, scope))
            return lambda ix, scope: first(ix, scope) + second(ix, scope)

        def total(ix: list[int], scope: Scope) -> Value:
            value: Value = 0
            for term in terms:
                value = value + term(ix, scope)
            return value

        return total

    def _mul(self, node: Mul, frame: Frame, binders: Binders) -> Code:
        factors = [self._code(factor, frame, binders) for factor in node.factors]
        if len(factors) == 2:
            first, second = factors
            if node.factors[0] == MINUS_ONE:
                return lambda ix, scope: -second(ix, scope)
            match node.factors[1]:
                case Pow(base, exponent) if exponent == MINUS_ONE:
                    divisor = self._code(base, frame, binders)
                    return lambda ix, scope: quotient(first(ix, scope), divisor(ix, scope))
            return lambda ix, scope: first(ix, scope) * second(ix, scope)

        def total(ix: list[int], scope: Scope) -> Value:
            value: Value = 1
            for factor in factors:
                value = value * factor(ix, scope)
            return value

        return total

    def _pow(self, node: Pow, frame: Frame, binders: Binders) -> Code:
        base = self._code(node.base, frame, binders)
        constant = constant_value(node.exponent)
        if constant is not None and constant.denominator == 1:
            whole = constant.numerator
            if whole == -1:
                return lambda ix, scope: reciprocal(base(ix, scope))
            return lambda ix, scope: integer_power(base(ix, scope), whole)
        if constant is not None:
            fixed = exact(constant)
            return lambda ix, scope: real_power(base(ix, scope), fixed)
        exponent = self._code(node.exponent, frame, binders)
        if not is_integral(node.exponent, self.declarations):
            return lambda ix, scope: real_power(base(ix, scope), exponent(ix, scope))

        def power(ix: list[int], scope: Scope) -> Value:
            value, count = base(ix, scope), exponent(ix, scope)
            if not isinstance(count, int):
                raise UndefinedError("an integer exponent that is varied")
            return integer_power(value, count)

        return power

    def _apply(self, node: Apply, frame: Frame, binders: Binders) -> Code:
        function = VALUES.get(node.function)
        if function is None:
            unfolded = unfold_function(node.function, node.arguments)
            if unfolded is None:
                raise ValueError(f"the function '{node.function}' has no value here")
            return self._code(unfolded, frame, binders)
        arguments = [self._code(argument, frame, binders) for argument in node.arguments]
        if len(arguments) == 1:
            (only,) = arguments
            return lambda ix, scope: function(only(ix, scope))
        return lambda ix, scope: function(*[argument(ix, scope) for argument in arguments])

    def _sum(self, node: Sum, frame: Frame, binders: Binders) -> Code:
        slot, inside = self._bind(node.dim, frame, binders)
        body, dim = self._code(node.body, frame, inside), node.dim

        def total(ix: list[int], scope: Scope) -> Value:
            length = scope.dims[dim]
            if length > _LONG:
                scope.fuel.spend(length)
            ix[slot] = 1
            value = body(ix, scope)
            for index in range(2, length + 1):
                ix[slot] = index
                value = value + body(ix, scope)
                if index > _LONG:
                    value = compact(value)
            return value

        return total

    def _product(self, node: Product, frame: Frame, binders: Binders) -> Code:
        slot, inside = self._bind(node.dim, frame, binders)
        body, dim = self._code(node.body, frame, inside), node.dim

        def total(ix: list[int], scope: Scope) -> Value:
            length = scope.dims[dim]
            if length > _LONG:
                scope.fuel.spend(length)
            ix[slot] = 1
            value = body(ix, scope)
            for index in range(2, length + 1):
                ix[slot] = index
                value = value * body(ix, scope)
                if index > _LONG:
                    value = compact(value)
            return value

        return total

    def _delta(self, node: Delta, frame: Frame, binders: Binders) -> Code:
        left, right = frame.slot(node.left, binders), frame.slot(node.right, binders)
        return lambda ix, scope: 1 if ix[left] == ix[right] else 0

    def _indicator(self, node: Indicator, frame: Frame, binders: Binders) -> Code:
        return as_number(self._test(node.condition, frame, binders))

    def _where(self, node: Where, frame: Frame, binders: Binders) -> Code:
        condition = self._test(node.condition, frame, binders)
        then = self._code(node.then, frame, binders)
        otherwise = self._code(node.otherwise, frame, binders)
        return lambda ix, scope: (then if condition(ix, scope) else otherwise)(ix, scope)

    def _undefined(self, node: Undefined, frame: Frame, binders: Binders) -> Code:
        def fail(ix: list[int], scope: Scope) -> Value:
            raise UndefinedError("no case applies")

        return fail

    def _derivative(self, node: Derivative, frame: Frame, binders: Binders) -> Code:
        name = node.variable.name
        self._component(name, len(node.variable.indices), frame)
        slots = [frame.slot(index, binders) for index in node.variable.indices]
        routine, parameters = self._routine(node.body, binders)
        frame.names |= routine.names
        arguments = [frame.slot(p, binders) for p in parameters]

        def derivative(ix: list[int], scope: Scope) -> Value:
            component = tuple([ix[slot] for slot in slots])
            key = tuple([ix[slot] for slot in arguments])
            inner = scope.child(name)
            if (routine, key) not in inner.kinks:
                try:
                    return slope(inner[routine][key], inner.tag, component)
                except UndefinedError:  # perhaps in another component only
                    inner.kinks.add((routine, key))
            inner = scope.child(name, component)
            return slope(inner[routine][key], inner.tag, component)

        return derivative

    def _call(self, node: Call, frame: Frame, binders: Binders) -> Code:
        arguments = []
        for argument in node.arguments:
            inside, slots = binders, []
            for dim in argument.dims:
                slot, inside = self._bind(dim, frame, inside)
                slots.append(slot)
            arguments.append((argument.dims, slots, self._code(argument.body, frame, inside)))
        declared = self.declarations.functions.get(node.name)
        value_dims = declared.value if declared else tuple(dim_of(i, binders) for i in node.outputs)
        self.functions[node.name] = value_dims, tuple(a.dims for a in node.arguments)
        outputs = [frame.slot(index, binders) for index in node.outputs]
        partials = [
            (place, [frame.slot(index, binders) for index in indices])
            for place, indices in node.partials
        ]
        name = node.name

        def call(ix: list[int], scope: Scope) -> Value:
            components: dict[tuple[int, tuple[int, ...]], Value] = {}
            for place, (dims, slots, body) in enumerate(arguments):
                for key in index_values(dims, scope.dims):
                    scope.fuel.spend(1)
                    for slot, index in zip(slots, key, strict=True):
                        ix[slot] = index
                    components[place, key] = body(ix, scope)
            tags = range(scope.tag + 1, scope.tag + 1 + len(partials))
            for tag, (place, indices) in zip(tags, partials, strict=True):
                at = place, tuple([ix[slot] for slot in indices])
                components[at] = Dual(tag, components[at], {(): 1})
            value = scope.instances[name].value(tuple([ix[s] for s in outputs]), components)
            for tag in reversed(tags):
                value = slope(value, tag, ())
            return value

        return call

    def _matrix(self, name: str, frame: Frame) -> Callable[[Scope], list[list[Value]]]:
        self._component(name, 2, frame)
        rows, columns = self._shape(name)

        def entries(scope: Scope) -> list[list[Value]]:
            height, width, table = scope.dims[rows], scope.dims[columns], scope[name]
            if height != width:
                raise UndefinedError(f"'{name}' is not square")
            return [[table[i, j] for j in range(1, width + 1)] for i in range(1, height + 1)]

        return entries

    def _determinant(self, node: Determinant, frame: Frame, binders: Binders) -> Code:
        entries = self._matrix(node.matrix, frame)
        return lambda ix, scope: determinant(entries(scope))

    def _inverse_entry(self, node: InverseEntry, frame: Frame, binders: Binders) -> Code:
        entries = self._matrix(node.matrix, frame)
        whole = self._code(Determinant(node.matrix), frame, binders)
        row, column = frame.slot(node.row, binders), frame.slot(node.column, binders)

        def entry(ix: list[int], scope: Scope) -> Value:
            minor = cofactor(entries(scope), ix[column] - 1, ix[row] - 1)
            return minor * reciprocal(whole(ix, scope))

        return entry

    # -- propositions

    def _test(self, node: Proposition, frame: Frame, binders: Binders) -> Test:
        match node:
            case Compare(operator, left, right):
                return comparison(
                    operator, self._code(left, frame, binders), self._code(right, frame, binders)
                )
            case SameIndex(first, second):
                one, other = frame.slot(first, binders), frame.slot(second, binders)
                return lambda ix, scope: ix[one] == ix[other]
            case Not(inner):
                test = self._test(inner, frame, binders)
                return lambda ix, scope: not test(ix, scope)
            case And(parts):
                return junction([self._test(part, frame, binders) for part in parts], False)
            case Or(parts):
                return junction([self._test(part, frame, binders) for part in parts], True)
            case ForAll(dim, body):
                slot, inside = self._bind(dim, frame, binders)
                every = self._test(body, frame, inside)

                def for_all(ix: list[int], scope: Scope) -> bool:
                    def at(index: int) -> Test:
                        def test(ix: list[int], scope: Scope) -> bool:
                            ix[slot] = index
                            return every(ix, scope)

                        return test

                    scope.fuel.spend(scope.dims[dim])
                    return junction([at(i + 1) for i in range(scope.dims[dim])], False)(ix, scope)

                return for_all
        raise TypeError(f"not a proposition: {type(node).__name__}")


_COMPILE: dict[type, Callable[[Program, Any, Frame, Binders], Code]] = {
    Number: Program._number,
    Dimension: Program._dimension,
    Position: Program._position,
    Element: Program._element,
    Add: Program._add,
    Mul: Program._mul,
    Pow: Program._pow,
    Apply: Program._apply,
    Sum: Program._sum,
    Product: Program._product,
    Delta: Program._delta,
    Indicator: Program._indicator,
    Where: Program._where,
    Undefined: Program._undefined,
    Derivative: Program._derivative,
    Call: Program._call,
    Determinant: Program._determinant,
    InverseEntry: Program._inverse_entry,
}

#: Sums and products of more terms are kept from growing without end.
_LONG = 16

#: Functions whose values are integers.
#: What becomes a routine of its own.
_COSTLY = frozenset({Sum, Product, Call, Determinant, InverseEntry})
