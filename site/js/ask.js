/* What the small forms share. Their page holds the questions; the file named by data-about the rest: H.about.

   H.ask(box, ready): ready(about) prepares the fields and returns {facts, path, show}
     facts(list)    the request's body; pushes [field, sentence] for what is missing or wrong
     show(body)     the nodes of an answer */
H.read = function (address, done) {
  var request = new XMLHttpRequest();
  request.open('GET', address);
  request.timeout = H.REPLY_WITHIN_MS;
  request.onloadend = function () {
    var read = null;
    try {
      read = JSON.parse(request.responseText);
    } catch (ignored) {
      read = null;
    }
    done(request.status === 200 ? read : null);
  };
  request.send();
};

/* Every field gets an id, and a place for its error that aria-describedby names. */
H.places = function (form) {
  H.all('.field', form).forEach(function (field) {
    var control = field.name ? field : field.querySelector('input, select');
    var place = H.make('p', 'error', '', { id: control.name + '-error', 'data-error': control.name });
    var whole = field.tagName === 'FIELDSET' ? field : control;
    control.id = 'f-' + control.name;
    whole.setAttribute('aria-describedby', place.id);
    if (whole === field) {
      field.tabIndex = -1;
    }
    field.appendChild(place);
  });
  H.all('input', form).forEach(function (input) {
    input.autocomplete = 'off';
  });
};

H.ask = function (box, ready) {
  var form = box.querySelector('form');
  var button = form.querySelector('button');
  var summary = H.make('div', 'summary', '', { role: 'alert', tabindex: '-1', hidden: '' });
  var answer = H.make('div', 'result', '', { tabindex: '-1', hidden: '' });
  var status = H.make('p', '', '', { id: 'status', role: 'status' });
  var changes = 0;

  summary.appendChild(H.make('ul'));
  form.insertBefore(summary, button);
  form.parentNode.appendChild(status);
  form.parentNode.appendChild(answer);
  begin();

  function begin() {
    H.read(box.getAttribute('data-about'), function (about) {
      if (about) {
        H.say('');
        work(about, ready(about));
      } else {
        H.say(H.NO_LINE);
        box.removeAttribute('data-pressed');
        form.addEventListener('submit', again);
      }
    });
  }

  function again(event) {
    event.preventDefault();
    form.removeEventListener('submit', again);
    begin();
  }

  function work(about, made) {
    H.places(form);
    ['input', 'change'].forEach(function (name) {
      form.addEventListener(name, function () {
        changes += 1;
        H.show(answer, false);
      });
    });
    form.addEventListener('submit', function (event) {
      event.preventDefault();
      press(about, made);
    });
    H.ready();
    if (box.hasAttribute('data-pressed')) {
      press(about, made);
    }
  }

  function press(about, made) {
    var list = [];
    var body = made.facts(list);
    var before = changes;
    var free;
    if (button.disabled) {
      return;
    }
    H.show(answer, false);
    H.errors(box, list);
    if (list.length) {
      return;
    }
    free = H.busy(button, about.words.busy);
    H.say(about.words.busy);
    H.send('POST', made.path, body, { wait: H.waiting }, function (reply) {
      free();
      H.say('');
      if (!reply.ok) {
        refused(reply);
      } else if (changes !== before) {
        H.say(about.words.changed);
      } else {
        answer.textContent = '';
        made.show(reply.body).forEach(function (node) {
          answer.appendChild(node);
        });
        H.show(answer, true);
        H.focus(answer);
      }
    });
  }

  /* A field of the request is named by its path, such as facts.costs.total_fen: here its last step. */
  function refused(reply) {
    var names = Object.keys(reply.fields);
    H.errors(box, names.length ? names.map(function (path) {
      var name = path.split('.').pop().replace(/^((admitted|discharged)_on|hospital_grade)$/, 'stays');
      return [name, reply.fields[path]];
    }) : [['', reply.detail]]);
  }
};

H.figure = function (label, fen, unit) {
  var line = H.make('p', 'figure');
  var number = H.make('b', 'num long', H.yuan(fen));
  number.appendChild(H.make('small', '', unit));
  line.appendChild(H.make('span', '', label));
  line.appendChild(number);
  return line;
};
