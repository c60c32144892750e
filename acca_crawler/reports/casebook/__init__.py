"""Reports taken out of the archive for people: rows with decisions, as XLSX, CSV, JSON Lines or a Word document."""
