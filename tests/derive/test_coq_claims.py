"""Which claims of the catalogue become theorems, and which would lose what they mean."""

from derive.coq.acceptance import exported
from derive.coq.answer import NotExported
from derive.coq_claims import exportable_claims
from identities import find


def test_a_claim_that_counts_operations_is_no_theorem() -> None:
    claims = [find(name) for name in ("inner_product_cost", "sigmoid_derivative")]
    made = exported(exportable_claims((claim, claim.verify()) for claim in claims))
    reason = "it counts operations of a formula, which Coq would not see"
    assert made["inner_product_cost"] == NotExported(reason)
    assert not isinstance(made["sigmoid_derivative"], NotExported)
