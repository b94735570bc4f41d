/* A form's script is asked for when somebody turns to the form, so that readers do not pay for it.
   data-later is its address; #id in the page's address opens the form. Until the script runs a press of the
   button is remembered in data-pressed; should it not come, the page shows what it shows without script. */
Array.prototype.forEach.call(document.querySelectorAll('[data-later]'), function (box) {
  var asked = false;
  var root = document.documentElement;

  function load() {
    var script = document.createElement('script');
    if (asked) {
      return;
    }
    asked = true;
    root.className = 'js';
    script.src = box.getAttribute('data-later');
    script.onerror = function () {
      asked = false;
      root.className = '';
    };
    document.head.appendChild(script);
  }

  function look() {
    if (window.location.hash === '#' + box.id) {
      box.querySelector('details').open = true;
      load();
    }
  }

  ['focusin', 'touchstart', 'click'].forEach(function (name) {
    box.addEventListener(name, load, { passive: true });
  });
  box.addEventListener('submit', function (event) {
    event.preventDefault();
    box.setAttribute('data-pressed', '');
  });
  box.querySelector('button').disabled = false;
  root.className = 'js';
  window.addEventListener('hashchange', look);
  look();
});
