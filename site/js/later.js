/* A form and its script are asked for when somebody turns to the form, so that readers do not pay for them.
   The form stands in a template: a folded form still costs its styles and, for each day, a calendar's parts.
   data-later is the script's address; #id in the page's address opens the form. Until the script runs a press
   of the button is remembered in data-pressed; should it not come, the page shows what it shows without. */
Array.prototype.forEach.call(document.querySelectorAll('[data-later]'), function (box) {
  var asked = false;
  var root = document.documentElement;
  var kept = box.querySelector('template');

  function load() {
    var script = document.createElement('script');
    if (asked) {
      return;
    }
    asked = true;
    if (kept.parentNode) {
      kept.parentNode.replaceChild(kept.content, kept);
    }
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
      load();
      box.querySelector('details').open = true;
    }
  }

  ['focusin', 'touchstart', 'click'].forEach(function (name) {
    box.addEventListener(name, load, { passive: true });
  });
  box.addEventListener('submit', function (event) {
    event.preventDefault();
    box.setAttribute('data-pressed', '');
  });
  root.className = 'js';
  window.addEventListener('hashchange', look);
  look();
});
