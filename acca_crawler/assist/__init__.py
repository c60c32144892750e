"""Outside help with reading, off by default: machine translation and second opinions of services in acca.toml."""
