"""What services tell of homes in a made-up county, and the mechanism that was planted in it."""
