/* Every part of a form at work, for whoever builds the next one (`make site`, /services/parts/). A form is as much
   as this: its steps, what each press does, what is kept, what is sent. */
H.parts = function (page) {
  var ORDER = ['fields', 'answers', 'consents'];
  var form = H.by('fields-form');
  var asked = H.by('consents-form');
  var draft = H.draft('huzhu-parts');
  var ended = '';

  /* The step asked for, or the first before it that is not done. */
  function draw(name) {
    var step = ended || (name !== 'fields' && H.problemsOf(form).length ? 'fields' : name);
    if (step === 'answers') {
      H.review(H.by('answers'), form, function (field) {
        steps.go('fields', function () {
          H.focus(field.name ? field : field.querySelector('input'));
        });
      });
    }
    H.panel(step);
    return step;
  }

  /* One attempt has one key until it has a definite answer, over a killed page too. */
  function send(button) {
    var free = H.busy(button, '正在提交…');
    draft.kept.key = draft.kept.key || H.newKey();
    draft.save();
    H.send('POST', '/parts', H.sent(form), { key: draft.kept.key, wait: H.waiting }, function (answer) {
      free();
      H.say('');
      if (answer.status > 0 && answer.status < 500 && answer.status !== 429) {
        delete draft.kept.key;
        draft.save();
      }
      if (answer.ok) {
        ended = 'done';
        draft.forget();
        steps.only('done');
      } else {
        H.problems(asked, answer);
      }
    });
  }

  var steps = H.steps(ORDER, draw);
  draft.follow(form);
  draft.follow(asked);
  H.pressed(form, function () {
    steps.go('answers');
  });
  H.pressed(H.by('answers-form'), function () {
    steps.go('consents');
  });
  H.pressed(asked, send, function () {
    return { list: H.notAgreed(asked) };
  });
  H.KINDS.id_number = {
    wrong: function (text) {
      return H.idProblem(text, H.shanghaiDay(1), [16, 60]);
    },
    shown: H.idGroups
  };
  H.ready();
  steps.begin(page.getAttribute('data-first'));
};

/* What stands in the fields, as the request's body: sums as fen, days as they are told. */
H.sent = function (form) {
  var body = {};
  H.fields(form).forEach(function (field) {
    var kind = field.getAttribute('data-kind');
    var value = H.valueOf(field);
    body[H.nameOf(field) + (kind === 'money' ? '_fen' : '')] = kind === 'money' ? H.fen(value)
      : kind === 'date' ? H.dayIn(field) : kind === 'id_number' ? H.typedNumber(value) : value;
  });
  return body;
};

H.parts(H.by('parts'));
