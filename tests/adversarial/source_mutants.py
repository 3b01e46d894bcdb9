"""Mutation of the prover's own source: ``--count 150 --seed 1 --module signs``, on request.

One place of one function is changed (a comparison flipped, a constant or a sign changed, a branch
negated, a condition or a refusal dropped, + for -), and the tests of the prover, the verdicts of
the catalogue and mutants of true identities are run on that.  What no test notices is listed:
``survivors.txt`` beside this file explains those that are left.

Tests are collected once.  Every mutant lives in a forked process that replaces the code of the
changed function and runs the tests until the first failure, under a limit of processor time.
"""

import argparse
import ast
import importlib
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import CodeType, ModuleType

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

MODULES = (
    "normal_form",
    "node_rules",
    "signs",
    "sums",
    "function_rules",
    "derivative_rules",
    "prover",
    "facts",
    "definedness",
    "one_hot",
)

#: Seconds of processor time for all tests of one mutant.
TIME = 90

#: Mutants of true identities that are judged by every changed prover.
JUDGED = 60

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_TURNED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_SIGNS = {"+": "-", "-": "+", "+0": "+", "-0": "-", "x": "+", "0": "+0", "=": ">=", ">": ">=",
          "<": "<=", ">=": ">", "<=": "<", "!=": ">"}  # fmt: skip


@dataclass(frozen=True)
class SourceMutant:
    """One change: where it is (``place``: of the node in the walk), and what kind it is."""

    module: str
    function: str
    line: int
    kind: str
    before: str
    after: str
    place: int
    variant: int

    def __str__(self) -> str:
        return f"{self.module}.{self.function} [{self.kind}] {self.before}  ->  {self.after}"


# ---- changes ------------------------------------------------------------------------------------


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What one node of the source may be changed to, with the kind of the change."""
    match node:
        case ast.Compare(left, [operator], [right]):
            for table in (_COMPARED, _TURNED):
                if type(operator) in table:
                    yield "comparison", ast.Compare(left, [table[type(operator)]()], [right])
        case ast.Constant(bool() as value):
            yield "constant", ast.Constant(not value)
        case ast.Constant(int() as value):
            yield "constant", ast.Constant(value + 1)
        case ast.Constant(str() as value) if value in _SIGNS:
            yield "constant", ast.Constant(_SIGNS[value])
        case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC:
            yield "arithmetic", ast.BinOp(left, _ARITHMETIC[type(operator)](), right)
        case ast.BoolOp(operator, values):
            other = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield "and/or", ast.BoolOp(other, values)
            for place in range(len(values)):
                rest = values[:place] + values[place + 1 :]
                yield "condition dropped", rest[0] if len(rest) == 1 else ast.BoolOp(operator, rest)
        case ast.UnaryOp(ast.Not(), operand):
            yield "branch", operand
        case ast.UnaryOp(ast.USub(), operand):
            yield "arithmetic", operand
        case ast.If(test, body, orelse):
            yield "branch", ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
            yield "branch", ast.If(ast.Constant(False), body, orelse)
        case ast.IfExp(test, body, orelse):
            yield "branch", ast.IfExp(test, orelse, body)
        case ast.match_case(pattern, ast.expr(), body):
            yield "condition dropped", ast.match_case(pattern, None, body)
        case ast.Expr(ast.Call(function)) if "step" not in ast.unparse(function):
            yield "call dropped", ast.Pass()
        case ast.Raise():
            yield "refusal dropped", ast.Pass()
        case ast.Return(ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "return dropped", ast.Return(ast.Constant(None))
        case ast.Call(ast.Name("all"), arguments):
            yield "all/any", ast.Call(ast.Name("any", ast.Load()), arguments, [])
        case ast.Call(ast.Name("any"), arguments):
            yield "all/any", ast.Call(ast.Name("all", ast.Load()), arguments, [])


def source_tree(module: str) -> ast.Module:
    """The module as it is written."""
    path = ROOT / "derive" / ("prove" if module in MODULES else "") / f"{module}.py"
    return ast.parse(path.read_text(encoding="utf-8"))


def source_mutants(module: str) -> Iterator[SourceMutant]:
    """All changes of the module, each in its functions and in its tables."""
    tree = source_tree(module)
    functions = dict(_functions(tree, "module"))
    for place, node in enumerate(ast.walk(tree)):
        for variant, (kind, new) in enumerate(changes(node)):
            before, after = (_short(part) for part in (node, new))
            line = getattr(node, "lineno", None) or getattr(node.pattern, "lineno", 0)
            where = functions[node]
            yield SourceMutant(module, where, line, kind, before, after, place, variant)


def _functions(node: ast.AST, name: str) -> Iterator[tuple[ast.AST, str]]:
    """Every node with the function or method that it stands in."""
    yield node, name
    for part in ast.iter_child_nodes(node):
        inside = part.name if isinstance(part, ast.FunctionDef | ast.ClassDef) else name
        yield from _functions(part, inside)


def changed_tree(mutant: SourceMutant) -> ast.Module:
    """The module with the change."""
    tree = source_tree(mutant.module)
    node = next(node for place, node in enumerate(ast.walk(tree)) if place == mutant.place)
    new = next(new for variant, (_, new) in enumerate(changes(node)) if variant == mutant.variant)
    _Replaced(node, new).visit(tree)
    return ast.fix_missing_locations(tree)


class _Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}:"
    if isinstance(node, ast.match_case):
        guard = f" if {ast.unparse(node.guard)}" if node.guard else ""
        return f"case {ast.unparse(node.pattern)}{guard}:"
    return " ".join(ast.unparse(node).split())


# ---- putting a change into place ----------------------------------------------------------------


def apply_change(mutant: SourceMutant) -> None:
    """Give the loaded module the changed code."""
    load_code(mutant.module, changed_tree(mutant))


def load_code(stem: str, tree: ast.Module) -> None:
    """Give the functions of a loaded module the code of the tree, and its tables their values."""
    name = f"derive.prove.{stem}"
    module = importlib.import_module(name)
    fresh = ModuleType(name)
    sys.modules["fresh"] = fresh
    fresh.__dict__["__name__"] = name
    exec(compile(tree, f"{stem}.py", "exec"), fresh.__dict__)
    for attribute, new in vars(fresh).items():
        old = vars(module).get(attribute)
        if new is old or getattr(new, "__module__", name) != name or attribute.startswith("__"):
            continue
        if isinstance(new, type) and isinstance(old, type):
            for method, function in vars(new).items():
                _put(vars(old).get(method), function)
        elif hasattr(new, "__code__"):
            _put(old, new)
        elif isinstance(old, dict) and not any(map(callable, new.values())):
            old.clear()
            old.update(new)
        elif isinstance(old, int | frozenset | tuple) and old != new:
            for other in list(sys.modules.values()):
                if getattr(other, "__name__", "").startswith("derive.") and attribute in vars(
                    other
                ):
                    setattr(other, attribute, new)


def _put(old: object, new: object) -> None:
    old, new = (getattr(f, "__func__", f) for f in (old, new))
    code: CodeType | None = getattr(new, "__code__", None)
    if code is not None and hasattr(old, "__code__"):
        if old.__code__.co_freevars == code.co_freevars:
            old.__code__ = code
        if old.__defaults__ != new.__defaults__:  # type: ignore[attr-defined]
            old.__defaults__ = new.__defaults__  # type: ignore[attr-defined]


# ---- tests --------------------------------------------------------------------------------------


class Runner:
    """A pytest plugin that runs the collected tests once for every mutant, in a fork each."""

    def __init__(self, chosen: list[SourceMutant]) -> None:
        self.chosen = chosen
        self.killed = 0
        self.survivors: list[SourceMutant] = []

    def prepare(self) -> None:
        """What every fork finds ready."""
        from mutation_run import bases, sample

        self.judged: list[object] = sample(bases(1, 80), JUDGED, 1)

    def first_failure(self, mutant: SourceMutant | None, items: list[pytest.Item]) -> str:
        """The first test that fails on the mutant; empty if all pass."""
        return _first_failure(mutant, items, self.judged)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = sorted(session.items, key=lambda item: _SLOW_LAST.get(item.name.split("[")[0], 0))
        self.prepare()
        everything_passes, why = self._survives(None, items)
        if not everything_passes:
            raise pytest.UsageError(f"the tests fail without any change: {why}")
        for number, mutant in enumerate(self.chosen, 1):
            survives, why = self._survives(mutant, items)
            if survives:
                self.survivors.append(mutant)
            else:
                self.killed += 1
            said = "SURVIVES" if survives else f"killed by {why}"
            print(f"{number}/{len(self.chosen)} line {mutant.line}: {mutant}: {said}", flush=True)
        return True

    def _survives(self, mutant: SourceMutant | None, items: list[pytest.Item]) -> tuple[bool, str]:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (TIME, TIME))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            try:
                why = self.first_failure(mutant, items)
            except BaseException as error:
                why = f"{type(error).__name__} {error}"
            os.write(write, why.encode()[:2000])
            os._exit(bool(why))
        os.close(write)
        _, status = os.waitpid(child, 0)
        why = os.read(read, 4000).decode(errors="replace")
        os.close(read)
        return status == 0, why or f"signal {os.WTERMSIG(status)}"


_SLOW_LAST = {
    "test_the_normal_form_depends_on_neither_order_nor_names": 2,
    "test_mutants_are_proved_only_where_they_hold": 3,
    "test_what_is_proved_holds_at_points": 4,
}


def _first_failure(
    mutant: SourceMutant | None, items: list[pytest.Item], judged: list[object]
) -> str:
    from _pytest.runner import runtestprotocol
    from mutation_run import outcome

    from derive.judge_sympy import judge_claim
    from identities import ALL

    if mutant is None:  # what is loaded anew without a change has to pass
        for module in MODULES:
            load_code(module, source_tree(module))
    else:
        apply_change(mutant)
    quick = [item for item in items if item.name.split("[")[0] not in _SLOW_LAST]
    for item in quick:
        if any(report.failed for report in runtestprotocol(item, nextitem=None, log=False)):
            return item.name
    for claim in ALL:
        verdict = judge_claim(claim)
        if verdict.kind is not claim.expected:
            return f"{claim.name} is {verdict.kind}"
        if claim.expected_conditions != tuple(c.words for c in verdict.conditions):
            return f"{claim.name} has other conditions"
    for found in judged:
        said = outcome(found, 1, places=3)
        if said.problem:
            return f"a mutant: {said.mutant} {said.problem}"
    for item in items[len(quick) :]:
        if any(report.failed for report in runtestprotocol(item, nextitem=None, log=False)):
            return item.name
    return ""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=150)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--module", choices=MODULES, action="append")
    arguments.add_argument("--kind", action="append", help="only changes of this kind")
    arguments.add_argument("--listed", type=Path, help="only the changes listed in this file")
    asked = arguments.parse_args()
    listed = asked.listed.read_text(encoding="utf-8").splitlines() if asked.listed else None
    pool = [
        mutant
        for module in asked.module or MODULES
        for mutant in source_mutants(module)
        if (not asked.kind or mutant.kind in asked.kind)
        and (listed is None or str(mutant) in listed)
    ]
    chosen = Random(asked.seed).sample(pool, min(asked.count, len(pool)))
    runner = Runner(chosen)
    os.chdir(ROOT)
    pytest.main(
        ["tests/derive/prove", "-q", "-p", "no:cacheprovider", "--capture=no"], plugins=[runner]
    )
    print(f"{len(pool)} changes, {len(chosen)} tried, {runner.killed} killed; survivors:")
    for mutant in runner.survivors:
        print(f"  {mutant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
