"""NumPy reference networks and numerical differentiation, for the cross-check of claims.

Every function is written for clarity and works on real and on complex arrays, so that the
complex step can be sent through it; nothing here depends on the rest of the engine.
"""
