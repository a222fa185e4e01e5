"""Certificates of the gallery's theorems, as trees of refutations and bounds of triangles.

``python -m producer`` writes `gallery/Certificates.v`.
"""
