"""The refuter shares only the terms and the verdict type with the rest of the engine."""

import ast
from pathlib import Path

import pytest

import derive.refute

MODULES = sorted(Path(derive.refute.__file__).parent.glob("*.py"))
ALLOWED = ("derive.refute", "derive.terms", "derive.verdict")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_imports(module: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module or "")
    ours = {name for name in imported if name.split(".")[0] == "derive"}
    assert all(name.startswith(ALLOWED) for name in ours), ours
    assert not any(name.split(".")[0] in ("sympy", "numpy") for name in imported)
