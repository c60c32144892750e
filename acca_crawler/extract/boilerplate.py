"""Boilerplate rules: each names what it removes and why.

A rule with `css` removes elements before the text is extracted. A rule with `pattern` removes paragraphs that match
in full, so a sentence that only mentions cookies, donations or feedback stays. Whatever a rule removes is stored
with the revision under the rule's name (`Extraction.stripped`), so a wrong rule loses nothing. An outlet adds its
own rules in `Outlet.boilerplate`; they run first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import cast

from cssselect.parser import Class, Hash, parse
from lxml.html import HtmlElement

from acca_crawler.extract.document import compiled, select
from acca_crawler.extract.paragraphs import Paragraph, inline
from acca_crawler.items import Stripped
from acca_crawler.outlets import BoilerplateRule

CAPTIONS = ".wp-caption-text, figcaption, .wp-block-image figcaption, .media-image .caption, .photo-credit"

MAX_LINE = 360  # characters: no general rule's pattern describes a longer paragraph
# `[^.]` would miss some lines of a link list: a headline may contain a full stop ("Mr. Omarov").
_HEADLINE = r"[^\n]{0,220}"

READ_ALSO = "|".join(
    (
        # English
        r"read (?:also|more|next)",
        r"(?:see|watch|read) also",
        r"also read",
        r"related(?: (?:articles?|stories|posts|news|content|topics))?",
        r"more on (?:this|the) topic",
        # Russian
        r"(?:читайте|читать|смотрите|смотреть|слушайте) (?:также|ещ[её]|далее|по теме)",
        r"(?:материалы? |новости |ещ[её] )?по теме",
        r"подробнее",
        r"(?:ранее|раньше) мы (?:писали|сообщали|рассказывали)(?: об этом)?",
        r"тема",
        r"продолжение",
        # Kazakh
        r"(?:тағы|осыны да|сондай-ақ) (?:да )?оқыңыз(?:дар)?",
        r"оқи отырыңыз(?:дар)?",
        r"тақырыпқа орай",
        r"толығырақ",
        r"оқыңыз(?:дар)?",
        r"tağy oqyñyz",
        # Kyrgyz
        r"(?:дагы|муну да|ошондой эле) (?:дагы )?окуңуз(?:дар)?",
        r"окуй отуруңуз(?:дар)?",
        r"окуңуз(?:дар)?",
        r"кененирээк",
        # Uzbek, both scripts
        r"(?:(?:шунингдек|яна|буни ҳам)[,]? )?ўқинг(?:лар)?",
        r"(?:(?:shuningdek|yana|buni ham)[,]? )?o[ʻʼ'’‘`]qing(?:lar)?",
        r"батафсил(?:роқ)?|batafsil(?:roq)?",
        r"мавзуга оид(?: (?:хабарлар|мақолалар))?",
        r"mavzuga oid(?: (?:xabarlar|maqolalar))?",
        r"(?:аввалроқ|avvalroq) (?:хабар берганимиздек|xabar berganimizdek)",
        # Tajik
        r"(?:(?:инчунин|ҳамчунин|ҳамчунон|боз|инро ҳам)[,]? )?(?:бихонед|хонед)",
        r"муфассал(?:тар)?",
        r"(?:дар ин мавзӯъ|маводи марбут|хабарҳои марбут|мақолаҳои марбут)",
        r"қаблан хабар дода будем",
        # Turkmen
        r"(?:şeýle hem|ýene|muny hem)[,]? okaň",
        r"giňişleýin",
        # Karakalpak
        r"(?:соның менен бирге|sonıń menen birge) (?:оқың|oqıń)",
    )
)

_SOCIAL = (
    r"\b(?:telegram|whatsapp|facebook|instagram|twitter|youtube|viber|tik ?tok|google news|x|vk|"
    r"телеграм\w*|ватсап|фейсбук\w*|инстаграм\w*|твиттер\w*|ютуб\w*|тикток\w*|вконтакте|одноклассник\w+)\b"
)

RULES: tuple[BoilerplateRule, ...] = (
    BoilerplateRule(
        "review-widget",
        "Readers' marks and comments by the Review Schema plugin: its criteria are words such as 'Актуальность', "
        "its form says 'Leave feedback about this', 'PROS', 'CONS', 'Add Field'.",
        css=".rtrs-review-wrap, .rtrs-review-box, .rtrs-review-form, .rtrs-review-list, .rtrs-feedback-input, "
        '.rtrs-pros, .rtrs-cons, .rtrs-field-add, .rtrs-remove-btn, .rtrs-rating-category, [name="rt_pros[]"], '
        '[name="rt_cons[]"]',
        pattern=r"(?i)leave (?:your )?feedback about this|оставьте отзыв об этом|\+? ?add field",
    ),
    BoilerplateRule(
        "author-box",
        "Who the author is, the same under every article: it names human rights, police and countries that the "
        "article may have nothing to do with.",
        css=".about-author, .author-box, .author-bio, .author-description, .saboxplugin-wrap, .td-author-box, "
        ".abh_box, .m-a-box, .pp-multiple-authors-boxes-wrapper, .post-author-box, .entry-author-box",
        pattern=r"(?i)about the authors?|об авторе|автор туралы|автор жөнүндө|muallif haqida|муаллиф ҳақида|"
        r"дар бораи муаллиф|awtor barada|(?:все|другие) (?:статьи|материалы) автора|"
        r"(?:more|all) (?:posts|articles|stories) by [^\n.]{1,60}|автордың (?:басқа|барлық) мақалалары|"
        r"автордун (?:башка|бардык) макалалары|muallifning (?:boshqa|barcha) maqolalari|"
        r"муаллифнинг (?:бошқа|барча) мақолалари|(?:дигар мақолаҳои|ҳамаи мақолаҳои) муаллиф|"
        r"awtoryň (?:beýleki|ähli) makalalary",
    ),
    BoilerplateRule(
        "share-bar",
        "Buttons that send the page to social networks.",
        css=".share-box-area, .share-box, .share-buttons, .social-share, .sharedaddy, .addtoany_share_save_container, "
        ".a2a_kit, .heateor_sss_sharing_container, .essb_links, .td-post-sharing, .post-share, .share--box, "
        ".ya-share2, .yashare-auto-init, .social-likes, .addthis_toolbox, .shariff",
        pattern=rf"(?i)(?:share(?: (?:this|on|with|via))?|поделиться|поделитесь|бөлісу|бөлісіңіз|бөлүшүү|бөлүшүңүз|"
        rf"улашинг|улашиш|ulashing|ulashish|мубодила(?: кунед)?|паҳн кунед|ҳамрасонӣ(?: кунед)?|paýlaş|"
        rf"paýlaşyň)(?:\s*(?:this (?:article|post|story)|[:：]|on|в|"
        rf"{_SOCIAL}|,|/|\||и|and))*",
    ),
    BoilerplateRule(
        "related",
        "Cards of other articles, whose headlines would be read as this article's.",
        css=".related-post, .related-posts, .related-articles, .related-news, .jp-relatedposts, .yarpp-related, "
        ".yarpp, .td_block_related_posts, .post-related, .crp_related, .rp4wp-related-posts, .wsw__embed, "
        ".wsw .media-block, .wsw .media-block-wrap, .also-read, .read-also, .read-more-block, .poTeme, "
        ".recommended-posts, .wp-block-latest-posts, .inline-related, .elementor-widget-posts",
    ),
    BoilerplateRule(
        "read-also",
        "A line in the middle of the text that leads to another article, with that article's headline.",
        pattern=rf"(?i)[\W_]*(?:{READ_ALSO})\s*(?:[:：–—→»>■]{_HEADLINE}|\.{{0,3}})",
    ),
    BoilerplateRule(
        "comments",
        "Readers' comments and the form for them: not the outlet's report.",
        css="#comments, #respond, .comments-area, .comment-respond, .comment-list, .comment-form, #disqus_thread, "
        ".fb-comments, #ymla-section, .comments-parent, .wpdiscuz_top_clearing, #wpdcom",
        pattern=r"(?i)leave a (?:reply|comment)(?: cancel reply)?|cancel reply|(?:добавить|оставить) комментарий|"
        r"комментарии(?: \(\d+\))?|пікір қалдыру|пікір жазу|пікірлер(?: \(\d+\))?|комментарий калтыруу|пикир калтыруу|"
        r"пикирлер(?: \(\d+\))?|izoh qoldiri(?:sh|ng)|изоҳ қолдири(?:ш|нг)|izohlar(?: \(\d+\))?|изоҳлар(?: \(\d+\))?|"
        r"(?:шарҳ|назар)(?:и худро)? (?:гузоштан|гузоред|нависед)|(?:назар|шарҳ)(?:ҳо)?(?: \(\d+\))?|"
        r"фикр (?:билдири(?:ш|нг)|қолдири(?:ш|нг))|fikr (?:bildiri(?:sh|ng)|qoldiri(?:sh|ng))|teswir (?:ýazyň|"
        r"galdyryň)|teswirler(?: \(\d+\))?|"
        r"your email address will not be published\..{0,80}|"
        r"ваш (?:адрес )?e-?mail не будет опубликован\..{0,80}",
    ),
    BoilerplateRule(
        "newsletter",
        "Invitations to subscribe.",
        css=".newsletter, .newsletter-signup, .newsletter-form, .mc4wp-form, .mailchimp-form, .subscribe-form, "
        ".subscribe-block, .tnp, .wp-block-jetpack-subscriptions, .jetpack_subscription_widget, .mailpoet_form",
        pattern=r"(?i)(?:please )?(?:subscribe|sign up) (?:to|for) (?:our|the) (?:\w+ ){0,3}"
        r"(?:newsletter|mailing list|channel|updates)[^.]{0,80}[.!]?|"
        r"подпи(?:шитесь|сывайтесь|ши) на (?:наш[уи]?|нашу еженедельную) ?(?:\w+ ){0,2}"
        r"(?:рассылк[уи]|новости)[^.]{0,80}[.!]?|"
        r"(?:біздің )?(?:жаңалықтарымызға|таратылымымызға|ақпараттық бюллетенге) жазылыңыз(?:дар)?[.!]?|"
        r"(?:биздин )?(?:жаңылыктарыбызга|бюллетеньге|таркатмага) (?:жазылыңыз|катталыңыз)(?:дар)?[.!]?|"
        r"(?:yangiliklarimizga|xabarnomamizga|pochta xabarnomasiga) obuna bo[ʻʼ'’‘`]ling[.!]?|"
        r"(?:янгиликларимизга|хабарномамизга|почта хабарномасига) обуна бўлинг[.!]?|"
        r"ба (?:хабарнома|паёмнома|навидҳо)\w*(?: мо)? обуна шавед[.!]?|"
        r"(?:habarnamamyza|täzeliklerimize) (?:ýazylyň|agza boluň)[.!]?",
    ),
    BoilerplateRule(
        "donation",
        "Requests for money for the outlet, repeated on every page.",
        css=".donate, .donation, .donate-block, .donation-form, .donate-box, .give-form-wrap, .support-us, "
        ".wp-block-jetpack-donations",
        pattern=r"(?i)(?:please )?(?:donate|support us|make a donation)(?: (?:now|today|here))?[.!]?|"
        r"(?:please )?(?:support|help) (?:our|independent) (?:work|team|newsroom|journalism|media)(?: [^.]{0,80})?[.!]|"
        r"(?:поддержите|поддержать) (?:нас|нашу (?:работу|редакцию)|редакцию|независимую журналистику)"
        r"(?: [^.]{0,80})?[.!]?|(?:бізді|редакцияны|тәуелсіз журналистиканы) қолдаңыз(?:дар)?[.!]?|"
        r"(?:бизди|редакцияны|көз карандысыз журналистиканы) колдоңуз(?:дар)?[.!]?|"
        r"(?:bizni|tahririyatni|mustaqil jurnalistikani) qo[ʻʼ'’‘`]llab-quvvatlang[.!]?|"
        r"(?:бизни|таҳририятни|мустақил журналистикани) қўллаб-қувватланг[.!]?|"
        r"(?:моро|таҳририятро|рӯзноманигории мустақилро) дастгирӣ кунед[.!]?|"
        r"(?:bizi|redaksiýany|garaşsyz žurnalistikany) goldaň[.!]?",
    ),
    BoilerplateRule(
        "appeal",
        "The outlet's standing offer of help to victims: its words are a report's words, and it reports nothing.",
        pattern=r"(?i)(?:any person|anyone|everyone)\b[^.]{0,80}\bwho believes? that (?:his|her|their|his or her) "
        r"rights (?:have been|were|are) violated[^.]{0,20} can (?:apply|turn|appeal|write) to us[^.]{0,40}\.?|"
        r"(?:любой|каждый) (?:человек|житель)\b[^.]{0,80}права (?:были )?нарушены"
        r"[^.]{0,40}может обратиться к нам[^.]{0,40}\.?",
    ),
    BoilerplateRule(
        "cookie-banner",
        "Consent to cookies.",
        css="#cookie-notice, .cookie-notice, .cookie-banner, .cookie-consent, .cookie-law-info-bar, "
        "#cookie-law-info-bar, .cky-consent-container, #onetrust-banner-sdk, .cmplz-cookiebanner, .cc-window, "
        "#gdpr-cookie-notice, .moove-gdpr-info-bar",
        pattern=r"(?i)(?:this (?:web)?site|we) uses? cookies?\b[^\n]{0,300}"
        r"(?:accept|agree|learn more|privacy policy|ok)[.!]?|"
        r"(?:этот|наш|данный) сайт использует (?:файлы )?cookies?\b[^\n]{0,300}|мы используем (?:файлы )?cookies?\b"
        r"[^\n]{0,300}(?:принять|соглас\w+|подробнее|хорошо|ok)[.!]?|"
        r"(?:бұл|біздің) сайт(?:та)? cookie[^\n]{0,200}|(?:бул|биздин) сайт(?:та)? cookie[^\n]{0,200}|"
        r"(?:bu|bizning) sayt(?:da)? cookie[^\n]{0,200}|(?:бу|бизнинг) сайт(?:да)? cookie[^\n]{0,200}|"
        r"ин (?:сомона|сайт) (?:аз )?(?:файлҳои )?cookie[^\n]{0,200}|"
        r"сомонаи мо (?:аз )?(?:файлҳои )?cookie[^\n]{0,200}|bu saýt(?:da)? cookie[^\n]{0,200}",
    ),
    BoilerplateRule(
        "follow",
        "Invitations to follow the outlet on social networks.",
        css=".follow-us, .social-links, .social-follow, .tg-subscribe, .telegram-banner, .follow-block",
        pattern=rf"(?i)(?:please )?(?:follow|join|find|like|subscribe to) us\b[^.\n]{{0,80}}{_SOCIAL}"
        rf"[^.\n]{{0,80}}[.!:]?|"
        rf"follow us[.!:]?|"
        rf"(?:подпи(?:шитесь|сывайтесь|ши)|следите|читайте|присоединяйтесь)\b[^.\n]{{0,60}}"
        rf"\b(?:нас|нам|наш\w*|канал\w*|"
        rf"новост\w+|страниц\w+|аккаунт\w*)\b[^.\n]{{0,80}}{_SOCIAL}[^.\n]{{0,120}}[.!]?|"
        rf"[^.\n]{{0,120}}{_SOCIAL}[^.\n]{{0,60}}(?:жазылыңыз(?:дар)?|жазылыңыздар|тіркеліңіз(?:дер)?|"
        rf"кошулуңуз(?:дар)?|"
        rf"катталыңыз(?:дар)?|obuna bo[ʻʼ'’‘`]ling|обуна бўлинг|обуна шавед|ýazylyň|agza boluň)[.!]?",
    ),
    BoilerplateRule(
        "skip-link",
        "Jump marks for screen readers.",
        css="a.skip-link, .skip-link, .screen-reader-text, .sr-only, .visually-hidden, [hidden]",
        pattern=r"(?i)(?:skip|jump) to (?:main |the )?(?:content|navigation|search|footer)|перейти к "
        r"(?:содержимому|контенту|содержанию)|accessibility links|ссылки доступа|доступность ссылок|линктер|"
        r"линклар|linklar|sepleriň elýeterliligi|пайвандҳои дастрасӣ|қолжетімділік сілтемелері|"
        r"асосий (?:контентга|мазмунга) ўтиш|"
        r"asosiy (?:kontentga|mazmunga) o[ʻʼ'’‘`]tish|гузариш ба (?:матни асосӣ|муҳтавои асосӣ|мундариҷа)|"
        r"негізгі (?:мазмұнға|контентке) өту|негизги (?:мазмунга|контентке) өтүү|esasy mazmuna geç(?:iň)?",
    ),
    BoilerplateRule(
        "service-line",
        "Fixed lines of broadcasters' pages: players without a source, live and breaking-news banners.",
        css=".c-mmp__poster, .c-spinner, .media-download, .media-pholder, .player-and-links, .c-mmp",
        pattern=r"(?i)no media source currently available|чукул кабар!|göni efirde|soňky habar|шошилинч хабар|"
        r"embed share|the code has been copied to your clipboard\.?|the url has been copied to your clipboard\.?|"
        r"no live streaming currently available|auto(?: ?\d{3,4}p){2,8}|"
        r"\d{1,2}:\d{2}(?::\d{2})? ?/ ?\d{1,2}:\d{2}(?::\d{2})?|"
        r"(?:your browser does not support|ваш браузер не поддерживает)[^\n]{0,80}|"
        r"(?:listen to|слушать) (?:this (?:article|story)|статью|новость)|(?:play|воспроизвести) (?:video|видео)|"
        r"shoshilinch xabar|хабари (?:таъҷилӣ|фаврӣ)|шұғыл хабар|видеони кўриш|videoni ko[ʻʼ'’‘`]rish|"
        r"видеоро (?:тамошо кунед|бинед)|видеоны көру|видеону көрүү|wideony gör(?:üň)?|"
        r"браузерингиз [^\n]{0,40}қўллаб-қувватламайди|brauzeringiz [^\n]{0,40}qo[ʻʼ'’‘`]llab-quvvatlamaydi|"
        r"браузери шумо [^\n]{0,60}(?:дастгирӣ|пуштибонӣ) намекунад|"
        r"мақаланы тыңдау|макаланы угуу|maqolani tinglash|мақолани тинглаш|мақоларо гӯш кунед|makalany diňlemek",
    ),
    BoilerplateRule(
        "live-blog",
        "Buttons and states of a running report: not what it reports.",
        pattern=r"(?i)(?:load|show) (?:more|new|older) (?:updates?|posts?|entries)|live updates?|"
        r"(?:показать|загрузить) (?:ещё|еще|новые сообщения)|(?:онлайн|текстовая трансляция|трансляция) "
        r"(?:завершена|завершён|окончена)[.!]?|(?:онлайн|прямая|текстовая)[- ]трансляция|прямой эфир|тікелей эфир|"
        r"тағы көрсету|түз эфир|дагы көрсөтүү|jonli efir|yana ko[ʻʼ'’‘`]rsatish|жонли эфир|яна кўрсатиш|пахши зинда|"
        r"боз нишон диҳед|бештар нишон диҳед|пахши мустақим|кўпроқ кўрсатиш|ko[ʻʼ'’‘`]proq ko[ʻʼ'’‘`]rsatish|"
        r"(?:жонли|матнли) (?:трансляция|эфир) (?:тугади|якунланди)[.!]?|(?:jonli|matnli) (?:translyatsiya|efir) "
        r"(?:tugadi|yakunlandi)[.!]?|пахш(?:и зинда)? (?:ба охир|ба анҷом) расид[.!]?|göni ýaýlym|ýene görkez|"
        r"(?:last updated|обновлено|жаңартылды|жаңыланды|yangilandi|янгиланди|навсозӣ шуд|нав карда шуд|"
        r"täzelendi)[\s:]{0,3}"
        r"(?:at |в )?\d{1,2}[:.]\d{2}",
    ),
    BoilerplateRule(
        "error-report",
        "Invitations to report a mistake in the text.",
        css=".mistape_caption, .mistake-block, .orphus, .spelling-error",
        pattern=r"(?i)[^\n]{0,160}c(?<=\bc)trl ?\+ ?enter\b[^\n]{0,80}|(?:нашли|заметили) ошибку\?[^\n]{0,120}|"
        r"(?:found|spotted) (?:a mistake|an error|a typo)\?[^\n]{0,120}|қате таптыңыз ба\?[^\n]{0,120}|"
        r"ката таптыңызбы\?[^\n]{0,120}|xato(?:lik)? topdingizmi\?[^\n]{0,120}|хато(?:лик)? топдингизми\?[^\n]{0,120}|"
        r"хато ёфтед\?[^\n]{0,120}|ýalňyşlyk tapdyňyzmy\?[^\n]{0,120}",
    ),
    BoilerplateRule(
        "credit",
        "Who took a photo or made a video, as a line of its own.",
        pattern=r"(?i)(?:(?:главное|обложка|иллюстрация)\W{1,3})?(?:photos?|images?|video|illustrations?|фото|видео|"
        r"иллюстрация|коллаж|сурет|"
        r"бейне|сүрөт|rasm|surat|расм|сурат|акс|аксҳо|наворҳо?|суратлар|foto|suratlar)\s*(?:(?:by|courtesy of)\b|"
        r"[:：/©])[^\n.!?«»“”\"]{1,60}",
    ),
    BoilerplateRule(
        "advert",
        "Advertisements.",
        css=".adsbygoogle, .advertisement, .ad-container, .advert, .code-block-ad, .banner-ad, .google-auto-placed, "
        ".ad-wrapper, .adfox, .ai_advert, .td-a-rec, .td-adspot-title",
        pattern=r"(?i)advertisement|реклама|жарнама|reklama|таблиғот|реклама ҳуқуқи асосида|reklama huquqi asosida|"
        r"скопировать ссылку|copy link|print(?: page)?|распечатать|чоп этиш|chop etish|чоп кардан|"
        r"ҳаволадан нусха олиш|havoladan nusxa olish|нусхаи пайванд",
    ),
    BoilerplateRule(
        "meta-line",
        "Keywords, counters, neighbours and other boilerplate that themes print around the body.",
        css=".meta-tags, .tags-links, .entry-tags, .post-tags, .td-post-source-tags, .post-views, .post-navigation, "
        ".nav-links, .breadcrumbs, .breadcrumb, .td-post-next-prev, .entry-navigation, nav",
        pattern=r"(?i)(?:tags?|теги|метки|тэги|тегтер|ключевые слова|кілт сөздер|ачкыч сөздөр|калит сўзлар|"
        r"kalit so[ʻʼ'’‘`]zlar|калидвожаҳо|вожаҳои калидӣ|açar sözler|teglar|теглар|барчаспҳо|bellikler)\s*:"
        r"[^\n]{0,200}|"
        r"(?:просмотр\w*|views?|көрілім|көрүүлөр|ko[ʻʼ'’‘`]rishlar|кўришлар|кўрилди|ko[ʻʼ'’‘`]rildi|тамошо|дида шуд|"
        r"бознигарӣ|görüldi)\s*+:?\s*+\d[\d\s.,]*",
    ),
)


_GENERAL = frozenset(RULES)


class StripLog:
    """What the rules removed from a page, in order."""

    def __init__(self) -> None:
        self.pieces: list[Stripped] = []

    def add(self, rule: str, text: str) -> None:
        if text:
            self.pieces.append(Stripped(rule, text))


def strip_elements(
    scope: HtmlElement, rules: Iterable[BoilerplateRule], log: StripLog, keep: tuple[HtmlElement, ...] = ()
) -> None:
    """Remove what the rules' selectors match inside the scope, except elements that contain one of `keep`."""
    protected = _with_ancestors(keep)
    by_key = _elements_by_key(scope)
    for name, key, css in _element_rules(tuple(rules)):
        if key.startswith((".", "#")) and key not in by_key:
            continue
        for element in by_key.get(key, ()) if css == key else select(scope, css):
            if element is scope or element in protected or element.getparent() is None:
                continue
            if _within(element, scope):
                log.add(name, inline(element))
                element.drop_tree()


def _with_ancestors(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    """Return the elements and all their ancestors, each looked at once however deeply they are nested."""
    found: set[HtmlElement] = set()
    for element in elements:
        here: HtmlElement | None = element
        while here is not None and here not in found:
            found.add(here)
            here = here.getparent()
    return found


def strip_paragraphs(found: list[Paragraph], rules: Iterable[BoilerplateRule], log: StripLog) -> list[Paragraph]:
    """Return the paragraphs that no rule's pattern matches in full.

    Links that follow a bare "Read also:" are removed with it.
    """
    matches = _paragraph_rules(tuple(rules))
    kept: list[Paragraph] = []
    listing = ""
    for paragraph in found:
        rule = matches(paragraph.text)
        if not rule and listing and paragraph.linked:
            rule = listing
        if rule:
            log.add(rule, paragraph.text)
        else:
            kept.append(paragraph)
        listing = rule if rule == "read-also" else ""
    return kept


@lru_cache(maxsize=128)
def _paragraph_rules(rules: tuple[BoilerplateRule, ...]) -> Callable[[str], str]:
    """Return a function from a paragraph to the name of the first rule that matches it in full, or ""."""
    own = [(rule.name, re.compile(rule.pattern)) for rule in rules if rule.pattern and rule not in _GENERAL]
    general = [rule for rule in rules if rule.pattern and rule in _GENERAL]
    # All general rules in one pattern: nearly every paragraph is compared, and nearly none matches. In lower case,
    # because `re` skips alternatives by their first letter only where case counts.
    any_general = re.compile("|".join(f"(?:{rule.pattern.removeprefix('(?i)')})" for rule in general))
    compiled_rules = [(rule.name, re.compile(rule.pattern)) for rule in general]

    def name_of(text: str) -> str:
        for name, pattern in own:
            if pattern.fullmatch(text):
                return name
        if len(text) > MAX_LINE or not any_general.fullmatch(text.lower()):
            return ""
        return next((name for name, pattern in compiled_rules if pattern.fullmatch(text)), "")

    return name_of


@lru_cache(maxsize=128)
def _element_rules(rules: tuple[BoilerplateRule, ...]) -> tuple[tuple[str, str, str], ...]:
    """Return (rule, key, selector); the key is a class or id that every match must have, if there is one.

    If the selector is just a class or an id, the key is the selector.
    """
    return tuple((rule.name, key, css) for rule in rules if rule.css for key, css in _keyed(rule.css))


@cache
def rules_by_name() -> dict[str, str]:
    """Return the general rule of every class (`.name`) and id (`#name`) that a rule removes by itself."""
    found: dict[str, str] = {}
    for name, key, css in _element_rules(RULES):
        if key == css and key.startswith((".", "#")):
            found.setdefault(key, name)
    return found


@cache
def combined_rules() -> dict[str, tuple[str, str]]:
    """Return (rule, selector) of the general rules that need more than one class, by a class that a match has."""
    return {key: (name, css) for name, key, css in _element_rules(RULES) if key and key != css}


def _keyed(css: str) -> Iterator[tuple[str, str]]:
    compiled(css)
    for selector in parse(css):
        tree = selector.parsed_tree
        subject = getattr(tree, "subselector", tree)
        if isinstance(subject, Class):
            key = f".{subject.class_name}"
        elif isinstance(subject, Hash):
            key = f"#{subject.id}"
        else:
            key = ""
        yield key, selector.canonical()


def _elements_by_key(scope: HtmlElement) -> dict[str, list[HtmlElement]]:
    """Index the elements inside the scope by class and id in one pass, in document order."""
    found: dict[str, list[HtmlElement]] = {}
    for element in cast("list[HtmlElement]", scope.xpath("descendant::*[@class or @id]")):
        for name in dict.fromkeys((element.get("class") or "").split()):
            found.setdefault(f".{name}", []).append(element)
        if identifier := element.get("id"):
            found.setdefault(f"#{identifier}", []).append(element)
    return found


def _within(element: HtmlElement, scope: HtmlElement) -> bool:
    return any(ancestor is scope for ancestor in element.iterancestors())
