"""Shows, on made-up data alone, the whole way from a county to a signed case and its papers."""
