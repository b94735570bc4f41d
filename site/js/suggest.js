/* The suggestion box: what was typed stays until it was filed, and one press files it once. */
H.suggest = function (form) {
  var panel = document.querySelector('[data-panel="write"]');
  var key = H.newKey();

  /* The page somebody came from on this site: its path only, and only if it is ours. */
  function cameFrom() {
    var from = document.createElement('a');
    from.href = document.referrer || 'about:blank';
    return from.host === window.location.host ? from.pathname : '';
  }

  form.addEventListener('input', function () {
    key = H.newKey();
  });
  form.addEventListener('submit', function (event) {
    var list = [];
    event.preventDefault();
    ['kind', 'text'].forEach(function (name) {
      var field = form.elements[name];
      if (!field.value.trim()) {
        list.push([name, field.getAttribute('data-problem')]);
      }
    });
    H.errors(panel, list);
    if (list.length) {
      return;
    }
    var free = H.busy(form.querySelector('button'), '正在提交…');
    var said = {
      kind: form.elements.kind.value,
      text: form.elements.text.value,
      contact: form.elements.contact.value,
      page: cameFrom()
    };
    H.send('POST', '/suggestions', said, { wait: H.waiting, key: key }, function (answer) {
      free();
      H.say('');
      if (!answer.ok) {
        H.problems(panel, answer);
        return;
      }
      form.reset();
      key = H.newKey();
      H.text(H.by('receipt'), answer.body.receipt);
      H.panel('filed');
    });
  });
  H.ready();
};

if (H.by('suggest-form')) {
  H.suggest(H.by('suggest-form'));
}
