"""The business register: enterprises and their sites, growth, and local resilience."""
