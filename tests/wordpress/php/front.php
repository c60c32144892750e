<?php
// The only script PHP's built-in server runs: every address is WordPress's, as behind rewrite rules.
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
unset($_SERVER['PATH_INFO']);

register_shutdown_function(function () {
    $line = implode("\t", [$_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], http_response_code()]);
    file_put_contents(getenv('ACCA_WP_ACCESS_LOG'), "$line\n", FILE_APPEND | LOCK_EX);
});

require __DIR__ . '/config.php';
define('WP_USE_THEMES', true);
require ABSPATH . 'wp-settings.php';
wp();
require ABSPATH . WPINC . '/template-loader.php';
