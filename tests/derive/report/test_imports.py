import subprocess
import sys

#: The modules that the others are reached from.
MODULES = ("json_report", "latex_terms", "pdf", "plots", "terminal")


def test_reports_know_nothing_of_proof_search_and_load_nothing_heavy() -> None:
    code = (
        "import importlib, sys; "
        f"[importlib.import_module('derive.report.' + name) for name in {MODULES}]; "
        "print(*sorted(n for n in sys.modules if n.startswith('derive.') "
        "and not n.startswith(('derive.report', 'derive.terms')))); "
        "print(*({'sympy', 'numpy', 'typst', 'matplotlib', 'flint'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["derive.coq derive.coq.answer derive.verdict", ""]
