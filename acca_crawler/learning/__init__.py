"""Learning from decisions: proposed masks and weights for the operator's own lexicon, never applied automatically."""
