"""24.kg: Kyrgyz news agency in Russian, English and Kyrgyz; its own CMS with schema.org microdata."""

from dataclasses import replace

from acca_crawler.discovery import Feed, Listing
from acca_crawler.outlets import BoilerplateRule, Expected, Poll, Selectors
from spiders._generic import GenericSpider


class Kg24Spider(GenericSpider):
    """24.kg."""

    name = "24kg"
    outlet = replace(
        GenericSpider.outlet,
        title="24.kg",
        home="https://24.kg/",
        hosts=("24.kg", "www.24.kg"),
        countries=("KG",),
        languages=("ru", "en", "ky"),
        telegram=("news24kg",),
        article_path=r"^/(?P<section>[a-z_-]+)/(?P<id>\d{4,})(?:_[^/?]*)?/?$",
        identity=("{id}",),
        timezone="Asia/Bishkek",
        expected=Expected(articles_per_week=300, min_words=15, max_silence_days=3),
        poll=Poll(min_minutes=20, max_minutes=360),
        verified="seen",
        selectors=Selectors(
            title="h1.newsTitle",
            body="div.cont[itemprop=articleBody]",
            published="[itemprop=datePublished][content]",
        ),
        boilerplate=(BoilerplateRule("24kg-on-topic", "links to related articles", css=".poTeme"),),
        note="/rss/all is 404. The sections english and kyrgyzcha are languages.",
    )
    ways = (
        Feed(("/rss/",)),
        Listing(("/",), links="#newslist .one .title a", times=".time", items="#newslist .one"),
    )
