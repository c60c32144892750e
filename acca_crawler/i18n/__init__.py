"""Localisation of messages and review pages."""
