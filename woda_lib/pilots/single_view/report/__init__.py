"""What reviewers read of the build: how much of the county is seen, and how well."""
