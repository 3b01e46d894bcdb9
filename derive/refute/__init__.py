"""The search for counterexamples: exact points, certified by ball arithmetic.

Independent of the provers: it shares only the terms and the verdict type with them, and it
differentiates by dual numbers, never by rules for expressions.
"""
