"""Evidence packs: reports with their captures, proofs and a checker that strangers can run without our software."""
