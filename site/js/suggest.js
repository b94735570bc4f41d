/* The suggestion box: what was typed stays until it was filed, and one press files it once. */
H.suggest = function (form) {
  var panel = document.querySelector('[data-panel="write"]');
  var key = H.newKey();

  /* The page somebody came from on this site: its path only, and only if it is ours. The site's policy tells
     no path, to nobody; the link in the footer makes an exception for this page. A bare / says nothing. */
  function cameFrom() {
    var from = document.createElement('a');
    from.href = document.referrer || 'about:blank';
    return from.host === window.location.host && from.pathname !== '/' ? from.pathname : '';
  }

  /* As the office counts them: a face or a rare character is one. A field that cuts what is pasted would
     lose the end of it unseen, so the fields take everything and it is said here. */
  function characters(text) {
    return text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '_').length;
  }

  /* Day and code; on a narrow screen the line ends between them. */
  function show(receipt) {
    var place = H.by('receipt');
    var day = receipt.indexOf('-') + 1;
    H.text(place, receipt.slice(0, day));
    place.appendChild(H.make('wbr'));
    place.appendChild(document.createTextNode(receipt.slice(day)));
  }

  form.addEventListener('input', function () {
    key = H.newKey();
  });
  form.addEventListener('submit', function (event) {
    var list = [];
    event.preventDefault();
    ['kind', 'text', 'contact'].forEach(function (name) {
      var field = form.elements[name];
      var most = field.getAttribute('data-most');
      var typed = characters(name === 'text' ? field.value.trim() : H.typed(field.value));
      if (field.required && !typed) {
        list.push([name, field.getAttribute('data-problem')]);
      } else if (most && typed > most) {
        list.push([name, '写得太长了：最多' + most + '个字，现在有' + typed + '个字。请写短一点，或拨打12351说。']);
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
      contact: H.typed(form.elements.contact.value),
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
      show(answer.body.receipt);
      H.panel('filed');
    });
  });
  H.ready();
};

if (H.by('suggest-form')) {
  H.suggest(H.by('suggest-form'));
}
