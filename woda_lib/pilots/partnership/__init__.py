"""The partnership: the sharing roadmap, what the pilots showed, and the business case."""
