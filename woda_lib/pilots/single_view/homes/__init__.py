"""Homes: where each person lived from when to when, and who lived there together."""
