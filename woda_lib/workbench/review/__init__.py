"""What reviewers read: reports, the site and the pages between them."""
