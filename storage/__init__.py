"""The archive: what was seen, when, and how we know. Imports only value types from the application."""
