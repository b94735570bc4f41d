/* Large text: one button in the header, remembered on this phone. Without script there is no button, and the
   browser's own zoom works as ever. Whoever forbids storage has large text on this page only. */
(function () {
  var html = document.documentElement;
  var button = document.getElementById('large');
  function set(on) {
    if (on) {
      html.setAttribute('data-large', '');
    } else {
      html.removeAttribute('data-large');
    }
    button.setAttribute('aria-pressed', String(on));
  }
  function kept() {
    try {
      return localStorage.getItem('large') === '1';
    } catch (refused) {
      return false;
    }
  }
  set(kept());
  button.disabled = false;
  button.addEventListener('click', function () {
    var on = !html.hasAttribute('data-large');
    set(on);
    try {
      if (on) {
        localStorage.setItem('large', '1');
      } else {
        localStorage.removeItem('large');
      }
    } catch (refused) {
      return;
    }
  });
})();
