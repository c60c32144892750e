"""Alert delivery: rules, messages, and the channels that send them."""
