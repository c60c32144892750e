"""Telling people: entries of the outbox become messages by rule, and messages are delivered over channels."""
