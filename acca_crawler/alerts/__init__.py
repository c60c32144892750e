"""From the outbox to people: rules, messages, and channels that deliver them."""
