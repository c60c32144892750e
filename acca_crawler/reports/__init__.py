"""Command output about articles, their history and what is new."""
