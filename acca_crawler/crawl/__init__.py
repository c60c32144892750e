"""The crawl: one Scrapy spider per outlet, from discovery to the pipelines."""
