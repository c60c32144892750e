"""Who may see the review pages: sign-in, sessions, roles."""
