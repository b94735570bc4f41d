/* Checking a certificate: number and check code in, one of four answers out, or one neutral "no". */
H.verify = function (form) {
  var panel = document.querySelector('[data-panel="ask"]');

  function check() {
    var typed = form.elements.number.value;
    var number = H.certificateNumber(typed);
    var code = H.typedNumber(form.elements.check.value);
    var list = [];
    if (!number) {
      list.push(['number', H.typed(typed) ? H.MISTYPED : form.elements.number.getAttribute('data-problem')]);
    }
    if (code.length !== 8) {
      list.push(['check', form.elements.check.getAttribute('data-problem')]);
    }
    H.errors(panel, list);
    H.all('[data-state]').forEach(function (node) {
      H.show(node, false);
    });
    if (list.length) {
      return;
    }
    var free = H.busy(form.querySelector('button'), '正在核对…');
    H.send('GET', '/certificates/' + encodeURIComponent(number) + '?check=' + encodeURIComponent(code), null,
      { wait: H.waiting }, function (answer) {
        free();
        H.say('');
        if (answer.ok) {
          show(answer.body.state, answer.body);
        } else if (answer.status === 404) {
          show('unknown', {});
        } else {
          H.problems(panel, answer);
        }
      });
  }

  function show(state, certificate) {
    var node = document.querySelector('[data-state="' + state + '"]');
    H.all('[data-fill]', node).forEach(function (place) {
      var value = certificate[place.getAttribute('data-fill')] || '';
      H.text(place, /^\d{4}-\d\d-\d\d$/.test(value) ? H.day(value) : value);
    });
    H.show(node, true);
    H.focus(node);
  }

  form.addEventListener('submit', function (event) {
    event.preventDefault();
    check();
  });

  /* A QR carries #number.check: the part of an address no server ever sees. */
  function fromAddress() {
    var given = window.location.hash.slice(1).split('.');
    if (given.length === 2) {
      form.elements.number.value = given[0];
      form.elements.check.value = given[1];
      check();
    }
  }

  window.addEventListener('hashchange', fromAddress);
  H.text(H.by('host'), window.location.host);
  H.ready();
  fromAddress();
};

if (H.by('verify-form')) {
  H.verify(H.by('verify-form'));
}
