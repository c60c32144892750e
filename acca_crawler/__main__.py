"""`python -m acca_crawler` runs `acca`."""

from acca_crawler.entry import main

main()
