/* The page of no page: its field leads to the search, which needs script, so without it there is no field. */
document.querySelector('.find').hidden = false;
