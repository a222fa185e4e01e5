"""Exact extremes of networks of rectifiers, by branch and bound on what is unstable."""
