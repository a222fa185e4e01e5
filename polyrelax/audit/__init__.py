"""Audits: what others say of networks, held against exact numbers."""
