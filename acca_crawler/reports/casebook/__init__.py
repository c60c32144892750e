"""Exports of reports with decisions for people, as XLSX, CSV, JSON Lines or Word."""
