"""The near misses that are tried for a failing step."""
