"""What every verb does with its terminal: options, results, errors, progress, processes."""
