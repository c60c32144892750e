"""An operator's own lexicon file, for the tests that need one."""

OWN = """
kind = "lexicon"
lang = "en"
[torture]
role = "act"
certainty = "high"
terms = [{ lemma = "swallow", pattern = 'swallow\\W+pose', strength = 3, gloss = "stress position" }]
must_match = ["swallow pose"]
must_not_match = ["a swallow"]
"""
