"""Everything that can begin an operand, one module per family; `TABLE` is the sum of them."""

from collections.abc import Mapping

from derive.reader.constructs import (
    atoms,
    bigoperators,
    fonts,
    fractions,
    functions,
    groups,
    matrices,
)
from derive.reader.pratt import Construct

TABLE: Mapping[str, Construct] = {
    **atoms.CONSTRUCTS,
    **groups.CONSTRUCTS,
    **fonts.CONSTRUCTS,
    **functions.CONSTRUCTS,
    **bigoperators.CONSTRUCTS,
    **fractions.CONSTRUCTS,
    **matrices.CONSTRUCTS,
}
