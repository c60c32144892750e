"""Looking at a site from outside: what answers, what to declare, what a declaration gets wrong."""
