/* Joining after signing in: what is not covered, five fields, a look at the answers, the consents, then the result.
   `door` is js/join.js: whether somebody is signed in, what holds today, where the form has ended. */
H.joining = function (door, steps) {
  var page = door.page;
  var form = H.by('person-form');
  var asked = H.by('consents-form');
  var campaign = page.getAttribute('data-campaign');
  var products = page.getAttribute('data-products').split(',');
  var ages = page.getAttribute('data-ages').split(',').map(Number);
  var idNumber = form.elements.id_number;
  var draft = H.draft('huzhu-join-' + campaign);
  var ticks = H.all('input[data-exclusion]', page);
  var channel = /[?&]channel=([a-z0-9_-]{1,40})(?:&|$)/.exec(window.location.search);

  if (channel) {
    draft.kept.channel = channel[1];
  }
  H.KINDS.name = {
    wrong: function (text) {
      return H.typedName(text) ? '' : H.NAME_WRONG;
    },
    shown: H.typedName
  };
  H.KINDS.id_number = {
    wrong: function (text) {
      return H.idProblem(text, H.shanghaiDay(1), ages);
    },
    shown: H.idGroups
  };

  function restore() {
    var some;
    [H.by('exclusions-form'), form, asked].forEach(draft.follow);
    some = H.all('[data-keep]', form).some(function (field) {
      return field.value;
    });
    H.show(H.by('restored'), some);
    H.show(H.by('retype-id'), some && !idNumber.value);
    H.show(H.by('unanswered'), Boolean(draft.kept.key));
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
    return products.map(function (product) {
      return {
        product: product,
        exclusions: ticks.filter(function (tick) {
          return tick.checked && tick.getAttribute('data-exclusion') === product;
        }).map(function (tick) {
          return tick.value;
        })
      };
    });
  }

  function body() {
    var sent = {
      campaign: campaign,
      name: H.typedName(form.elements.name.value),
      id_number: H.typedNumber(idNumber.value),
      occupation_group: form.elements.occupation_group.value,
      platform: H.typed(form.elements.platform.value),
      district: form.elements.district.value,
      acknowledgements: acknowledgements(),
      consents: H.texts(asked)
    };
    if (draft.kept.channel) {
      sent.channel = draft.kept.channel;
    }
    return sent;
  }

  /* The key is stored before it is sent: a page reloaded in between asks with the same one, and the server
     answers with the same enrolment. It ends with a definite answer. 422: the answer belongs to what was
     sent before an edit; a new key then finds the cover that exists, or joins. */
  function submit(button, secondTime) {
    var free = H.busy(button, '正在提交…');
    draft.kept.key = draft.kept.key || H.newKey();
    draft.save();
    H.send('POST', '/enrollments', body(), { key: draft.kept.key, wait: H.waiting }, function (answer) {
      var definite = answer.status > 0 && answer.status < 500 && answer.status !== 429;
      free();
      H.say('');
      if (definite) {
        delete draft.kept.key;
        draft.save();
      }
      if (answer.ok) {
        end(H.joined(answer.body));
      } else if (answer.status === 401) {
        door.signedIn = false;
        steps.go('mobile', function () {
          H.errors(H.by('mobile-form'), [['', '登录已经过期。请重新验证手机，您填的内容还在。']]);
        });
      } else if (answer.status === 422 && !secondTime) {
        submit(button, true);
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
      steps.go('person', function () {
        H.problems(form, answer);
      });
    } else {
      H.problems(asked, answer);
    }
  }

  function end(name) {
    door.ended = name;
    draft.forget();
    // Nothing of this person stays in the page, not even out of sight.
    form.reset();
    H.by('answers').textContent = '';
    steps.only(name);
  }

  /* Whoever has all of it, or waits for it here, is told so and led through nothing. */
  function look() {
    H.send('GET', '/me/coverages', null, { tries: 2 }, function (answer) {
      var held = answer.ok && H.alreadyJoined(answer.body, products, campaign);
      if (answer.status === 401) {
        door.signedIn = false;
        steps.only('code');
      } else if (held) {
        end(H.joined(held));
      } else {
        door.mine = true;
        door.proceed();
      }
    });
  }

  /* The step `name`, or the one before it that is not done. */
  function possible(name) {
    var known = door.order.indexOf(name) >= 0;
    if (!known && !door.mine) {
      return 'wait';
    }
    if (acknowledged().length < ticks.length) {
      return 'exclusions';
    }
    return !known || name !== 'exclusions' && H.problemsOf(form).length ? 'person' : name;
  }

  function draw(name) {
    var step = possible(name);
    if (step === 'answers') {
      H.review(H.by('answers'), form, function (field) {
        steps.go('person', function () {
          H.focus(field);
        });
      });
    }
    if (step !== 'wait') {
      draft.passing.step = step;
      draft.save();
    }
    return step;
  }

  H.pressed(H.by('exclusions-form'), function () {
    steps.go('person');
  }, function () {
    var missing = ticks.filter(function (tick) {
      return !tick.checked;
    });
    return {
      list: missing.map(function (tick) {
        return [tick.name, '看懂以后，请勾选这一条。'];
      }),
      brief: missing.length ? '还有' + missing.length + '条没有勾选。每一条都要看。' : ''
    };
  });
  H.pressed(form, function () {
    steps.go('answers');
  });
  H.pressed(H.by('answers-form'), function () {
    steps.go('consents');
  });
  H.pressed(asked, submit, function () {
    return { list: H.notAgreed(asked) };
  });

  /* Said on leaving the field, gone as soon as it is right; never under a thumb that is pressing a button. */
  function checkId(event) {
    var wrong = idNumber.hasAttribute('aria-invalid');
    var problem = idNumber.value ? H.problemOf(idNumber) : '';
    H.text(H.by('id-count'), '已填' + H.typedNumber(idNumber.value).length + '位，共18位');
    if (event.type === 'blur' ? problem && (event.relatedTarget || {}).type !== 'submit' : wrong && !problem) {
      H.mark(form, idNumber, problem);
    }
  }

  idNumber.addEventListener('input', checkId);
  idNumber.addEventListener('blur', checkId);
  H.by('start-over').addEventListener('click', function () {
    draft.forget();
    window.location.reload();
  });

  restore();
  return {
    draw: draw,
    /* With a session at hand; `opening` is a page just opened, which stands where it stood. */
    enter: function (opening) {
      if (opening) {
        steps.begin(draft.passing.step || 'wait');
        look();
      } else if (draft.passing.step) {
        steps.go(draft.passing.step, look);
      } else {
        steps.only('wait', look);
      }
    }
  };
};
