"""What commands and pages read from the archive."""
