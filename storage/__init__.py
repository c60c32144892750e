"""The archive: what was seen, when, and how we know. Imports nothing of the application but its values."""
