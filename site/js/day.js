/* A page may be older than the day: from the days named in data-days on it reads otherwise, and lies ready below
   /day/. There the address becomes the page's own again, so that it can be kept and passed on. The day is
   Shanghai's by this phone's clock; whatever counts is decided by the server's. */
(function () {
  var here = window.location;
  var today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
  var day = (document.documentElement.getAttribute('data-days') || '').split(' ').filter(function (each) {
    return each && each <= today;
  }).pop();
  var own = here.pathname.replace(/^\/day\/[0-9-]+/, '');
  if (day) {
    here.replace('/day/' + day + own + here.search + here.hash);
  } else if (own !== here.pathname) {
    window.history.replaceState(null, '', own + here.search + here.hash);
  }
})();
