"""Things that happen again: how concentrated they are, and how soon they repeat."""
