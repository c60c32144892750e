"""Configuration: the operator's acca.toml."""
