"""The best view of a person: of many values the one that stands on the page, and who differs."""
