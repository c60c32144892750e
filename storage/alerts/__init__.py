"""The alert outbox."""
