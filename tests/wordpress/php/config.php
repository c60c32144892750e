<?php
// Stands in for wp-config.php: every value comes from the harness, and nothing outside this machine is asked.
define('ABSPATH', getenv('ACCA_WP_SOURCE') . '/');
define('WP_CONTENT_DIR', dirname(__DIR__) . '/wp-content');
define('WP_HOME', getenv('ACCA_WP_HOME'));
define('WP_SITEURL', WP_HOME);
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . getenv('ACCA_WP_SOCKET'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISALLOW_FILE_MODS', true);
define('WP_DEBUG', false);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define("{$name}_KEY", "key of a site that lives for one test run: $name");
    define("{$name}_SALT", "salt of a site that lives for one test run: $name");
}
$table_prefix = 'wp_';
