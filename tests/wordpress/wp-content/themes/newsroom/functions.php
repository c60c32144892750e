<?php
add_theme_support('title-tag');
add_theme_support('automatic-feed-links');

/** A post's categories as the theme prints them: links without separators. */
function newsroom_categories(): void
{
    foreach (get_the_category() as $category) {
        printf('<a href="%s">%s</a>', esc_url(get_category_link($category)), esc_html($category->name));
    }
}
