"""What is decided before a run: which steps are fresh, and why the others are not."""
