"""An operator's own lexicon file, for the tests that need one."""

OWN = """
kind = "lexicon"
lang = "en"
[torture]
role = "act"
certainty = "high"
terms = [{ lemma = "swallow", re = 'swallow\\W+pose', s = 3, gloss = "stress position" }]
ok = ["swallow pose"]
no = ["a swallow"]
"""
