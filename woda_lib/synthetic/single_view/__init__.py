"""What partners hold of residents and properties for the single view, and what is true of both."""
