"""Surface syntax trees: what was written, nothing about what it means.

Every node carries `span`, offsets into the LaTeX of its display (tokens that came out of a macro
carry the span of the macro's use). Spans do not take part in comparisons, so two spellings of the
same formula compare equal. Nodes are immutable. `sexpr()` gives a compact form for tests.

Nothing is decided that needs declarations, except what counts as one name and what counts as the
application of a function: both are asked of `derive.reader.names.Names`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

from derive.reader.problems import Problem, Span


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula as written."""

    span: Span = field(compare=False)

    def sexpr(self) -> str:
        """Return the compact s-expression of this tree."""
        raise NotImplementedError


def _list(head: str, *parts: Node | None) -> str:
    return f"({' '.join([head, *('_' if part is None else part.sexpr() for part in parts)])})"


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A decimal number as written: `2`, `0.5`."""

    text: str

    def sexpr(self) -> str:
        """Return the digits."""
        return self.text


@dataclass(frozen=True, slots=True)
class Name(Node):
    r"""A name in canonical spelling: `x`, `\sigma`, `h^a`, `W^{(1)}`, `\hat{y}`, `softplus`.

    `font` is the font as written (`bold`, `roman`, ...; empty for none). Bold, roman, italic and
    arrows are stripped from the spelling unless the declarations tell both apart; calligraphic,
    blackboard and Fraktur letters and digits in a font keep theirs (`\mathcal{L}`, `\mathbf{1}`).
    """

    spelling: str
    font: str = field(default="", compare=False)

    def sexpr(self) -> str:
        """Return the canonical spelling."""
        return self.spelling.replace(" ", "~")


@dataclass(frozen=True, slots=True)
class Text(Node):
    r"""Words inside a formula (`\text{if}`) that are no declared name; blanks trimmed."""

    text: str

    def sexpr(self) -> str:
        """Return the words in quotes."""
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Dots(Node):
    r"""An ellipsis; `direction` is `horizontal`, `vertical` or `diagonal`."""

    direction: str

    def sexpr(self) -> str:
        """Return the direction."""
        return f"<{self.direction[0]}dots>"


@dataclass(frozen=True, slots=True)
class Empty(Node):
    """Nothing: an empty pair of braces, the missing left side of a relation."""

    def sexpr(self) -> str:
        """Return a placeholder."""
        return "_"


@dataclass(frozen=True, slots=True)
class Script(Node):
    r"""A base with what is left of its scripts once declared names have taken their labels.

    `W_k^{(2)T}` with `W^{(2)}` declared is Script(Name W^{(2)}, k, T, 0). Whether a subscript is an
    index, a superscript a power, a transpose or a label is not decided here.
    """

    base: Node
    subscript: Node | None
    superscript: Node | None
    primes: int = 0

    def sexpr(self) -> str:
        """Return base, then `_ sub`, `^ sup` and primes."""
        parts = ["script", self.base.sexpr()]
        if self.subscript is not None:
            parts.append(f"_{self.subscript.sexpr()}")
        if self.superscript is not None:
            parts.append(f"^{self.superscript.sexpr()}")
        if self.primes:
            parts.append("'" * self.primes)
        return f"({' '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Accent(Node):
    r"""A mark over something that is not one name: `\overline{x + y}`, `\dot{x}`, `\hat{x_i}`."""

    accent: str
    base: Node

    def sexpr(self) -> str:
        """Return the accent and its base."""
        return _list(self.accent, self.base)


@dataclass(frozen=True, slots=True)
class Group(Node):
    r"""Something between delimiters; `open` and `close` are canonical.

    They are `( ) [ ] \{ \} | \| \langle \rangle \lfloor \rfloor \lceil \rceil`, `{ }` for TeX
    braces that hold more than one thing, and `.` for the empty delimiter of `\left.`.
    """

    open: str
    body: Node
    close: str

    def sexpr(self) -> str:
        """Return the delimiters as one head."""
        return _list(f"{self.open}{self.close}", self.body)


@dataclass(frozen=True, slots=True)
class Juxtaposition(Node):
    r"""Factors in a row; `operators[k]` joins item k and k + 1.

    Empty for mere juxtaposition, else `\cdot`, `\times`, `*`, `/`, `\odot`, `\circ`, `\otimes`...
    """

    items: tuple[Node, ...]
    operators: tuple[str, ...]

    def sexpr(self) -> str:
        """Return the items, operators between them where written."""
        parts = [self.items[0].sexpr()]
        for operator, item in zip(self.operators, self.items[1:], strict=True):
            if operator:
                parts.append(operator)
            parts.append(item.sexpr())
        return f"(jux {' '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Addition(Node):
    r"""Terms with their signs; the first sign is empty unless written. Signs: `+ - \pm \mp`...

    A lone negative is an Addition of one term.
    """

    terms: tuple[Node, ...]
    signs: tuple[str, ...]

    def sexpr(self) -> str:
        """Return signs and terms in order."""
        parts = []
        for sign, term in zip(self.signs, self.terms, strict=True):
            if sign:
                parts.append(sign)
            parts.append(term.sexpr())
        return f"(add {' '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    r"""`\frac{a}{b}` that is not a derivative."""

    numerator: Node
    denominator: Node

    def sexpr(self) -> str:
        """Return numerator and denominator."""
        return _list("frac", self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class Variable(Node):
    r"""One variable of a derivative and, where written (`\partial x^2`), its order."""

    variable: Node
    order: Node | None

    def sexpr(self) -> str:
        """Return the variable, with its order if there is one."""
        if self.order is None:
            return self.variable.sexpr()
        return _list("order", self.variable, self.order)


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    r"""A derivative written as a quotient.

    `\frac{\partial L}{\partial x}` has the operand inside (`applied` False);
    `\frac{\partial}{\partial x} f` takes what follows (`applied` True); with nothing after it
    the operand is None. `symbol` is `\partial` or `d`; `order` the one in the numerator.
    """

    symbol: str
    operand: Node | None
    variables: tuple[Variable, ...]
    order: Node | None
    applied: bool

    def sexpr(self) -> str:
        """Return operand, variables, order."""
        head = "D" if self.symbol == "\\partial" else "d"
        head += "*" if self.applied else ""
        text = _list(head, self.operand, *self.variables)
        return text if self.order is None else f"{text[:-1]} :order {self.order.sexpr()})"


@dataclass(frozen=True, slots=True)
class Nabla(Node):
    r"""`\nabla_x f`; `\nabla^2` has superscript 2; operand None when nothing follows."""

    subscript: Node | None
    superscript: Node | None
    operand: Node | None

    def sexpr(self) -> str:
        """Return subscript, operand and superscript."""
        text = _list("nabla", self.subscript, self.operand)
        return text if self.superscript is None else f"{text[:-1]} ^{self.superscript.sexpr()})"


@dataclass(frozen=True, slots=True)
class Differential(Node):
    r"""`dX`, `\mathrm{d}x`, a lone `\partial x`."""

    symbol: str
    operand: Node

    def sexpr(self) -> str:
        """Return the operand."""
        return _list("differential", self.operand)


@dataclass(frozen=True, slots=True)
class BigOperator(Node):
    r"""`\sum`, `\prod`, `\int`, `\max_{i}`, `\lim`, `\arg\min` with all that they govern.

    `lower` is whatever stands below: a Name (`\sum_i`), a Relation (`i = 1`, `i \ne k`, `i \in S`),
    a Sequence. The body reaches to the next `+`, `-` or relation.
    """

    operator: str
    lower: Node | None
    upper: Node | None
    body: Node

    def sexpr(self) -> str:
        """Return operator, limits and body."""
        return _list(self.operator, self.lower, self.upper, self.body)


@dataclass(frozen=True, slots=True)
class Apply(Node):
    r"""A known or declared function and its argument.

    The argument is a Group when delimited (`f(x)`, `\max\{0, x\}`), else what a function without
    parentheses reaches over (`\ln e^x`): `delimited` False, and a warning says how far if that is
    in doubt. `function` is a Name or a Script over one (`f'`, `\log_2`, `S^2`, `f_\theta`).
    """

    function: Node
    argument: Node
    delimited: bool

    def sexpr(self) -> str:
        """Return function and argument."""
        return _list("apply" if self.delimited else "apply~", self.function, self.argument)


@dataclass(frozen=True, slots=True)
class Indicator(Node):
    r"""`\mathbb{1}_{x>0}`, `\mathbf{1}\{x>0\}`, `I[x>0]`; `argument` is a `(x)` that follows."""

    condition: Node
    argument: Node | None

    def sexpr(self) -> str:
        """Return the condition and, where written, the argument."""
        return _list("indicator", self.condition, *([self.argument] if self.argument else []))


@dataclass(frozen=True, slots=True)
class Root(Node):
    r"""`\sqrt[degree]{radicand}`."""

    radicand: Node
    degree: Node | None

    def sexpr(self) -> str:
        """Return radicand and degree."""
        return _list("root", self.radicand, *([self.degree] if self.degree else []))


@dataclass(frozen=True, slots=True)
class Binomial(Node):
    r"""`\binom{n}{k}`."""

    upper: Node
    lower: Node

    def sexpr(self) -> str:
        """Return both entries."""
        return _list("binom", self.upper, self.lower)


@dataclass(frozen=True, slots=True)
class Factorial(Node):
    """`n!`."""

    operand: Node

    def sexpr(self) -> str:
        """Return the operand."""
        return _list("factorial", self.operand)


@dataclass(frozen=True, slots=True)
class Matrix(Node):
    r"""Rows of cells; an empty cell is None. `environment` as written (`bmatrix`, `array`...)."""

    environment: str
    rows: tuple[tuple[Node | None, ...], ...]

    def sexpr(self) -> str:
        """Return the rows in brackets."""
        rows = (" ".join("_" if c is None else c.sexpr() for c in row) for row in self.rows)
        return f"({self.environment} {' '.join(f'[{row}]' for row in rows)})"


@dataclass(frozen=True, slots=True)
class Case(Node):
    r"""One row of `cases`; the condition is None when missing, Text for `otherwise`."""

    value: Node
    condition: Node | None

    def sexpr(self) -> str:
        """Return value and condition."""
        return f"[{self.value.sexpr()} {'_' if self.condition is None else self.condition.sexpr()}]"


@dataclass(frozen=True, slots=True)
class Cases(Node):
    r"""`\begin{cases} ... \end{cases}`."""

    rows: tuple[Case, ...]

    def sexpr(self) -> str:
        """Return the rows."""
        return _list("cases", *self.rows)


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """Things apart by commas or semicolons."""

    items: tuple[Node, ...]
    separators: tuple[str, ...]

    def sexpr(self) -> str:
        """Return the items."""
        return _list("seq", *self.items)


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """A relation inside a formula (a condition, a limit); `relations` as in `Chain`."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...]

    def sexpr(self) -> str:
        """Return sides and relations in order."""
        parts = [self.sides[0].sexpr()]
        for relation, side in zip(self.relations, self.sides[1:], strict=True):
            parts += [relation, side.sexpr()]
        return f"(rel {' '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Logical(Node):
    r"""Statements joined by `\land`, `\lor`, `\implies`, `\iff`..., or by "and", "or" in text."""

    items: tuple[Node, ...]
    operators: tuple[str, ...]

    def sexpr(self) -> str:
        """Return items and operators in order."""
        parts = [self.items[0].sexpr()]
        for operator, item in zip(self.operators, self.items[1:], strict=True):
            parts += [operator, item.sexpr()]
        return f"(logic {' '.join(parts)})"


@dataclass(frozen=True, slots=True)
class Quantifier(Node):
    r"""`\forall i`, `\exists x`, `\neg p`."""

    symbol: str
    body: Node

    def sexpr(self) -> str:
        """Return symbol and body."""
        return _list(self.symbol, self.body)


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    r"""`y | x` inside delimiters: a conditional bar, or "such that" in a set."""

    left: Node
    right: Node

    def sexpr(self) -> str:
        """Return both sides."""
        return _list("given", self.left, self.right)


@dataclass(frozen=True, slots=True)
class Evaluated(Node):
    r"""`f(x) |_{x = a}`, `\left. f \right|_{x = a}`."""

    body: Node
    lower: Node | None
    upper: Node | None

    def sexpr(self) -> str:
        """Return body and limits."""
        return _list("at", self.body, self.lower, *([self.upper] if self.upper else []))


@dataclass(frozen=True, slots=True)
class Annotated(Node):
    r"""`\underbrace{body}_{note}`, `\overbrace`; the note may be missing."""

    body: Node
    note: Node | None

    def sexpr(self) -> str:
        """Return body and note."""
        return _list("note", self.body, self.note)


@dataclass(frozen=True, slots=True)
class Unread:
    """A side that could not be read, and why."""

    span: Span
    problem: Problem

    def sexpr(self) -> str:
        """Return the kind of the problem."""
        return f"<unread {self.problem.kind}>"


Side = Node | Unread


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below, in the order written."""
    for entry in fields(node):
        value = getattr(node, entry.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple) and entry.name != "span":
            for item in value:
                if isinstance(item, Node):
                    yield item
                elif isinstance(item, tuple):
                    yield from (cell for cell in item if isinstance(cell, Node))


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it, parents first."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(list(children(current))))


def levels(node: Node) -> int:
    """Return how many nodes stand above each other at most."""
    pending, most = [(node, 1)], 0
    while pending:
        current, level = pending.pop()
        most = max(most, level)
        pending.extend((child, level + 1) for child in children(current))
    return most


def moved(node: Node, distance: int) -> Node:
    """Return the same tree with every span moved by so much."""
    changes: dict[str, object] = {"span": moved_span(node.span, distance)}
    for entry in fields(node):
        value = getattr(node, entry.name)
        if isinstance(value, Node):
            changes[entry.name] = moved(value, distance)
        elif isinstance(value, tuple) and entry.name != "span":
            changes[entry.name] = tuple(_moved_item(item, distance) for item in value)
    return replace(node, **changes)  # type: ignore[arg-type]


def _moved_item(item: object, distance: int) -> object:
    if isinstance(item, Node):
        return moved(item, distance)
    if isinstance(item, tuple):
        return tuple(_moved_item(part, distance) for part in item)
    return item


def moved_span(span: Span, distance: int) -> Span:
    """Return a span moved by so much."""
    return Span(span.start + distance, span.end + distance)
