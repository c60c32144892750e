"""What goes on between us and an outlet: proxies, throttling, evidence, blocks and absences."""
