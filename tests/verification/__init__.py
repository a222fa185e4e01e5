"""Verdicts about networks."""
