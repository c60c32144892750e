"""Opening the archive: its lock, migrations and documentation."""
