/* Small words for the page: find, show, say, errors beside their field. Text only, never markup. */
H.by = function (id) {
  return document.getElementById(id);
};

H.all = function (selector, root) {
  return Array.prototype.slice.call((root || document).querySelectorAll(selector));
};

H.show = function (node, yes) {
  node.hidden = !yes;
};

H.text = function (node, text) {
  node.textContent = text;
};

/* H.make('a', 'button', '查看', {href: '/x/'}) */
H.make = function (tag, style, text, attributes) {
  var node = document.createElement(tag);
  if (style) {
    node.className = style;
  }
  if (text) {
    node.textContent = text;
  }
  Object.keys(attributes || {}).forEach(function (name) {
    node.setAttribute(name, attributes[name]);
  });
  return node;
};

/* The live region of the page: what is going on, read aloud without moving the focus. */
H.say = function (text) {
  H.text(H.by('status'), text);
};

/* Exactly one of the panels (elements with data-panel) is on the page. Its heading takes the focus. */
H.panel = function (name, quietly) {
  H.all('[data-panel]').forEach(function (node) {
    H.show(node, node.getAttribute('data-panel') === name);
  });
  H.say('');
  if (!quietly) {
    window.scrollTo(0, 0);
    H.focus(document.querySelector('[data-panel="' + name + '"] [tabindex="-1"]'));
  }
};

H.focus = function (node) {
  if (node) {
    node.focus();
  }
};

/* A date 2026-11-23 as 2026年11月23日. */
H.day = function (iso) {
  var part = iso.split('-');
  return part[0] + '年' + Number(part[1]) + '月' + Number(part[2]) + '日';
};

/* While a request runs its button is off and says so; a second press does nothing. */
H.busy = function (button, text) {
  var before = button.textContent;
  button.disabled = true;
  H.text(button, text);
  return function () {
    button.disabled = false;
    H.text(button, before);
  };
};

/* Errors of one panel: [[field name or '', sentence], …]. Beside each field, in the list above, and the
   first one focused. An empty list clears. A name without a field of its own is only in the list; one
   error that stands beside its field needs no list. `brief` is one sentence instead of a long list. */
H.errors = function (panel, list, brief) {
  var summary = panel.querySelector('.summary');
  var items = summary.querySelector('ul');
  var first = null;
  H.all('[data-error]', panel).forEach(function (node) {
    H.text(node, '');
  });
  H.all('[aria-invalid]', panel).forEach(function (node) {
    node.removeAttribute('aria-invalid');
  });
  items.textContent = '';
  if (brief) {
    items.appendChild(H.make('li', '', brief));
  }
  list.forEach(function (pair) {
    var beside = panel.querySelector('[data-error="' + pair[0] + '"]');
    var field = panel.querySelector('[name="' + pair[0] + '"]');
    var item = H.make('li');
    if (beside) {
      H.text(beside, pair[1]);
    }
    if (field) {
      field.setAttribute('aria-invalid', 'true');
      item.appendChild(H.make('a', '', pair[1], { href: '#' + field.id }));
      first = first || field;
    } else {
      H.text(item, pair[1]);
    }
    if (!brief) {
      items.appendChild(item);
    }
  });
  H.show(summary, list.length > (first ? 1 : 0));
  if (list.length) {
    H.focus(first || summary);
  }
};

/* The errors of a refused request: its fields if it named any, else its one sentence. */
H.problems = function (panel, answer) {
  var list = Object.keys(answer.fields).map(function (name) {
    return [name, answer.fields[name]];
  });
  H.errors(panel, list.length ? list : [['', answer.detail]]);
};

H.waiting = function (seconds, left) {
  H.say('网络不太好，' + seconds + '秒后自动再试（还会试' + left + '次），请不要离开本页。');
};

H.ready = function () {
  document.documentElement.className = 'js';
  H.all('button[disabled]').forEach(function (button) {
    button.disabled = false;
  });
};
