<?php get_header(); ?>
<main id="main" class="site-main">
<?php the_post(); ?>
  <div id="post-<?php the_ID(); ?>" <?php post_class(); ?>>
    <div class="main-wrap">
      <div class="entry-header">
        <ul class="entry-meta"><li class="post-date"><?php echo esc_html(wp_date('d.m.Y')); ?></li></ul>
        <span class="entry-categories"><?php newsroom_categories(); ?></span>
        <h1 class="entry-title"><?php the_title(); ?></h1>
      </div>
      <div class="entry-content"><?php the_content(); ?></div>
      <div class="entry-footer">
        <div class="meta-tags"><?php the_tags('', ''); ?></div>
        <div class="share-box-area"><a href="#">Share</a><a href="#">Send</a></div>
      </div>
      <div class="about-author">
        <h3 class="author-title"><?php the_author(); ?></h3>
        <div class="author-designation">administrator</div>
        <div class="author-bio"><?php the_author_meta('description'); ?></div>
      </div>
      <div class="rtrs-review-wrap">
        <h4>Leave feedback about this</h4>
        <form class="rtrs-review-form"><label>Relevance</label><label>Usefulness</label>
          <div class="rtrs-pros">PROS <span class="rtrs-field-add">+ Add Field</span></div>
          <div class="rtrs-cons">CONS <span class="rtrs-field-add">+ Add Field</span></div></form>
      </div>
    </div>
  </div>
  <div class="related-post">
<?php foreach (get_posts(['numberposts' => 2, 'exclude' => [get_the_ID()]]) as $card) : ?>
    <div id="post-<?php echo $card->ID; ?>" class="blog-box">
      <h3 class="entry-title"><a href="<?php echo esc_url(get_permalink($card)); ?>"><?php echo esc_html($card->post_title); ?></a></h3>
      <div class="entry-content"><p><?php echo esc_html(wp_trim_words($card->post_content, 12)); ?></p></div>
    </div>
<?php endforeach; ?>
  </div>
</main>
<?php get_footer(); ?>
