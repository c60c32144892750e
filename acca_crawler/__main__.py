"""`python -m acca_crawler` is `acca`."""

from acca_crawler.cli import main

main()
