</div>
<footer class="site-footer"><p>All rights reserved. Quote us with a link to the source.</p></footer>
<?php wp_footer(); ?>
</body>
</html>
