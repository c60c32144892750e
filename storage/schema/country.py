"""The country of an article: the detected one, else the outlet's country if it has only one."""

COUNTRY = "coalesce(flags.country, CASE WHEN json_array_length(outlets.countries) = 1 THEN outlets.countries ->> 0 END)"
"""SQL over `flags` and `outlets`; two letters, or null if unknown."""
