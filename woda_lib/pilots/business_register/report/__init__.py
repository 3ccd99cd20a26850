"""What the notebooks of the business register show."""
