"""Looking at a site from outside: what answers, what to declare or to correct."""
