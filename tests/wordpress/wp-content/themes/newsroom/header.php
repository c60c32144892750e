<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="<?php bloginfo('charset'); ?>">
<?php wp_head(); ?>
</head>
<body <?php body_class(); ?>>
<a class="skip-link" href="#content">Skip to content</a>
<header class="site-header"><nav><a href="<?php echo esc_url(home_url('/')); ?>"><?php bloginfo('name'); ?></a></nav></header>
<div id="content" class="site-content">
