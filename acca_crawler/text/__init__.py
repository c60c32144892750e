"""Texts as they are compared: language, normal forms, scripts, sentences, index words. Pure."""
