"""Complex dependencies: which households will soon need several statutory services."""
