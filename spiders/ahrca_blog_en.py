"""The blog of the head of the Association for Human Rights in Central Asia, in English."""

from dataclasses import replace

from spiders._blogger import BloggerSpider, country_twins


class AhrcaBlogEnSpider(BloggerSpider):
    """Nadejda Atayeva's blog in English."""

    name = "ahrca_blog_en"
    outlet = replace(
        BloggerSpider.outlet,
        title="Nadejda Atayeva's blog in English",
        home="https://nadejda-atayeva-en.blogspot.com/",
        hosts=("nadejda-atayeva-en.blogspot.com",),
        mirrors=country_twins("nadejda-atayeva-en"),
        countries=("UZ",),
        languages=("en",),
        kind="ngo",
        timezone="Europe/Paris",
        note="The feed's address follows Blogger's convention and has not been seen to work.",
    )
