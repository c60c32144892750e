"""One file per outlet; families' bases begin with an underscore. Scrapy loads these by name, nobody imports them."""
