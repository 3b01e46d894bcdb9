"""Statements and proofs as plain data: what ``derive.kernel`` re-checks and JSON can hold.

A node is a list that starts with its kind: ``["add", ["element", "x"], ["number", "1/2"]]``.
``derive/kernel.py`` tells what each kind means.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derive import kernel
from derive.integer_kernel import check_integers
from derive.terms.obligation import Obligation, Statement
from derive.terms.plain import proposition_text, term_text
from derive.terms.term import (
    Add,
    And,
    Apply,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    Index,
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
    Undefined,
    Where,
)
from derive.verdict import Case, Proof, Verdict

Data = Any


@dataclass(frozen=True, slots=True)
class Certificate:
    """A statement and a proof of it, as data that JSON can hold."""

    statement: Data
    proof: Data


def index_data(index: Index) -> Data:
    """An index as data."""
    match index:
        case Free(name, dim):
            return ["free", name, dim]
        case Bound(depth):
            return ["bound", depth]
        case Fixed(value, dim):
            return ["fixed", value, dim]


def _indices(*indices: Index) -> list[Data]:
    return [index_data(index) for index in indices]


def _call(call: Call) -> Data:
    return [
        "call",
        call.name,
        ["indices", *_indices(*call.outputs)],
        [
            "arguments",
            *(["argument", ["dims", *a.dims], node_data(a.body)] for a in call.arguments),
        ],
        ["partials", *(["partial", slot, *_indices(*place)] for slot, place in call.partials)],
    ]


def _nodes(*nodes: Node) -> list[Data]:
    return [node_data(node) for node in nodes]


#: One entry a kind of node.
_DATA: dict[type[Node], Callable[[Any], Data]] = {
    Number: lambda n: ["number", str(n.value)],
    Dimension: lambda n: ["dimension", n.dim],
    Position: lambda n: ["position", index_data(n.index)],
    Element: lambda n: ["element", n.name, *_indices(*n.indices)],
    Add: lambda n: ["add", *_nodes(*n.terms)],
    Mul: lambda n: ["mul", *_nodes(*n.factors)],
    Pow: lambda n: ["pow", *_nodes(n.base, n.exponent)],
    Apply: lambda n: ["apply", n.function, *_nodes(*n.arguments)],
    Call: _call,
    Delta: lambda n: ["delta", *_indices(n.left, n.right)],
    Indicator: lambda n: ["indicator", node_data(n.condition)],
    Where: lambda n: ["where", *_nodes(n.condition, n.then, n.otherwise)],
    Undefined: lambda n: ["undefined"],
    Sum: lambda n: ["sum", n.dim, node_data(n.body)],
    Product: lambda n: ["product", n.dim, node_data(n.body)],
    Derivative: lambda n: ["derivative", *_nodes(n.body, n.variable)],
    InverseEntry: lambda n: ["inverse", n.matrix, *_indices(n.row, n.column)],
    Determinant: lambda n: ["determinant", n.matrix],
    Compare: lambda n: ["compare", n.operator, *_nodes(n.left, n.right)],
    SameIndex: lambda n: ["same", *_indices(n.left, n.right)],
    Not: lambda n: ["not", node_data(n.inner)],
    And: lambda n: ["and", *_nodes(*n.parts)],
    Or: lambda n: ["or", *_nodes(*n.parts)],
    ForAll: lambda n: ["forall", n.dim, node_data(n.body)],
}


def node_data(node: Node) -> Data:
    """A term or a proposition as data."""
    return _DATA[type(node)](node)


#: What stands for each kind of node in plain data; one entry a kind.
_NODE: dict[str, Callable[..., Any]] = {
    "free": lambda name, dim: Free(name.replace("#", "i_"), dim),
    "bound": Bound,
    "fixed": Fixed,
    "number": lambda value: Number(Fraction(value)),
    "dimension": Dimension,
    "position": Position,
    "element": lambda name, *indices: Element(name, indices),
    "add": lambda *terms: Add(terms),
    "mul": lambda *factors: Mul(factors),
    "pow": Pow,
    "apply": lambda function, *arguments: Apply(function, arguments),
    "call": Call,
    **dict.fromkeys(("indices", "arguments", "dims", "partials"), lambda *parts: parts),
    "argument": Argument,
    "partial": lambda slot, *place: (slot, place),
    "delta": Delta,
    "indicator": Indicator,
    "where": Where,
    "undefined": Undefined,
    "sum": Sum,
    "product": Product,
    "derivative": Derivative,
    "inverse": InverseEntry,
    "determinant": Determinant,
    "compare": Compare,
    "same": SameIndex,
    "not": Not,
    "and": lambda *parts: And(parts),
    "or": lambda *parts: Or(parts),
    "forall": ForAll,
}


def node_of(data: Data) -> Any:
    """The term, proposition or index that plain data stands for; raises an error for other data."""
    if not isinstance(data, list | tuple):
        return data
    return _NODE[data[0]](*map(node_of, data[1:]))


def _words(part: object) -> str:
    """What the kernel names in a doubt, as a person writes it."""
    try:
        node = node_of(part)
        return proposition_text(node) if isinstance(node, Proposition) else term_text(node)
    except (TypeError, ValueError, LookupError, AttributeError):
        return str(part)


def statement_data(
    statement: Obligation | Statement, conditions: tuple[Proposition, ...] = ()
) -> Data:
    """A statement, with the conditions of its verdict, as data."""
    declarations = statement.declarations
    if isinstance(statement, Statement):
        claim = {"proposition": node_data(statement.proposition)}
    else:
        left, right = node_data(statement.left), node_data(statement.right)
        claim = {"operator": statement.operator, "left": left, "right": right}
    return {
        **claim,
        "variables": {
            name: [list(variable.shape), sorted(variable.conditions)]
            for name, variable in sorted(declarations.variables.items())
        },
        "definitions": {
            name: [_indices(*definition.indices), node_data(definition.body)]
            for name, definition in sorted(declarations.definitions.items())
        },
        "hypotheses": _nodes(*declarations.hypotheses),
        "conditions": _nodes(*conditions),
    }


def certificate_data(statement: Data, proof: Proof) -> Data:
    """A proof of a statement, both as data: its cases, and the seal that binds it to the statement.

    A case has its assumptions, its steps, and what both sides come to.
    """
    cases = [_case_data(case) for case in proof.cases]
    return {"version": kernel.VERSION, "cases": cases, "seal": kernel.seal(statement, cases)}


def _case_data(case: Case) -> Data:
    return {
        "assumptions": _nodes(*case.assumptions),
        "steps": [
            {"rule": s.rule, "before": node_data(s.before), "after": node_data(s.after)}
            for s in case.steps
        ],
        "left": node_data(case.left),
        "right": node_data(case.right),
    }


@dataclass(frozen=True, slots=True)
class Audit:
    """What the kernel says of a proof: how many steps (or boxes) it checked, or why it doubts."""

    checked: int = 0
    doubt: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the kernel has followed the whole proof."""
        return not self.doubt


def certificate_of(statement: Obligation | Statement, verdict: Verdict) -> Certificate:
    """The certificate of a verdict that holds; raises ValueError for any other."""
    if verdict.proof is None or not verdict.holds:
        raise ValueError(f"a verdict '{verdict.kind}' has no certificate")
    stated = tuple(c.proposition for c in verdict.conditions if c.proposition is not None)
    data = statement_data(statement, stated)
    return Certificate(data, certificate_data(data, verdict.proof))


def audit(certificate: Certificate) -> Audit:
    """Let the kernel re-check a certificate, as it would come back from a file."""
    statement, proof = json.loads(json.dumps([certificate.statement, certificate.proof]))
    try:
        if isinstance(statement, dict) and "proposition" in statement:
            return Audit(check_integers(statement, proof))
        return Audit(kernel.check(statement, proof))
    except kernel.Doubt as doubt:
        return Audit(doubt=doubt.place + doubt.reason.format(*map(_words, doubt.terms)))
