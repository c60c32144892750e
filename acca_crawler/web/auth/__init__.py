"""Access control for the review pages: sign-in, sessions, roles."""
