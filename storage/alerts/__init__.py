"""The outbox of alerts."""
