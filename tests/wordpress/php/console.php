<?php
// Does things through WordPress's own functions: [{"do": NAME, ...}, ...] on standard input, JSON on standard output.
$orders = json_decode(file_get_contents('php://stdin'), true, 16, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = parse_url(getenv('ACCA_WP_HOME'), PHP_URL_HOST);
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

require __DIR__ . '/config.php';
if ($orders[0]['do'] === 'install') {
    $database = new mysqli('localhost', DB_USER, DB_PASSWORD, '', 0, getenv('ACCA_WP_SOCKET'));
    $database->query('CREATE DATABASE ' . DB_NAME . ' CHARACTER SET utf8mb4');
    define('WP_INSTALLING', true);
}
require ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';

function newsroom_checked($result)
{
    if (is_wp_error($result)) {
        throw new RuntimeException($result->get_error_message());
    }
    if (!$result) {
        throw new RuntimeException('WordPress refused without a reason');
    }
    return $result;
}

function newsroom_install(array $order): array
{
    global $wp_rewrite;
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    update_option('permalink_structure', $order['permalinks']);
    newsroom_checked(wp_install($order['title'], 'editor', 'editor@newsroom.invalid', true, '', 'a password for one run'));
    foreach (get_posts(['post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1]) as $sample) {
        newsroom_checked(wp_delete_post($sample->ID, true));
    }
    update_option('timezone_string', $order['timezone']);
    update_option('default_comment_status', 'closed');
    update_option('rss_use_excerpt', 1);
    update_option('posts_per_rss', $order['feed_size']);
    update_option('posts_per_page', $order['page_size']);
    newsroom_checked(wp_update_user(['ID' => 1, 'display_name' => $order['author'], 'description' => $order['biography']]));
    switch_theme('newsroom');
    $wp_rewrite->init();
    $wp_rewrite->set_permalink_structure($order['permalinks']);
    $wp_rewrite->flush_rules(false);
    return ['version' => get_bloginfo('version')];
}

function newsroom_create_post(array $order): array
{
    $categories = array_map(function ($name) {
        $known = get_term_by('name', $name, 'category');
        return $known ? $known->term_id : newsroom_checked(wp_insert_term($name, 'category'))['term_id'];
    }, $order['categories']);
    $touch = fn($data) => $order['written_gmt'] ? [
        'post_modified_gmt' => $order['written_gmt'],
        'post_modified' => get_date_from_gmt($order['written_gmt']),
    ] + $data : $data;
    add_filter('wp_insert_post_data', $touch);
    $id = newsroom_checked(wp_insert_post(wp_slash([
        'post_status' => 'publish',
        'post_author' => 1,
        'post_title' => $order['title'],
        'post_content' => $order['html'],
        'post_date_gmt' => $order['date_gmt'],
        'post_date' => get_date_from_gmt($order['date_gmt']),
        'post_category' => $categories,
        'tags_input' => $order['tags'],
    ]), true));
    remove_filter('wp_insert_post_data', $touch);
    return ['id' => $id, 'url' => get_permalink($id)];
}

function newsroom_edit_post(array $order): array
{
    $fields = ['ID' => $order['id'], 'post_title' => $order['title'], 'post_content' => $order['html']];
    $fields = array_filter($fields, fn($value) => $value !== null);
    return ['id' => newsroom_checked(wp_update_post(wp_slash($fields), true))];
}

function newsroom_trash_post(array $order): array
{
    return ['id' => newsroom_checked(wp_trash_post($order['id']))->ID];
}

function newsroom_delete_post(array $order): array
{
    if ($order['missing_ok'] && !get_post($order['id'])) {
        return [];
    }
    return ['id' => newsroom_checked(wp_delete_post($order['id'], true))->ID];
}

function newsroom_switch_feature(array $order): array
{
    $off = array_diff(get_option('newsroom_switched_off', []), [$order['feature']]);
    update_option('newsroom_switched_off', $order['on'] ? $off : [...$off, $order['feature']]);
    return [];
}

echo json_encode(array_map(fn($order) => ("newsroom_{$order['do']}")($order), $orders), JSON_THROW_ON_ERROR);
