"""Cases: which reports are about the same person, prison, agency or place over the years."""
