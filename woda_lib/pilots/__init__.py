"""The domain rules of each pilot: what its words mean, in one package a pilot."""
