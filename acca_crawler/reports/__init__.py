"""What commands print about an article, its history and what is new."""
