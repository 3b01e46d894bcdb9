"""One direction, no way back: a layer imports only from layers left of it (design, section 1)."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: From left to right. A package or module that stands in a group belongs to one layer.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("derive.kernel",),
    ("derive.integer_kernel",),
    ("derive.terms",),
    ("derive.verdict",),
    ("derive.certificate",),
    ("derive.limits",),
    ("derive.answering",),
    ("derive.worker", "derive.unanswered"),
    ("derive.prove", "derive.refute", "derive.integers", "derive.operation_count"),
    ("derive.judge",),
    ("derive.coq",),
    ("derive.reader",),
    ("derive.document",),
    ("derive.elaborate",),
    ("derive.chain",),
    ("derive.checking",),
    ("derive.check", "derive.propose"),
    ("derive.repair",),
    ("derive.sympy_terms", "derive.sympy_export", "derive.sympy_instances"),
    ("derive.second_reader",),
    ("derive.claim", "derive.judge_sympy", "derive.second_opinion"),
    ("derive.coq_claims",),
    ("derive.written",),
    ("derive.numeric",),
    ("derive.verify_text",),
    ("derive.verify",),
    ("derive.report",),
    ("derive.verify_figures",),
    ("derive.verify_report", "derive.assertions"),
    ("derive.commands",),
    ("derive.cli",),
)


def _layer(module: str) -> int | None:
    for place, group in enumerate(LAYERS):
        for name in group:
            if module == name or module.startswith(f"{name}."):
                return place
    return None


def _imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return [name for name in found if name.startswith("derive.")]


MODULES = sorted((ROOT / "derive").rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_every_module_has_a_layer() -> None:
    free = {"derive", "derive.__main__"}
    homeless = [_name(path) for path in MODULES if _layer(_name(path)) is None]
    assert sorted(set(homeless) - free) == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_layer_imports_only_from_layers_left_of_it(path: Path) -> None:
    own = _layer(_name(path))
    if own is None:
        return
    wrong = [name for name in _imports(path) if (_layer(name) or 0) > own]
    assert wrong == [], f"{_name(path)} imports from layers right of it"


def test_the_kernel_rests_on_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "derive" / "kernel.py").read_text(encoding="utf-8"))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert modules <= sys.stdlib_module_names


def test_neighbours_in_one_layer_do_not_know_each_other() -> None:
    provers = {"derive.prove", "derive.refute"}
    for path in MODULES:
        name = _name(path)
        for own in provers:
            if name.startswith(own):
                others = provers - {own}
                assert not [i for i in _imports(path) if any(i.startswith(o) for o in others)]
