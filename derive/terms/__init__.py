"""Typed index-notation terms: the one language that provers, refuters and reports share."""
