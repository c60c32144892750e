"""What was requested from each outlet, and how it answered."""
