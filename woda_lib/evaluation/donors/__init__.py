"""A treated unit beside the mixture of others that followed it: parts of `synthetic_control`."""
