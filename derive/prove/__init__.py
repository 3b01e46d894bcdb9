"""The prover: an exact normal form with recorded rules, and nothing else says ``proved``."""
