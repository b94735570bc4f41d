/* The page of no page: its field leads to the search, which needs script, so without it none is seen. */
document.documentElement.className = 'js';
