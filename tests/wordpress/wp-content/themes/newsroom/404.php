<?php get_header(); ?>
<main id="main" class="site-main"><h1>Nothing is here</h1></main>
<?php get_footer(); ?>
