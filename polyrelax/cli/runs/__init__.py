"""Relaxations run for a verb: estimated before they start, metered and stopped."""
