"""Certificates: claims with evidence that a program of its own checks."""
