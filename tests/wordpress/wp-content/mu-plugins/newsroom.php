<?php
/* Plugin Name: Newsroom
 * What an outlet's own WordPress adds: switches for the ways in, and no word to anyone outside. */

add_filter('pre_http_request', fn() => new WP_Error('offline', 'This site asks nobody.'));
add_filter('pre_wp_mail', '__return_true');
add_filter('flush_rewrite_rules_hard', '__return_false');

function newsroom_is_off(string $feature): bool
{
    return in_array($feature, get_option('newsroom_switched_off', []), true);
}

// As security plugins do it: the interface is there, and refuses whoever is not logged in.
add_filter('rest_authentication_errors', function ($result) {
    return newsroom_is_off('rest')
        ? new WP_Error('rest_not_logged_in', 'You are not currently logged in.', ['status' => 401])
        : $result;
});

// As dead feeds look in the wild: valid XML, status 200, and no item in it.
add_action('pre_get_posts', function (WP_Query $query) {
    if ($query->is_feed() && newsroom_is_off('feed')) {
        $query->set('post__in', [0]);
    }
});

add_filter('wp_sitemaps_enabled', fn($enabled) => $enabled && !newsroom_is_off('sitemap'));
