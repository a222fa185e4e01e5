"""Convex relaxations of ReLU networks, one family per file."""
