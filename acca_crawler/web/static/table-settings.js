// Read by Datasette's table.js, whose own page sets it in an inline script.
var DATASETTE_ALLOW_FACET = true;
