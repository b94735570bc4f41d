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

/* What is going on: beside the button of the panel one sees, and read aloud without moving the focus. */
H.say = function (text) {
  var place = document.querySelector('[data-panel]:not([hidden]) .said') || H.by('status');
  H.all('.said').forEach(function (each) {
    H.text(each, '');
  });
  if (place) {
    H.text(place, text);
  }
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

/* Errors of one panel: [[field name or '', sentence], …]. Each beside its field, the first of them focused.
   Several, and what has no field, are listed beside the button that was pressed, each leading to its field.
   An empty list clears. `brief` is one sentence instead of a long list. */
H.errors = function (panel, list, brief) {
  var summary = panel.querySelector('.summary');
  var head = summary.querySelector('b');
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
    var field = panel.querySelector('[name="' + pair[0] + '"]');
    var item = H.make('li');
    if (field) {
      H.mark(panel, field, pair[1]);
      item.appendChild(H.leading(field, pair[1]));
      first = first || field;
    } else {
      H.text(item, pair[1]);
    }
    if (!brief) {
      items.appendChild(item);
    }
  });
  if (head) {
    H.show(head, list.length > 1);
  }
  H.show(summary, list.length > (first ? 1 : 0));
  if (list.length) {
    H.focus(first || summary);
  }
};

/* One field is wrong, or right again. */
H.mark = function (panel, field, problem) {
  var beside = panel.querySelector('[data-error="' + field.name + '"]');
  if (beside) {
    H.text(beside, problem);
  }
  if (problem) {
    field.setAttribute('aria-invalid', 'true');
  } else {
    field.removeAttribute('aria-invalid');
  }
};

/* A link to a field. It goes there itself: an address with a #name would be one more entry of the history. */
H.leading = function (field, text) {
  var link = H.make('a', '', text, { href: '#' + field.id });
  link.addEventListener('click', function (event) {
    event.preventDefault();
    field.focus();
  });
  return link;
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
