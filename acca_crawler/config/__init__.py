"""The operator's acca.toml."""
