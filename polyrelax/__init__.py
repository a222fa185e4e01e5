"""Exact convex relaxations of ReLU networks."""
