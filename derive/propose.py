r"""Proposing declarations for a document that has none, from how its letters are used.

Evidence, strongest first: ``x \in \mathbb{R}^n`` in the text; the number of indices and the ranges
of sums over them; products, sums and equations, whose shapes have to agree (unification); and the
conventions of bold letters and capitals.  Every proposal names the place that made it so; what
stays open is put as a question.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from derive.document.model import Display, Document
from derive.elaborate.scope import ARRAY_FUNCTIONS, KNOWN_FUNCTIONS
from derive.reader import surface
from derive.reader.chains import Chain, read_display
from derive.reader.names import DeclaredNames, spelling

_TRANSPOSES = frozenset({"T", "\\top", "\\intercal"})
_NOT_DECLARED = frozenset({"e", "\\pi", "\\mathbb{R}", "\\infty", "\\mathbf{1}", "\\mathbf{I}"})
_INVENTED = ("n", "m", "d", "p", "q", "r", "s", "t", "u", "v", "w")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something is proposed: the formula and its place."""

    line: int
    column: int
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of a declarations block, and what made it so."""

    declaration: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A whole block: its lines, and the questions that stay open."""

    lines: tuple[Proposal, ...]
    questions: tuple[str, ...]

    def render(self) -> str:
        """The block as text that the reader of declarations takes."""
        rows = []
        for proposal in self.lines:
            note = ""
            if proposal.evidence is not None:
                found = proposal.evidence
                note = f"  # {found.line}:{found.column}: {found.words}"
            rows.append(f"{proposal.declaration}{note}")
        rows.extend(f"# open: {question}" for question in self.questions)
        return "\n".join(rows) + "\n"


def propose(document: Document) -> Proposed:
    """The declarations that the document's own formulas suggest."""
    names = _labelled_names(document)
    functions = _functions(document, names)
    reading = DeclaredNames(frozenset(names), frozenset(functions))
    shapes = _Shapes()
    # What the text says outright comes first; what follows from use has to agree with it.
    for stated in (True, False):
        for display in document.displays:
            result = read_display(display.latex, reading, document.macros, display.start)
            for chain in result.chains:
                if _is_membership(chain) == stated:
                    _Gatherer(document, display, shapes, functions).chain(chain)
    return _rendered(shapes, functions, names)


def _is_membership(chain: Chain) -> bool:
    return [relation.symbol for relation in chain.relations] == ["\\in"]


# ---- names and functions ----------------------------------------------------------------------


def _trees(document: Document, names: DeclaredNames) -> Iterator[tuple[Display, surface.Node]]:
    for display in document.displays:
        reading = read_display(display.latex, names, document.macros, display.start)
        for chain in reading.chains:
            for side in chain.sides:
                if not isinstance(side, surface.Unread):
                    yield display, side


def _labelled_names(document: Document) -> dict[str, Evidence]:
    """Names with a label: ``W^{(1)}`` always; ``h^a`` where h also has another letter above it."""
    letters: dict[str, dict[str, Evidence]] = {}
    certain: dict[str, Evidence] = {}
    for display, tree in _trees(document, DeclaredNames()):
        for node in surface.walk(tree):
            if not isinstance(node, surface.Script) or not isinstance(node.base, surface.Name):
                continue
            label = _label(node.superscript)
            plain = node.base.spelling in _NOT_DECLARED or node.base.spelling.startswith("\\math")
            if label is None or plain:
                continue
            name = spelling(surface.Script(node.span, node.base, None, label)) or ""
            place = document.place(display.start + node.span.start)
            found = Evidence(place.line, place.column, name)
            if isinstance(label, surface.Group):
                certain.setdefault(name, found)
            else:
                letters.setdefault(node.base.spelling, {}).setdefault(name, found)
    for found_names in letters.values():
        if len(found_names) > 1:
            certain.update(found_names)
    return certain


def _label(node: surface.Node | None) -> surface.Node | None:
    if isinstance(node, surface.Juxtaposition) and len(node.items) == 2:
        last = node.items[1]
        if spelling(last) in _TRANSPOSES:
            node = node.items[0]
    if isinstance(node, surface.Group) and node.open in ("(", "["):
        inner = spelling(node.body)
        return node if inner is not None else None
    if isinstance(node, surface.Name) and node.spelling.isalpha() and len(node.spelling) == 1:
        return node if node.spelling not in _TRANSPOSES else None
    return None


def _functions(document: Document, names: dict[str, Evidence]) -> dict[str, Evidence]:
    """Names before parentheses that a definition ``f(x) = ...`` or another use makes functions."""
    found: dict[str, Evidence] = {}
    for display in document.displays:
        reading = read_display(
            display.latex, DeclaredNames(frozenset(names)), document.macros, display.start
        )
        for chain in reading.chains:
            for place, side in enumerate(chain.sides):
                defines = place == 0 and any(r.symbol in ("=", ":=") for r in chain.relations)
                for node in surface.walk(side) if not isinstance(side, surface.Unread) else ():
                    name = _applied(node, whole=defines and node is side)
                    if name is not None and name not in found:
                        where = document.place(display.start + node.span.start)
                        words = display.latex[node.span.start : node.span.end]
                        found[name] = Evidence(where.line, where.column, words)
    return found


def _applied(node: surface.Node, *, whole: bool) -> str | None:
    if isinstance(node, surface.Script):
        node = node.base
    if not isinstance(node, surface.Juxtaposition):
        return None
    for operator, first, second in zip(node.operators, node.items, node.items[1:], strict=False):
        if operator or not isinstance(first, surface.Name):
            continue
        bracket = isinstance(second, surface.Group) and second.open == "("
        known = first.spelling in KNOWN_FUNCTIONS or first.spelling in _NOT_DECLARED
        usual = first.spelling in _USUAL_FUNCTIONS
        if bracket and not known and (usual or (whole and len(node.items) == 2)):
            return first.spelling
    return None


_USUAL_FUNCTIONS = frozenset(
    {"f", "g", "h", "S", "\\sigma", "\\phi", "\\varphi", "\\psi", "\\ell", "\\mathcal{L}"}
)


# ---- shapes -----------------------------------------------------------------------------------


@dataclass
class _Shapes:
    """Union-find over dimensions; shapes of names; ranges of index letters a chain at a time."""

    parent: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    fonts: dict[str, tuple[str, Evidence]] = field(default_factory=dict)
    functions: dict[str, tuple[list[tuple[str, ...]], tuple[str, ...]]] = field(
        default_factory=dict
    )
    dimensions: dict[str, Evidence] = field(default_factory=dict)
    questions: dict[str, None] = field(default_factory=dict)
    serial: int = 0

    def fresh(self) -> str:
        self.serial += 1
        return f"?{self.serial}"

    def find(self, dim: str) -> str:
        while self.parent.get(dim, dim) != dim:
            dim = self.parent[dim]
        return dim

    def unify(self, left: str, right: str) -> None:
        a, b = self.find(left), self.find(right)
        if a == b:
            return
        if not a.startswith("?") and not b.startswith("?"):
            self.questions[f"are {a} and {b} the same dimension? both meet in one place"] = None
            return
        if a.startswith("?"):
            self.parent[a] = b
        else:
            self.parent[b] = a

    def learn(self, name: str, dims: tuple[str, ...], evidence: Evidence) -> None:
        known = self.names.get(name)
        if known is None:
            self.names[name] = dims
            self.evidence[name] = evidence
        elif len(known) != len(dims):
            at = f"{evidence.line}:{evidence.column}"
            self.questions[
                f"{name} is used with {len(known)} and with {len(dims)} axes (at {at})"
            ] = None
        else:
            for a, b in zip(known, dims, strict=True):
                self.unify(a, b)


@dataclass
class _Gatherer:
    """Evidence from the formulas of one display."""

    document: Document
    display: Display
    shapes: _Shapes
    functions: dict[str, Evidence]
    ranges: dict[str, str] = field(default_factory=dict)

    def chain(self, chain: Chain) -> None:
        sides = [side for side in chain.sides if not isinstance(side, surface.Unread)]
        symbols = [relation.symbol for relation in chain.relations]
        if symbols == ["\\in"] and len(sides) == 2 and isinstance(sides[0], surface.Name):
            self._membership(sides[0], sides[1])
            return
        for _round in range(2):
            found = [self.infer(side) for side in sides]
            if any(symbol in ("=", ":=", "\\le", "\\ge", "<", ">") for symbol in symbols):
                for left, right in pairwise(found):
                    self._same(left, right)
            self._defined(sides, found)
            if len(sides) > 1:
                self._function(sides[0], found[1])

    def _function(self, left: surface.Node, value: tuple[str, ...] | None) -> None:
        """``f(x) = ...``: the shapes of the arguments and of the value."""
        index = isinstance(left, surface.Script)
        applied = left.base if isinstance(left, surface.Script) else left
        if not isinstance(applied, surface.Apply) or not isinstance(applied.function, surface.Name):
            return
        name = applied.function.spelling
        if name not in self.functions or name in self.shapes.functions or value is None:
            return
        body = applied.argument
        while isinstance(body, surface.Group):
            body = body.body
        items = body.items if isinstance(body, surface.Sequence) else (body,)
        arguments = [self.infer(item) or () for item in items]
        if index and len(arguments) == 1:
            value = arguments[0]
        self.shapes.functions[name] = (arguments, value)

    def _defined(self, sides: list[surface.Node], found: list[tuple[str, ...] | None]) -> None:
        """A bare name equal to something of known shape has that shape."""
        for place in range(len(sides) - 1):
            for name, shape in ((sides[place], found[place + 1]), (sides[place + 1], found[place])):
                if isinstance(name, surface.Name) and shape is not None and shape:
                    self._note(name, shape)

    def _membership(self, name: surface.Name, space: surface.Node) -> None:
        if not isinstance(space, surface.Script) or spelling(space.base) != "\\mathbb{R}":
            return
        power: surface.Node | None = space.superscript
        while isinstance(power, surface.Group):
            power = power.body
        items = power.items if isinstance(power, surface.Juxtaposition) else (power,)
        dims = tuple(spelling(item) or self.shapes.fresh() for item in items if item is not None)
        for dim in dims:
            if not dim.isdigit():
                self.shapes.dimensions.setdefault(dim, self._evidence(space))
        known = self.shapes.names.get(name.spelling)
        if known is not None and len(known) == len(dims):
            for a, b in zip(known, dims, strict=True):
                self.shapes.unify(a, b)
        self.shapes.names[name.spelling] = dims
        self.shapes.evidence[name.spelling] = self._evidence(name, space)

    def _evidence(self, node: surface.Node, last: surface.Node | None = None) -> Evidence:
        place = self.document.place(self.display.start + node.span.start)
        end = (last or node).span.end
        words = " ".join(self.display.latex[node.span.start : end].split())
        return Evidence(place.line, place.column, words[:60])

    def _note(self, name: surface.Name, dims: tuple[str, ...]) -> None:
        if name.spelling in _NOT_DECLARED or name.spelling in self.functions:
            return
        self.shapes.learn(name.spelling, dims, self._evidence(name))

    def _same(
        self, left: tuple[str, ...] | None, right: tuple[str, ...] | None
    ) -> tuple[str, ...] | None:
        if left is None or right is None:
            return left if left is not None else right
        if len(left) == len(right):
            for a, b in zip(left, right, strict=True):
                self.shapes.unify(a, b)
        return left if len(left) >= len(right) else right

    # ---- expressions

    def infer(self, node: surface.Node) -> tuple[str, ...] | None:
        """The shape of an expression as far as it is known; None where it is open."""
        match node:
            case surface.Number():
                return ()
            case surface.Name():
                return self._name(node)
            case surface.Script():
                return self._script(node)
            case surface.Addition(terms=terms):
                found = [self.infer(term) for term in terms]
                shape = next((one for one in found if one), None)
                for term, one in zip(terms, found, strict=True):
                    if one is None and shape and isinstance(term, surface.Name):
                        self._note(term, shape)
                    else:
                        self._same(shape, one)
                return shape if shape is not None else (() if () in found else None)
            case surface.Juxtaposition(items=items):
                return self._product(items)
            case surface.Group(open=opening, body=body):
                inner = self.infer(body)
                return () if opening in ("|", "\\|") else inner
            case surface.Fraction(numerator=above, denominator=below):
                self.infer(below)
                return self.infer(above)
            case surface.BigOperator():
                return self._big(node)
            case surface.Apply(function=function, argument=argument):
                inner = self.infer(argument)
                word = spelling(function) or ""
                return None if word in ARRAY_FUNCTIONS else inner
            case surface.Nabla(subscript=variable, operand=operand) if variable is not None:
                if operand is not None:
                    self.infer(operand)
                return self.infer(variable)
            case surface.Derivative(operand=operand, variables=variables):
                outer = self.infer(operand) if operand is not None else ()
                inner = self.infer(variables[0].variable) if variables else ()
                if outer == ():
                    return inner
                return outer if inner == () else None
        for child in surface.children(node):
            self.infer(child)
        return None

    def _name(self, node: surface.Name) -> tuple[str, ...] | None:
        name = node.spelling
        if name in _NOT_DECLARED or name in self.functions or name in KNOWN_FUNCTIONS:
            return ()
        if name in self.shapes.names:
            return self.shapes.names[name]
        if name in self.shapes.dimensions or name in self.ranges:
            return ()
        self.shapes.fonts.setdefault(name, (node.font, self._evidence(node)))
        if node.font == "bold" and name.islower() and len(name) == 1:
            dims = (self.shapes.fresh(),)
            self.shapes.learn(name, dims, self._evidence(node))
            return dims
        if node.font == "bold" and name[:1].isupper() and not name.startswith("\\"):
            pair = (self.shapes.fresh(), self.shapes.fresh())
            self.shapes.learn(name, pair, self._evidence(node))
            return pair
        return None

    def _script(self, node: surface.Script) -> tuple[str, ...] | None:
        shape: tuple[str, ...] | None
        base = node.base
        if isinstance(base, surface.Name) and base.spelling == "e":
            return self.infer(node.superscript) if node.superscript is not None else ()
        if isinstance(base, surface.Group) and base.open == "\\|":
            inner = self.infer(base.body)
            if inner is None and isinstance(base.body, surface.Name):
                self._note(base.body, (self.shapes.fresh(),))
            return ()
        if node.subscript is not None and isinstance(base, surface.Name):
            letters = _letters(node.subscript)
            if letters and base.spelling not in _NOT_DECLARED:
                dims = tuple(self._range(letter) for letter in letters)
                known = self.shapes.names.get(base.spelling)
                if known is None or len(known) == len(dims):
                    self._note(base, dims)
                    shape = ()
                else:
                    for a, b in zip(known, dims, strict=False):
                        self.shapes.unify(a, b)
                    shape = known[len(dims) :]
            else:
                shape = self.infer(base)
        else:
            shape = self.infer(base)
        if spelling(node.superscript) in _TRANSPOSES if node.superscript is not None else False:
            return shape[::-1] if shape is not None and len(shape) == 2 else shape
        return shape

    def _range(self, letter: str) -> str:
        if letter.isdigit():
            return self.shapes.fresh()
        return self.ranges.setdefault(letter, self.shapes.fresh())

    def _big(self, node: surface.BigOperator) -> tuple[str, ...] | None:
        lower = node.lower
        letter = None
        if isinstance(lower, surface.Name):
            letter = lower.spelling
        elif isinstance(lower, surface.Relation) and isinstance(lower.sides[0], surface.Name):
            letter = lower.sides[0].spelling
        saved = dict(self.ranges)
        if letter is not None:
            self.ranges[letter] = self.shapes.fresh()
            upper = spelling(node.upper) if node.upper is not None else None
            if upper is not None and node.upper is not None:
                if isinstance(node.upper, surface.Name | surface.Script):
                    self.shapes.dimensions.setdefault(upper, self._evidence(node.upper))
                self.shapes.unify(self.ranges[letter], upper)
        shape = self.infer(node.body)
        self.ranges = saved
        return shape

    def _product(self, items: tuple[surface.Node, ...]) -> tuple[str, ...] | None:
        shapes = [self.infer(item) for item in items]
        self._matrix_before_vector(items, shapes)
        result: tuple[str, ...] = ()
        for item, shape in zip(items, shapes, strict=True):
            if shape is None:
                return None
            transposed = isinstance(item, surface.Script) and (
                spelling(item.superscript) in _TRANSPOSES if item.superscript else False
            )
            if not shape or not result:
                result = result or shape
                continue
            if len(result) == 2 and len(shape) in (1, 2) and not (len(shape) == 1 and transposed):
                self.shapes.unify(result[1], shape[0])
                result = (result[0], *shape[1:])
            elif len(result) == 1 and len(shape) == 1:
                if transposed:
                    result = (result[0], shape[0])
                else:
                    self.shapes.unify(result[0], shape[0])
                    result = ()
            elif len(result) == 1 and len(shape) == 2:
                self.shapes.unify(result[0], shape[0])
                result = (shape[1],)
            else:
                return None
        return result

    def _matrix_before_vector(
        self, items: tuple[surface.Node, ...], shapes: list[tuple[str, ...] | None]
    ) -> None:
        """A capital before a vector, or before a letter, is taken for a matrix."""
        for place in range(len(items) - 1):
            item = items[place]
            named = item.base if isinstance(item, surface.Script) else item
            if shapes[place] is not None or not isinstance(named, surface.Name):
                continue
            if not named.spelling[:1].isupper():
                continue
            pair = (self.shapes.fresh(), self.shapes.fresh())
            self._note(named, pair)
            flipped = isinstance(item, surface.Script) and (
                spelling(item.superscript) in _TRANSPOSES if item.superscript else False
            )
            shapes[place] = pair[::-1] if flipped else pair
            following = items[place + 1]
            if shapes[place + 1] is None and isinstance(following, surface.Name):
                vector = (self.shapes.fresh(),)
                self._note(following, vector)
                shapes[place + 1] = vector


def _letters(subscript: surface.Node) -> tuple[str, ...]:
    node = subscript
    while isinstance(node, surface.Group):
        node = node.body
    items: tuple[surface.Node, ...] = (node,)
    if isinstance(node, surface.Sequence | surface.Juxtaposition):
        items = node.items
    words = tuple(spelling(item) or "" for item in items)
    return words if all(len(word) == 1 for word in words) else ()


# ---- the block --------------------------------------------------------------------------------


def _rendered(
    shapes: _Shapes, functions: dict[str, Evidence], labelled: dict[str, Evidence]
) -> Proposed:
    roots: dict[str, str] = {}
    taken = {*shapes.dimensions, *shapes.names, *functions}
    invented = iter([letter for letter in _INVENTED if letter not in taken] + list(_SPARE))
    new: list[str] = []
    for dims in shapes.names.values():
        for dim in dims:
            root = shapes.find(dim)
            if root.startswith("?") and root not in roots:
                roots[root] = next(invented)
                new.append(roots[root])

    def space(dims: tuple[str, ...]) -> str:
        shown = [roots.get(shapes.find(dim), shapes.find(dim)) for dim in dims]
        if not shown:
            return "R"
        inner = " x ".join(shown)
        return f"R^{inner}" if len(shown) == 1 and len(inner) == 1 else f"R^{{{inner}}}"

    lines: list[Proposal] = []
    for dim, evidence in shapes.dimensions.items():
        lines.append(Proposal(f"{dim} : dimension", evidence))
    lines.extend(Proposal(f"{dim} : dimension", None) for dim in new)
    for name, dims in shapes.names.items():
        if name in shapes.dimensions:
            continue
        lines.append(Proposal(f"{name} : {space(dims)}", shapes.evidence.get(name)))
    for name, found in functions.items():
        arguments, value = shapes.functions.get(name, ([()], ()))
        domain = " x ".join(space(argument) for argument in arguments)
        lines.append(Proposal(f"{name} : {domain} -> {space(value)}", found))
    questions = list(shapes.questions)
    questions.extend(
        f"does {dim} have a name in the text? it was made up for the shapes" for dim in new
    )
    questions.extend(
        f"is {name} a function of one scalar (R -> R), or of a vector (R^n -> R^n)?"
        for name in functions
        if name not in shapes.functions
    )
    questions.extend(
        f"{name} is read as one name with a label; or is it a power?"
        for name in labelled
        if "(" not in name
    )
    scalars = sorted(
        name
        for name in shapes.fonts
        if name not in shapes.names and name not in shapes.dimensions and name not in functions
    )
    if scalars:
        questions.append(f"taken for real numbers, as nothing says otherwise: {', '.join(scalars)}")
    return Proposed(tuple(lines), tuple(questions))


_SPARE = tuple(f"n_{number}" for number in range(1, 1000))
