"""Outside time-stamps: authorities and calendars that date a manifest's hash, so that nobody can antedate a chain."""
