"""Text processing: language identification, normalisation, scripts, sentences, index words. Pure."""
