"""The asset map: what stands where, who needs it, and what could be shared."""
