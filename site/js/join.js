/* Joining: mobile and code, what is not covered, five fields, the consents, then the result. */
H.join = function (page) {
  function panel(name) {
    return document.querySelector('[data-panel="' + name + '"]');
  }

  var form = H.by('person-form');
  var exclusions = panel('exclusions');
  var ages = page.getAttribute('data-ages').split(',').map(Number);
  var idNumber = form.elements.id_number;
  var draft = H.draft('huzhu-join-' + page.getAttribute('data-campaign'));
  var kept = draft.kept.read();
  var passing = draft.passing.read();
  var typed = H.all('input[data-keep], select[data-keep]', form);
  var ticks = H.all('input[data-exclusion]', exclusions);
  var channel = /[?&]channel=([a-z0-9_-]{1,40})(?:&|$)/.exec(window.location.search);

  if (channel) {
    kept.channel = channel[1];
  }

  function restore() {
    var some = false;
    typed.forEach(function (field) {
      if (kept[field.name]) {
        field.value = kept[field.name];
        some = true;
      }
    });
    idNumber.value = passing.id_number || '';
    (passing.acknowledged || []).forEach(function (id) {
      ticks.forEach(function (tick) {
        tick.checked = tick.checked || tick.name === id;
      });
    });
    H.show(H.by('restored'), some);
    H.show(H.by('retype-id'), some && !idNumber.value);
    H.show(H.by('unanswered'), Boolean(kept.key));
  }

  function remember() {
    typed.forEach(function (field) {
      kept[field.name] = field.value;
    });
    draft.kept.write(kept);
    draft.passing.write({ id_number: idNumber.value, acknowledged: acknowledged() });
  }

  function acknowledged() {
    return ticks.filter(function (tick) {
      return tick.checked;
    }).map(function (tick) {
      return tick.name;
    });
  }

  /* By product: an exclusion's id says nothing of another product's. */
  function acknowledgements() {
    var list = [];
    ticks.forEach(function (tick) {
      var product = tick.getAttribute('data-exclusion');
      var last = list[list.length - 1];
      if (!tick.checked) {
        return;
      }
      if (!last || last.product !== product) {
        last = { product: product, exclusions: [] };
        list.push(last);
      }
      last.exclusions.push(tick.value);
    });
    return list;
  }

  function consents() {
    return H.all('[data-scope]').map(function (box) {
      var chosen = box.querySelector('input:checked');
      return {
        answer: chosen ? chosen.value : '',
        name: box.querySelector('input').name,
        problem: box.getAttribute('data-problem'),
        text: {
          scope: box.getAttribute('data-scope'),
          version: box.getAttribute('data-version'),
          sha256: box.getAttribute('data-sha256')
        }
      };
    });
  }

  function idProblem() {
    return H.idProblem(idNumber.value, H.shanghaiDay(1), ages);
  }

  function personProblems() {
    var list = [];
    H.all('[data-problem]', form).forEach(function (field) {
      var problem = field === idNumber ? idProblem()
        : field.required && !H.typed(field.value) ? field.getAttribute('data-problem')
        : field.name === 'name' && !H.typedName(field.value) ? H.NAME_WRONG : '';
      if (problem) {
        list.push([field.name, problem]);
      }
    });
    return list;
  }

  function consentProblems() {
    return consents().filter(function (consent) {
      return consent.answer !== 'agree';
    }).map(function (consent) {
      return [consent.name, consent.problem];
    });
  }

  function body() {
    var sent = {
      campaign: page.getAttribute('data-campaign'),
      name: H.typedName(form.elements.name.value),
      id_number: H.typedNumber(idNumber.value),
      occupation_group: form.elements.occupation_group.value,
      platform: H.typed(form.elements.platform.value),
      district: form.elements.district.value,
      acknowledgements: acknowledgements(),
      consents: consents().map(function (consent) {
        return consent.text;
      })
    };
    if (kept.channel) {
      sent.channel = kept.channel;
    }
    return sent;
  }

  /* The key is stored before it is sent: a page reloaded in between asks with the same one, and the server
     answers with the same enrolment. It ends with a definite answer. 422: the answer belongs to what was
     sent before an edit; a new key then finds the cover that exists, or joins. */
  function submit(secondTime) {
    var free = H.busy(H.by('submit'), '正在提交…');
    kept.key = kept.key || H.newKey();
    remember();
    H.send('POST', '/enrollments', body(), { key: kept.key, wait: H.waiting }, function (answer) {
      var definite = answer.status > 0 && answer.status < 500 && answer.status !== 429;
      free();
      H.say('');
      if (definite) {
        delete kept.key;
        remember();
      }
      if (answer.ok) {
        draft.forget();
        H.joined(answer.body);
      } else if (answer.status === 401) {
        showSignIn();
        H.errors(panel('mobile'), [['', '登录已经过期。请重新验证手机，您填的内容还在。']]);
      } else if (answer.status === 422 && !secondTime) {
        submit(true);
      } else if (/needs_office_check$/.test(answer.code)) {
        H.text(H.by('office-detail'), answer.detail);
        H.panel('office');
      } else {
        refused(answer);
      }
    });
  }

  /* What is wrong with a field is shown where the field is. */
  function refused(answer) {
    var typedHere = Object.keys(answer.fields).some(function (name) {
      return form.elements[name];
    });
    if (typedHere) {
      H.panel('person', true);
    }
    H.problems(panel(typedHere ? 'person' : 'consents'), answer);
  }

  /* Why this page is of no use today, or nothing. It may be older than the texts in force, and a phone's clock
     may be wrong: the server says what holds today. A text is known by its hash, terms with their exclusions. */
  function closed(today) {
    function hashes(texts) {
      return texts.map(function (text) {
        return text.sha256;
      }).sort().join();
    }
    var shown = consents().map(function (consent) {
      return consent.text;
    });
    return today.state !== 'open' ? today.state : hashes(today.consents) === hashes(shown) ? '' : 'changed';
  }

  /* No answer hinders nobody here: whatever is sent is checked again. */
  function next() {
    H.send('GET', '/campaigns/' + page.getAttribute('data-campaign'), null, { tries: 2 }, function (answer) {
      var why = answer.ok && closed(answer.body);
      if (why) {
        H.show(H.by('closed-' + why), true);
        H.panel('closed');
      } else {
        H.panel(acknowledged().length < ticks.length ? 'exclusions' : 'person');
      }
    });
  }

  var showSignIn = H.signIn(next);

  H.by('exclusions-form').addEventListener('submit', function (event) {
    var missing = ticks.filter(function (tick) {
      return !tick.checked;
    });
    event.preventDefault();
    H.errors(exclusions, missing.map(function (tick) {
      return [tick.name, '看懂以后，请勾选这一条。'];
    }), missing.length ? '还有' + missing.length + '条没有勾选。每一条都要看。' : '');
    if (!missing.length) {
      H.panel('person');
    }
  });
  exclusions.addEventListener('change', remember);
  form.addEventListener('input', remember);
  form.addEventListener('change', remember);
  idNumber.addEventListener('input', function () {
    H.text(H.by('id-count'), '已填' + H.typedNumber(idNumber.value).length + '位，共18位');
  });
  idNumber.addEventListener('blur', function () {
    var problem = idNumber.value ? idProblem() : '';
    H.text(form.querySelector('[data-error="id_number"]'), problem);
    if (problem) {
      idNumber.setAttribute('aria-invalid', 'true');
    } else {
      idNumber.removeAttribute('aria-invalid');
    }
  });
  form.addEventListener('submit', function (event) {
    var list = personProblems();
    event.preventDefault();
    H.errors(panel('person'), list);
    if (!list.length) {
      H.panel('consents');
    }
  });
  H.by('consents-form').addEventListener('submit', function (event) {
    var list = consentProblems();
    event.preventDefault();
    H.errors(panel('consents'), list);
    if (!list.length) {
      submit(false);
    }
  });
  H.by('start-over').addEventListener('click', function () {
    draft.forget();
    window.location.reload();
  });

  restore();
  H.ready();
  showSignIn();
  if (H.mayBeSignedIn()) {
    H.send('GET', '/me', null, { tries: 2 }, function (answer) {
      if (answer.ok) {
        next();
      }
    });
  }
};

/* The last panel: the new certificate, or a place in the queue that says plainly that nothing is in force;
   below it every other certificate of this campaign, also one that was there before. */
H.joined = function (answer) {
  var name = answer.waiting ? 'waiting' : 'joined';
  var main = answer.waiting ? null : answer.certificates.filter(function (each) {
    return !each.already;
  })[0] || answer.certificates[0];
  function address(certificate) {
    return '/services/certificate/#' + certificate.number + '.' + certificate.check;
  }
  if (main) {
    H.text(H.by('cover-product'), main.product_name);
    H.text(H.by('cover-from'), H.day(main.effective_from));
    H.text(H.by('cover-to'), H.day(main.effective_to));
    H.text(H.by('certificate-number'), main.number);
    H.text(H.by('certificate-check'), main.check);
    H.by('certificate-link').href = address(main);
  } else {
    H.text(H.by('waiting-for'), answer.waiting.products.join('、'));
    H.text(H.by('waiting-number'), String(answer.waiting.number));
    H.text(H.by('waiting-note'), answer.waiting.note);
  }
  answer.certificates.forEach(function (each) {
    var days = H.day(each.effective_from) + '零点至' + H.day(each.effective_to) + '24点';
    var row = H.make('li');
    if (each !== main) {
      row.appendChild(H.make('a', '', each.product_name + '的凭证', { href: address(each) }));
      row.appendChild(H.make('span', '', (each.already ? '（您原来就有）' : '') + days));
      H.by(name + '-more').appendChild(row);
    }
  });
  H.panel(name);
};

if (H.by('join')) {
  H.join(H.by('join'));
}
