"""The homework that the catalogue judges: its document, and how its names and ours correspond.

The document is a transcription of the formulas alone, one section a part; what a reader knows of
it stands in the declarations beside it.  Reading it takes a while and much of ``derive``, so both
are imported only when asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sympy import Expr, KroneckerDelta, sign

from derive.judge import SEED
from derive.limits import Limits
from derive.sympy_terms import Tensor
from identities import notation
from identities.network import c, o_a
from identities.notation import index, m, softmax_entry

if TYPE_CHECKING:
    from derive.written import Correspondence, WrittenDocument

#: The names of the document and of its declarations, beside this module.
DOCUMENT, DECLARATIONS = "homework3.md", "homework3.declarations"

#: The class of the example where the text takes it as known.
CLASS = index("k", m)


@cache
def correspondence() -> "Correspondence":
    """The one table of names and of known differences between the catalogue and the homework."""
    from derive.written import Correspondence, Instance

    return Correspondence(
        names={
            "W1": r"\mathbf{W}^{(1)}",
            "b1": r"\mathbf{b}^{(1)}",
            "W2": r"\mathbf{W}^{(2)}",
            "b2": r"\mathbf{b}^{(2)}",
            "h_a": r"\mathbf{h}^a",
            "h_s": r"\mathbf{h}^s",
            "o_a": r"\mathbf{o}^a",
        },
        names_in={
            "1m": {"g": r"\nabla_{\mathbf{y}} L", "s": r"S(\mathbf{x})"},
            "2p": {"W1": r"\mathbf{w}^{(1)}"},
        },
        meant={
            "o^s": Instance(
                "$o^s$ is the softmax of $o^a$, not what equation (6) says as it stands",
                Tensor(softmax_entry(lambda a: o_a[a], c, m), c),
            ),
        },
        instances={
            "y": Instance(
                "the target is one-hot at the class $k$",
                Tensor(KroneckerDelta(c, CLASS), c),
            ),
        },
    )


def read_homework(*, seed: int = SEED, limits: Limits | None = None) -> "WrittenDocument":
    """The homework, read from its document under its declarations, every step judged."""
    from derive.check import check_document
    from derive.document import outside_blocks, parse
    from derive.written import WrittenDocument

    folder = files(__package__)
    document = parse((folder / DOCUMENT).read_text(encoding="utf-8"), DOCUMENT, "md")
    told = (folder / DECLARATIONS).read_text(encoding="utf-8")
    blocks, _ = outside_blocks(told, DECLARATIONS, document)
    document = replace(document, blocks=(*document.blocks, *blocks))
    return WrittenDocument.of(document, check_document(document, seed=seed, limits=limits))


def functions_for_second_reader() -> Mapping[str, Callable[[Expr], Expr]]:
    """The functions that the homework defines, by LaTeX name, on SymPy expressions."""
    return {
        "\\sigma": notation.sigmoid,
        "g": notation.relu,
        "sign": sign,
        "softplus": notation.softplus,
    }
