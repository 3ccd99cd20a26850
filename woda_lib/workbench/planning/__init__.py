"""What a run is going to do, and why: decided before any work."""
