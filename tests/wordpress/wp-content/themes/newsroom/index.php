<?php get_header(); ?>
<main id="main" class="site-main blog-layout-1">
<?php while (have_posts()) : the_post(); ?>
  <div class="blog-box">
    <h3 class="entry-title"><a href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h3>
    <ul class="entry-meta"><li class="post-date"><?php echo esc_html(get_the_date('d.m.Y')); ?></li></ul>
    <div class="entry-content"><?php the_excerpt(); ?></div>
  </div>
<?php endwhile; ?>
<?php the_posts_pagination(); ?>
</main>
<?php get_footer(); ?>
