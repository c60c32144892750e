"""The review database: users, reviews and the queue."""
