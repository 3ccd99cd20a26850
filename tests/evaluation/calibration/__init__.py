"""How often intervals hold a planted truth: made-up histories, methods for thousands at once."""
