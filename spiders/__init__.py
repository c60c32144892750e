"""One file per outlet; family bases begin with an underscore. Scrapy loads them by name; never import them."""
