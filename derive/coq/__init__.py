"""Claims as Coq theorems: statements, proof scripts, and what Coq says of them."""
