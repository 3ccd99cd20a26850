"""What caseworkers decided about a list: kept as they decide, and looked at as a whole."""
