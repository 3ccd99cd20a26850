"""When a pilot runs by itself, and whom it tells."""
