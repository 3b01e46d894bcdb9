"""Reports: one immutable model of what was judged, printed as LaTeX, PDF, text and JSON."""
