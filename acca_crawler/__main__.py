"""`python -m acca_crawler` runs `acca`."""

from acca_crawler.cli import main

main()
