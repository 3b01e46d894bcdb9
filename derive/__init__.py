"""derive: a derivation checker for the mathematics of machine learning.

    >>> import sympy
    >>> from derive import assert_proved
    >>> x = sympy.Symbol("x", real=True)
    >>> assert_proved(sympy.Eq(sympy.sin(x) ** 2 + sympy.cos(x) ** 2, 1, evaluate=False))
    Verdict(proved by normal form)

Names are imported when they are asked for, so that ``import derive`` takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.assertions import assert_proved as assert_proved
    from derive.claim import Claim as Claim
    from derive.claim import Reading as Reading
    from derive.judge_sympy import judge_claim as judge_claim
    from derive.judge_sympy import judge_sympy as judge_sympy
    from derive.sympy_terms import OperationCount as OperationCount
    from derive.sympy_terms import Tensor as Tensor
    from derive.verdict import Kind as Kind
    from derive.verdict import Verdict as Verdict

__version__ = "0.1.0"

_HOMES = {
    "Claim": "derive.claim",
    "Kind": "derive.verdict",
    "OperationCount": "derive.sympy_terms",
    "Reading": "derive.claim",
    "Tensor": "derive.sympy_terms",
    "Verdict": "derive.verdict",
    "assert_proved": "derive.assertions",
    "judge_claim": "derive.judge_sympy",
    "judge_sympy": "derive.judge_sympy",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'derive' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
