/* A poster's channel (?channel=station) goes along to the form. Only that; the page needs no script. */
(function () {
  var channel = /[?&]channel=([a-z0-9_-]{1,40})(?:&|$)/.exec(window.location.search);
  var join = document.getElementById('join');
  if (channel && join) {
    join.href += '?channel=' + channel[1];
  }
})();
