"""The partnership: what it shares, what that brought, and what it costs."""
