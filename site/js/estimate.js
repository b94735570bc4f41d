/* What the terms would pay. Every figure and every reason is the server's; this asks and shows. */
H.estimate = function (about) {
  var form = document.querySelector('#estimate form');
  var named = form.elements;
  var words = about.words;

  function field(name) {
    return form.querySelector('[name="' + name + '"]');
  }

  /* ---- the rest of the questions */

  function option(select, value, text) {
    var node = H.make('option', '', text);
    node.value = value;
    select.appendChild(node);
  }

  /* A listed disease is chosen by its name; what is asked for is the benefit whose list it is on. */
  function diseases(select) {
    select.textContent = '';
    option(select, '', words.none);
    about.diagnoses.forEach(function (benefit) {
      var group = H.make('optgroup');
      if (!benefit.diseases.length) {
        option(select, benefit.id, benefit.name);
        return;
      }
      group.label = benefit.name;
      benefit.diseases.forEach(function (name) {
        option(group, benefit.id, name);
      });
      select.appendChild(group);
    });
  }

  function exclusions() {
    var box = H.make('fieldset', 'field', '', { name: 'exclusions', id: 'f-exclusions' });
    var legend = H.make('legend', '', words['exclusions-label']);
    legend.appendChild(H.make('small', '', ' ' + words['exclusions-hint']));
    box.appendChild(legend);
    about.exclusions.forEach(function (each) {
      var label = H.make('label', 'tick');
      label.appendChild(H.make('input', '', '', { type: 'checkbox', value: each.id }));
      label.appendChild(document.createTextNode(each.title));
      box.appendChild(label);
    });
    form.insertBefore(box, form.lastElementChild);
  }

  function stays(box) {
    var pattern = box.querySelector('.pair');
    var more = H.make('button', 'plain', words['stay-more'], { type: 'button' });
    more.addEventListener('click', function () {
      var pair = pattern.cloneNode(true);
      var less = H.make('button', 'plain', words['stay-less'], { type: 'button' });
      H.all('input, select', pair).forEach(function (input) {
        input.value = '';
        input.removeAttribute('aria-invalid');
      });
      less.addEventListener('click', function () {
        box.removeChild(pair);
        more.focus();
        form.dispatchEvent(new Event('change'));
      });
      pair.appendChild(less);
      box.insertBefore(pair, more);
      pair.querySelector('input').focus();
    });
    box.appendChild(more);
  }

  /* ---- reading what is filled in */

  function wrong(list, name) {
    list.push([name, about.problems[name]]);
  }

  function readStays(list) {
    var found = [];
    var bad = false;
    H.all('.pair', field('stays')).forEach(function (pair) {
      var days = H.all('input', pair).map(H.dayIn);
      var grade = pair.querySelector('select');
      var stay = { admitted_on: days[0], discharged_on: days[1] };
      if (grade && grade.value) {
        stay.hospital_grade = Number(grade.value);
      }
      if (days[0] && days[1] && (!grade || grade.value)) {
        found.push(stay);
      } else {
        bad = bad || !(days[0] === '' && days[1] === '' && (!grade || !grade.value));
      }
    });
    if (bad) {
      wrong(list, 'stays');
    }
    return found;
  }

  /* Nothing when no sum is filled in. Empty beside a total is 0, but what is outside the catalogue is asked. */
  function readCosts(list) {
    var costs = {};
    H.all('[name$="_fen"]', form).forEach(function (input) {
      var fen = H.fen(input.value);
      if (fen !== fen) {
        wrong(list, input.name);
      } else if (fen !== null) {
        costs[input.name] = fen;
      }
    });
    if (Object.keys(costs).length && !('total_fen' in costs) && !list.some(function (pair) {
      return pair[0] === 'total_fen';
    })) {
      wrong(list, 'total_fen');
    }
    return costs;
  }

  function chosen(name) {
    var mark = form.querySelector('[name="' + name + '"]:checked');
    return mark ? mark.value : '';
  }

  function facts(list) {
    var told = { cause: about.causes.length > 1 ? chosen('cause') : about.causes[0] };
    var costs;
    var days;
    if (!told.cause) {
      wrong(list, 'cause');
    }
    ['happened_on', 'cover_from'].forEach(function (name) {
      told[name] = H.dayIn(named[name]);
      if (!told[name]) {
        wrong(list, name);
      }
    });
    ['renewed', 'death'].forEach(function (name) {
      if (named[name] && named[name].checked) {
        told[name] = true;
      }
    });
    if (named.diagnosis && named.diagnosis.value) {
      told.diagnosis = named.diagnosis.value;
    }
    ['diagnosis_hospital_grade', 'disability_grade', 'units'].forEach(function (name) {
      if (named[name] && named[name].value) {
        told[name] = Number(named[name].value);
      }
    });
    if (told.diagnosis && named.diagnosis_hospital_grade && !told.diagnosis_hospital_grade) {
      wrong(list, 'diagnosis_hospital_grade');
    }
    if (named.undesignated && named.undesignated.checked) {
      told.designated_hospital = false;
    }
    days = field('stays') ? readStays(list) : [];
    if (days.length) {
      told.stays = days;
    }
    costs = readCosts(list);
    if (Object.keys(costs).length) {
      told.costs = costs;
    }
    told.exclusions = H.all('#f-exclusions input:checked').map(function (mark) {
      return mark.value;
    });
    return { product: about.product, facts: told };
  }

  /* ---- the answer */

  function clause(terms, anchor) {
    var text = terms.clauses[anchor] || words.clause;
    return H.make('a', '', text, { href: terms.url + '#' + anchor });
  }

  function lineOf(line, terms) {
    var item = H.make('li');
    var box = H.make('div');
    var head = H.make('div', 'line');
    head.appendChild(H.make('b', '', line.name));
    head.appendChild(H.make('span', 'sum', H.yuan(line.amount_fen) + words.yuan));
    box.appendChild(head);
    line.left_out.forEach(function (each) {
      box.appendChild(sentence('less', each.text, terms, each.clause));
    });
    box.appendChild(sentence('', line.text, terms, line.clause));
    line.deductions.forEach(function (each) {
      var less = each.amount_fen ? words.less + H.yuan(each.amount_fen) + words.yuan + '\uff1a' : '';
      box.appendChild(sentence('less', less + each.text, terms, each.clause));
    });
    box.appendChild(H.make('p', 'small', terms.conditions[line.benefit]));
    item.appendChild(box);
    return item;
  }

  function sentence(style, text, terms, anchor) {
    var line = H.make('p', style, text);
    if (anchor) {
      line.appendChild(document.createTextNode(' '));
      line.appendChild(clause(terms, anchor));
    }
    return line;
  }

  function show(body) {
    var terms = about.terms[body.version];
    var list = H.make('ul', 'points');
    var nodes = [H.figure(words.total, body.total_fen, words.yuan)];
    if (!body.total_fen) {
      nodes.push(H.make('p', '', words.nothing));
    }
    body.lines.forEach(function (line) {
      list.appendChild(lineOf(line, terms));
    });
    nodes.push(list);
    if (body.version !== about.version) {
      nodes.push(H.make('p', '', words.version + body.version));
    }
    nodes.push(H.make('p', 'note', body.notice + words.earlier));
    return nodes;
  }

  if (named.diagnosis) {
    diseases(named.diagnosis);
  }
  if (field('stays')) {
    stays(field('stays'));
  }
  exclusions();
  return { path: '/estimates', facts: facts, show: show };
};

H.ask(H.by('estimate'), H.estimate);
