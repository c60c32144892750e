"""The blog of the head of the Association for Human Rights in Central Asia, in Russian."""

from dataclasses import replace

from spiders._blogger import BloggerSpider, country_twins


class AhrcaBlogSpider(BloggerSpider):
    """Nadejda Atayeva's blog."""

    name = "ahrca_blog"
    outlet = replace(
        BloggerSpider.outlet,
        title="Nadejda Atayeva's blog",
        home="https://nadejda-atayeva.blogspot.com/",
        hosts=("nadejda-atayeva.blogspot.com",),
        mirrors=country_twins("nadejda-atayeva"),
        countries=("UZ",),
        languages=("ru", "uz"),
        kind="ngo",
        timezone="Europe/Paris",
        note="The feed's address follows Blogger's convention and has not been seen to work.",
    )
