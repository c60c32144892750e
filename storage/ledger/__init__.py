"""What was asked of each outlet and how it answered."""
