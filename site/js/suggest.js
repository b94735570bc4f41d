/* The suggestion box: what was typed stays until it was filed, and one press files it once. */
H.suggest = function (form) {
  var key = H.newKey();

  /* The page somebody came from on this site: its path only, and only if it is ours. The site's policy tells
     no path, to nobody; the link in the footer makes an exception for this page. A bare / says nothing. */
  function cameFrom() {
    var from = document.createElement('a');
    from.href = document.referrer || 'about:blank';
    return from.host === window.location.host && from.pathname !== '/' ? from.pathname : '';
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
  H.pressed(form, function (button) {
    var free = H.busy(button, '正在提交…');
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
        H.problems(form, answer);
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

if (H.by('write-form')) {
  H.suggest(H.by('write-form'));
}
