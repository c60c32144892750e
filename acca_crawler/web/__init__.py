"""The review pages: a plugin for Datasette, the server of the archive."""
