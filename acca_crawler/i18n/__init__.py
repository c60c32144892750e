"""The languages of messages and review pages."""
