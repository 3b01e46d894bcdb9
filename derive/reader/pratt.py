"""The Pratt parser: significant tokens to surface trees.

The core knows binding powers, flat sums and products, scripts after an operand, and recursion
limits. Everything that *begins* an operand is an entry of a table (`constructs/`), keyed by the
text of a command or by the kind of any other token.
"""

from collections.abc import Callable, Mapping

from derive.reader import symbols
from derive.reader.messages import double_script, too_deep, unexpected
from derive.reader.names import Names
from derive.reader.problems import Problem, Span, failure
from derive.reader.scripts import (
    attach,
    function_spelling,
    indicator_condition,
    is_indicator_head,
)
from derive.reader.surface import (
    Addition,
    Apply,
    Conditional,
    Derivative,
    Differential,
    Empty,
    Evaluated,
    Factorial,
    Group,
    Indicator,
    Juxtaposition,
    Logical,
    Name,
    Node,
    Relation,
    Script,
    Sequence,
    Text,
    Variable,
    levels,
    walk,
)
from derive.reader.tokens import Token

# Binding powers, loosest first.
CONDITIONAL, LOGIC, SEQUENCE, RELATION, SUM, EVALUATION, PRODUCT = 10, 20, 30, 40, 50, 60, 70

# More than this is nobody's formula; each level costs a few Python frames.
MAX_DEPTH = 120
# Nodes above each other; what follows an operand (x!!!) adds some without any nesting.
MAX_LEVELS = 3 * MAX_DEPTH

_POWERS = {
    "bar": CONDITIONAL,
    "connective": LOGIC,
    "comma": SEQUENCE,
    "relation": RELATION,
    "additive": SUM,
    "multiplicative": PRODUCT,
    "number": PRODUCT,
    "letter": PRODUCT,
    "command": PRODUCT,
    "open": PRODUCT,
    "lbrace": PRODUCT,
    "begin": PRODUCT,
    "text": PRODUCT,
}
_OPERAND_STARTS = frozenset({"number", "letter", "command", "open", "lbrace", "begin", "text"})
_LOGICAL_WORDS = {"and": "\\land", "or": "\\lor"}

Construct = Callable[["Parser", Token], Node]


class Parser:
    """Reads one side: the tokens from `position` to `end` (exclusive)."""

    def __init__(
        self,
        tokens: list[Token],
        match: list[int],
        names: Names,
        table: Mapping[str, Construct],
        warnings: list[Problem],
    ) -> None:
        self.tokens = tokens
        self.match = match
        self.names = names
        self.table = table
        self.warnings = warnings
        self.position = 0
        self.end = len(tokens)
        self.depth = 0
        self.wrapped = 0

    def read(self, start: int, end: int) -> Node:
        """Read the tokens of a range, all of them; raises `ReadFailure`."""
        self.position, self.end, self.depth, self.wrapped = start, end, 0, 0
        node = self.expression()
        token = self.peek()
        if token is not None:
            raise unexpected(token)
        if self.wrapped > MAX_DEPTH and levels(node) > MAX_LEVELS:
            raise too_deep(node.span, MAX_DEPTH)
        return node

    # Looking and taking

    def peek(self) -> Token | None:
        """Return the next token without taking it."""
        return self.tokens[self.position] if self.position < self.end else None

    def take(self) -> Token:
        """Take the next token; the caller knows that there is one."""
        token = self.tokens[self.position]
        self.position += 1
        return token

    def span_from(self, start: int) -> Span:
        """Return the span from an offset to the end of the last token taken."""
        end = self.tokens[self.position - 1].end
        return Span(start, end if end > start else start)

    def take_if(self, kind: str, text: str | None = None) -> Token | None:
        """Take the next token if it is of this kind (and text)."""
        token = self.peek()
        if token is None or token.kind != kind or (text is not None and token.text != text):
            return None
        self.position += 1
        return token

    def here(self) -> Span:
        """Return the place of the next token, or the empty place behind the last one."""
        token = self.peek()
        if token is not None:
            return token.span
        if self.position:
            end = self.tokens[self.position - 1].end
            return Span(end, end)
        return Span(0, 0)

    def warn(self, kind: str, span: Span, found: str, help: str = "") -> None:
        """Note which of several readings was taken."""
        self.warnings.append(Problem(kind, span, found, "", help, "warning"))

    # Expressions

    def expression(self, power: int = 0) -> Node:
        """Read an expression whose operators bind more tightly than `power`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(self.here(), MAX_DEPTH)
        left = self.continued(self.operand(), power)
        self.depth -= 1
        return left

    def continued(self, left: Node, power: int) -> Node:
        """Go on behind an operand with the operators that bind more tightly than `power`."""
        while self.position < self.end:
            token = self.tokens[self.position]
            kind = token.kind
            if self._spaces():
                self.position += 2
                continue
            binding = _POWERS.get(kind)
            if binding is None:
                break
            if kind == "bar" and self._followed_by_script():
                binding = EVALUATION
            elif kind == "text":
                binding = _word_power(token)
            if binding <= power:
                break
            self.wrapped += 1
            left = _INFIX[binding](self, left)
        return left

    def _spaces(self) -> bool:
        r"""Tell whether the group that opens here is a mere `{}`, which only spaces."""
        behind = self.position + 2
        brace = self.tokens[self.position].kind == "lbrace"
        empty = brace and self.match[self.position] == behind - 1
        return empty and not (
            behind < self.end and self.tokens[behind].kind in ("sub", "sup", "prime")
        )

    def _operand_at(self, index: int) -> bool:
        kind = self.tokens[index].kind if index < self.end else ""
        return kind in _OPERAND_STARTS or kind == "additive"

    def _followed_by_script(self) -> bool:
        following = self.position + 1
        return following < self.end and self.tokens[following].kind in ("sub", "sup")

    def operand(self) -> Node:
        """Read one operand: a sign with a product, or a construct with what is attached to it."""
        token = self.peek()
        while token is not None and self._spaces() and self._operand_at(self.position + 2):
            self.position += 2
            token = self.peek()
        if token is None:
            raise failure(
                "missing-operand", self.here(), "the end of the formula", "a name, number or group"
            )
        kind = token.kind
        if kind == "additive":
            self.position += 1
            term = self.sign_operand(token)
            return Addition(Span(token.start, term.span.end), (term,), (token.text,))
        construct = self.table.get(token.text if kind == "command" else kind)
        if construct is None:
            return self.attached(self._other(token))
        self.position += 1
        return self.attached(construct(self, token))

    def sign_operand(self, sign: Token) -> Node:
        """Read the product that a sign stands before."""
        if self.position >= self.end or self.tokens[self.position].kind in _NOT_AFTER_SIGN:
            raise failure(
                "missing-operand",
                sign.span,
                f"{sign.text} with nothing after it",
                f"a term after {sign.text}",
            )
        return self.expression(SUM)

    def _other(self, token: Token) -> Node:
        if token.kind != "command":
            raise unexpected(token)
        if not self.names.is_name(token.text) and not self.names.is_function(token.text):
            raise failure(
                "unknown-command",
                token.span,
                f"the command {token.text}, which nothing defines",
                "a known command or a declared name",
                f"declare {token.text}, or define it with \\newcommand",
            )
        self.position += 1
        return Name(token.span, token.text)

    # Operators

    def product(self, left: Node) -> Node:
        """Read the factors that follow, flat."""
        items, operators = [left], list[str]()
        if isinstance(left, Juxtaposition):
            items, operators = list(left.items), list(left.operators)
        while self.position < self.end:
            token = self.tokens[self.position]
            kind = token.kind
            if self._spaces():
                self.position += 2
                continue
            if kind == "multiplicative":
                self.position += 1
                operators.append(token.text)
                self._check_right(token)
            elif kind in _OPERAND_STARTS:
                if kind == "text" and _word_power(token) != PRODUCT:
                    break
                operators.append("")
            else:
                break
            item = self.expression(PRODUCT)
            if isinstance(item, Juxtaposition):
                items += item.items
                operators += item.operators
            else:
                items.append(item)
        return _quotient(
            Juxtaposition(
                Span(left.span.start, items[-1].span.end), tuple(items), tuple(operators)
            ),
            self,
        )

    def _check_right(self, operator: Token) -> None:
        token = self.peek()
        if token is None or token.kind in _NOT_AFTER_SIGN - {"additive"}:
            raise failure(
                "missing-operand",
                operator.span,
                f"{operator.text} with nothing after it",
                f"a factor after {operator.text}",
            )

    def sum(self, left: Node) -> Node:
        """Read the terms that follow, flat; a leading sign is part of the same sum."""
        if isinstance(left, Addition):
            terms, signs = list(left.terms), list(left.signs)
        else:
            terms, signs = [left], [""]
        while (sign := self.peek()) is not None and sign.kind == "additive":
            self.position += 1
            terms.append(self.sign_operand(sign))
            signs.append(sign.text)
        return Addition(Span(left.span.start, terms[-1].span.end), tuple(terms), tuple(signs))

    def relation(self, left: Node) -> Node:
        """Read the sides that follow, flat."""
        sides, relations = [left], []
        while (token := self.peek()) is not None and token.kind == "relation":
            self.position += 1
            relations.append(token.text)
            following = self.peek()
            if following is None or following.kind in ("close", "rbrace", "comma", "relation"):
                raise failure(
                    "missing-operand",
                    token.span,
                    f"{token.text} with nothing after it",
                    f"a side after {token.text}",
                )
            sides.append(self.expression(RELATION))
        return Relation(Span(left.span.start, sides[-1].span.end), tuple(sides), tuple(relations))

    def sequence(self, left: Node) -> Node:
        """Read the items that follow, apart by commas; a trailing comma is let pass."""
        items, separators = [left], []
        while (comma := self.take_if("comma")) is not None:
            following = self.peek()
            if following is None or following.kind in ("close", "rbrace", "amp", "row", "end"):
                break
            separators.append(comma.text)
            items.append(self.expression(SEQUENCE))
        if len(items) == 1:
            return left
        span = Span(left.span.start, items[-1].span.end)
        return Sequence(span, tuple(items), tuple(separators))

    def logic(self, left: Node) -> Node:
        """Read statements joined by connectives or by "and" and "or"."""
        items, operators = [left], []
        while (token := self.peek()) is not None:
            word = _LOGICAL_WORDS.get(token.text.strip()) if token.kind == "text" else None
            if token.kind != "connective" and word is None:
                break
            self.position += 1
            operators.append(word or token.text)
            items.append(self.expression(LOGIC))
        return Logical(Span(left.span.start, items[-1].span.end), tuple(items), tuple(operators))

    def conditional(self, left: Node) -> Node:
        """Read what stands behind a bar, or behind words such as "such that": `y | x`."""
        bar = self.take()
        if bar.kind == "text" and self.peek() is None:
            words = Text(bar.span, bar.text.strip())
            return Conditional(Span(left.span.start, bar.end), left, words)
        right = self.expression(CONDITIONAL)
        return Conditional(Span(left.span.start, right.span.end), left, right)

    def evaluation(self, left: Node) -> Node:
        """Read the limits behind an evaluation bar: `f |_{x = a}`."""
        self.position += 1
        lower, upper, _ = self.scripts()
        return Evaluated(self.span_from(left.span.start), left, lower, upper)

    # What follows an operand

    def scripts(self) -> tuple[Node | None, Node | None, int]:
        """Read subscript, superscript and primes in any order."""
        subscript: Node | None = None
        superscript: Node | None = None
        primes = 0
        while self.position < self.end:
            token = self.tokens[self.position]
            kind = token.kind
            if kind == "prime":
                self.position += 1
                primes += len(token.text)
            elif kind == "sub":
                self.position += 1
                if subscript is not None:
                    raise double_script(token, "subscript")
                subscript = self.script_argument(token)
            elif kind == "sup":
                self.position += 1
                content = self.script_argument(token)
                marks = _primes(content)
                if marks:
                    primes += marks
                elif superscript is not None:
                    raise double_script(token, "superscript")
                else:
                    superscript = content
            else:
                break
        return subscript, superscript, primes

    def script_argument(self, mark: Token) -> Node:
        """Read what stands in a script: braces with anything inside, or one token."""
        token = self.peek()
        if token is None or token.kind in ("rbrace", "sub", "sup", "amp", "row", "end"):
            raise failure(
                "missing-argument",
                mark.span,
                f"{mark.text} with nothing after it",
                "a script",
                f"write {mark.text}{{...}}",
            )
        if token.kind == "lbrace":
            self.position += 1
            content = self.braced(token)
            if isinstance(content, Text):
                # In a script words are a label, whatever they are.
                return Name(content.span, content.text, "text")
            return content
        if token.kind == "text":
            self.position += 1
            return Name(token.span, token.text.strip(), "text")
        if token.kind in ("additive", "multiplicative", "open", "close", "bar", "char"):
            self.position += 1
            return Name(token.span, token.text)
        if token.kind == "number" and len(token.text) > 1:
            self.warn(
                "one-digit-script",
                token.span,
                f"only {token.text[0]} of {token.text} stands in the script",
                f"write {mark.text}{{{token.text}}} if the whole number is meant",
            )
        return self.single(token)

    def single(self, token: Token) -> Node:
        """Read a TeX argument without braces: a digit, a letter, a command with its arguments."""
        if token.kind == "number" and len(token.text) > 1:
            # TeX takes one digit; the rest stays a number of its own.
            head = Token("number", token.text[0], token.start, token.start + 1)
            rest = Token("number", token.text[1:], token.start + 1, token.end)
            self.tokens[self.position] = rest
            return self.table["number"](self, head)
        construct = self.table.get(token.text if token.kind == "command" else token.kind)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(token.span, MAX_DEPTH)
        if construct is None:
            node = self._other(token)
        else:
            self.position += 1
            node = construct(self, token)
        self.depth -= 1
        return node

    def braced(self, opening: Token) -> Node:
        """Read to the closing brace and return what is inside (`Empty` for nothing)."""
        closing = self.take_if("rbrace")
        if closing is not None:
            return Empty(Span(opening.start, closing.end))
        token = self.peek()
        if token is not None and token.kind in ("additive", "multiplicative"):
            following = self.tokens[self.position + 1] if self.position + 1 < self.end else None
            if following is not None and following.kind == "rbrace":
                self.position += 2
                return Name(token.span, token.text)
        node = self.expression()
        self.expect_rbrace(opening)
        return node

    def expect_rbrace(self, opening: Token) -> Token:
        """Take the closing brace or fail."""
        closing = self.take_if("rbrace")
        if closing is not None:
            return closing
        token = self.peek()
        if token is None:
            raise failure(
                "unbalanced-brace",
                opening.span,
                "{ that is never closed",
                "}",
                "add the missing } or delete the {",
            )
        raise unexpected(token)

    def argument(self, owner: Token) -> Node:
        """Read the argument of a command."""
        token = self.peek()
        if token is None or token.kind not in _OPERAND_STARTS:
            raise failure(
                "missing-argument",
                owner.span,
                f"{owner.text} with too few arguments",
                "an argument in braces",
                f"write {owner.text}{{...}}",
            )
        if token.kind == "lbrace":
            self.position += 1
            return self.braced(token)
        return self.single(token)

    def attached(self, node: Node) -> Node:
        """Read scripts, a factorial and the argument of a function behind an operand."""
        while self.position < self.end:
            self.wrapped += 1
            token = self.tokens[self.position]
            kind = token.kind
            if kind in ("sub", "sup", "prime"):
                subscript, superscript, primes = self.scripts()
                span = self.span_from(node.span.start)
                node = attach(node, subscript, superscript, primes, span, self.names)
            elif kind == "char" and token.text == "!":
                self.position += 1
                node = Factorial(self.span_from(node.span.start), node)
            elif kind == "open" and token.text in ("(", "[", "\\{"):
                argued = self._with_argument(node, token)
                if argued is None:
                    break
                node = argued
            else:
                break
        return node

    def _with_argument(self, node: Node, opening: Token) -> Node | None:
        """Read the group behind a function or an indicator; None when it is a mere factor."""
        index = self.position
        closing = self.match[index]
        if self._applies(node):
            self.position += 1
            argument = self.table["open"](self, opening)
            return Apply(self.span_from(node.span.start), node, argument, True)
        if isinstance(node, Indicator):
            if node.argument is not None or not index < closing <= index + 12:
                return None
            # 1_{x>0}(x): the group repeats something of the condition.
            self.position += 1
            argument = self.table["open"](self, opening)
            body = argument.body if isinstance(argument, Group) else argument
            if any(part == body for part in walk(node.condition)):
                return Indicator(self.span_from(node.span.start), node.condition, argument)
            return self._factors(node, argument)
        if not is_indicator_head(node) or not self._relation_inside(index):
            return None
        self.position += 1
        group = self.table["open"](self, opening)
        condition = indicator_condition(node, group)
        if condition is None:
            return self._factors(node, group)
        return Indicator(self.span_from(node.span.start), condition, None)

    def _factors(self, left: Node, right: Node) -> Node:
        """Join two factors; `product` makes them part of a longer one."""
        right = self.attached(right)
        return Juxtaposition(Span(left.span.start, right.span.end), (left, right), ("",))

    def _relation_inside(self, index: int) -> bool:
        """Tell whether a relation stands directly between the delimiters at this index."""
        closing = self.match[index]
        index += 1
        while index < closing:
            if self.tokens[index].kind == "relation":
                return True
            index = max(self.match[index], index) + 1
        return False

    def _applies(self, node: Node) -> bool:
        if not isinstance(node, Name | Script):
            return False
        spelling = function_spelling(node)
        if spelling is None:
            return False
        return spelling in symbols.FUNCTIONS or self.names.is_function(spelling)


def is_prose(words: str) -> bool:
    """Tell whether the words of a text command are prose and not a name."""
    text = words.strip()
    return not text[:1].isalnum() or text.split()[0].lower().rstrip(",:.") in symbols.PROSE_WORDS


def _word_power(token: Token) -> int:
    """Return how tightly words inside a formula bind: "and", "if", or a name."""
    if token.text.strip() in _LOGICAL_WORDS:
        return LOGIC
    return CONDITIONAL if is_prose(token.text) else PRODUCT


def _quotient(product: Juxtaposition, parser: Parser) -> Node:
    r"""Read `\partial f / \partial x` as a derivative; say how other slashes were read."""
    operators = product.operators
    if operators == ("/",):
        above, below = product.items
        if (
            isinstance(above, Differential)
            and isinstance(below, Differential)
            and above.symbol == below.symbol
        ):
            variable = Variable(below.operand.span, below.operand, None)
            return Derivative(product.span, above.symbol, above.operand, (variable,), None, False)
    if "/" in operators and "" in operators[operators.index("/") :]:
        parser.warn(
            "scope-of-slash",
            product.span,
            "a/b c is read as (a/b) c, from left to right",
            "use \\frac or parentheses to say otherwise",
        )
    return product


def _primes(node: Node) -> int:
    if isinstance(node, Name) and node.spelling == "\\prime":
        return 1
    if isinstance(node, Juxtaposition) and all(_primes(item) for item in node.items):
        return len(node.items)
    return 0


_NOT_AFTER_SIGN = frozenset(
    {"close", "rbrace", "relation", "comma", "amp", "row", "end", "connective", "multiplicative"}
)

_INFIX: dict[int, Callable[[Parser, Node], Node]] = {
    CONDITIONAL: Parser.conditional,
    LOGIC: Parser.logic,
    SEQUENCE: Parser.sequence,
    RELATION: Parser.relation,
    SUM: Parser.sum,
    EVALUATION: Parser.evaluation,
    PRODUCT: Parser.product,
}
