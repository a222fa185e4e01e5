"""Continuous piecewise linear neurons, one file for each kind."""
