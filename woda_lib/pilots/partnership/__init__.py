"""The partnership: what is shared, what the pilots showed, and whether to fund the office."""
