"""The polyhedral complex of a network over a polytope: cells, faces, vertices and values."""
