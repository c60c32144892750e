"""Unattended operation: the run that cron starts, its schedule, alarms and checks."""
