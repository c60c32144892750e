"""The categories of the site modelled on ACCA: the same tree in English and in Russian."""

from __future__ import annotations

from acca_crawler.newsroom.sites.wordpress import WordPressTerm

_TREE: tuple[tuple[int, str, str, int, str, str], ...] = (
    (2, "News", "news", 0, "Новости", "novosti"),
    (3, "Central Asia", "central-asia", 0, "Центральная Азия", "centralnaya-aziya"),
    (11, "Kazakhstan", "kazakhstan", 3, "Казахстан", "kazahstan"),
    (12, "Kyrgyzstan", "kyrgyzstan", 3, "Кыргызстан", "kyrgyzstan-ru"),
    (13, "Tajikistan", "tajikistan", 3, "Таджикистан", "tadzhikistan"),
    (14, "Uzbekistan", "uzbekistan", 3, "Узбекистан", "uzbekistan-ru"),
    (15, "Turkmenistan", "turkmenistan", 3, "Туркменистан", "turkmenistan-ru"),
    (20, "Torture", "torture", 0, "Пытки", "pytki"),
    (21, "Torture Kazakhstan", "torture-kazakhstan", 20, "Пытки Казахстан", "pytki-kazahstan"),
    (22, "Torture Kyrgyzstan", "torture-kyrgyzstan", 20, "Пытки Кыргызстан", "pytki-kyrgyzstan"),
    (23, "Torture Tajikistan", "torture-tajikistan", 20, "Пытки Таджикистан", "pytki-tadzhikistan"),
    (24, "Torture Uzbekistan", "torture-uzbekistan", 20, "Пытки Узбекистан", "pytki-uzbekistan"),
    (25, "Torture Turkmenistan", "torture-turkmenistan", 20, "Пытки Туркменистан", "pytki-turkmenistan"),
    (30, "Censorship", "censorship", 0, "Цензура", "cenzura"),
    (31, "Extremism", "extremism", 0, "Экстремизм", "ekstremizm"),
    (32, "Prisons", "prisons", 0, "Тюрьмы", "tyurmy"),
    (33, "People cry", "people-cry", 0, "Крик людей", "krik-lyudej"),
)
_RUSSIAN_IDS_FROM = 100

CATEGORIES: tuple[WordPressTerm, ...] = tuple(
    WordPressTerm(number, name, slug, parent, "en") for number, name, slug, parent, _, _ in _TREE
) + tuple(
    WordPressTerm(number + _RUSSIAN_IDS_FROM, name, slug, parent + _RUSSIAN_IDS_FROM if parent else 0, "ru")
    for number, _, _, parent, name, slug in _TREE
)
