"""The review pages: a Datasette server on the archive, with a plugin of ours that lets people in and decide."""
