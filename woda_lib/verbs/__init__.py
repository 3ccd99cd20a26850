"""The nouns of the `woda` command, a file each: their verbs, without logic of their own."""
