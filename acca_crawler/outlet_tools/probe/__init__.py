"""Probing a site from outside: which ways answer, what to declare or correct."""
