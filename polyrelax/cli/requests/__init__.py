"""What a verb is asked: its files, input sets and numbers."""
