"""Exact rational scalars, vectors and matrices."""
