"""Where things are: boundaries, maps that open offline, and what lies near what."""
