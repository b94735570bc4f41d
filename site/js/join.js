/* Joining, as far as signing in: is it open today, are there seats, mobile and code. What comes then is js/joining.js:
   it is asked for at the first touch, so that on a slow line the first panel is there sooner. */
H.join = function (page) {
  var door = {
    page: page,
    order: ['exclusions', 'person', 'answers', 'consents'],
    signedIn: H.mayBeSignedIn(),
    today: null,    // what the server says of this campaign today, or that it did not answer
    mine: false,    // whether it is known what this person has
    ended: '',      // the last panel: there is no way back into a form that is done
    proceed: proceed
  };
  var waiting = document.querySelector('[data-panel="wait"]');
  var rest = null;
  var asked = false;
  var opening = true;

  /* The step that can be shown. While the rest is on its way the page says so and keeps the name. */
  function draw(name) {
    var step = door.ended;
    if (!step && door.signedIn && !rest) {
      H.panel('wait', true);
      return name;
    }
    step = step || (door.signedIn ? rest.draw(name) : showSignIn(name));
    H.show(H.by('seats'), !door.ended && (!door.signedIn || step === 'exclusions'));
    if (door.ended || door.signedIn) {
      H.panel(step, step === 'wait');
    }
    return step;
  }

  function enter() {
    if (door.signedIn && rest) {
      rest.enter(opening);
      opening = false;
    } else if (door.signedIn) {
      H.panel('wait', true);
      fetchRest();
    }
  }

  function fetchRest() {
    if (asked) {
      return;
    }
    asked = true;
    H.errors(waiting, []);
    H.show(H.by('once-more'), false);
    H.script(page.getAttribute('data-rest'), H.waiting, function (came) {
      asked = came;
      if (came) {
        rest = H.joining(door, steps);
        enter();
      } else if (door.signedIn) {
        H.say('');
        H.errors(waiting, [['', H.NO_LINE]]);
        H.show(H.by('once-more'), true);
      }
    });
  }

  /* Why this page is of no use today, or nothing. It may be older than the texts in force, and a phone's clock
     may be wrong: the server says what holds today. A text is known by its hash, terms with their exclusions. */
  function closed() {
    function hashes(list) {
      return list.map(function (text) {
        return text.sha256;
      }).sort().join();
    }
    var today = door.today;
    return !today.ok ? '' : today.body.state !== 'open' ? today.body.state
      : hashes(today.body.consents) === hashes(H.texts(H.by('consents-form'))) ? '' : 'changed';
  }

  /* On, once both are known: what holds today, and what this person has. No answer hinders nobody: whatever is
     sent is checked again. */
  function proceed() {
    var why = door.today && closed();
    if (why && !door.ended && (door.mine || !door.signedIn)) {
      H.show(H.by('closed-' + why), true);
      door.ended = 'closed';
      steps.only('closed');
    } else if (door.today && door.mine && steps.here() === 'wait') {
      steps.only('exclusions');
    }
  }

  var steps = H.steps(door.order, draw);
  var showSignIn = H.signIn(steps, function () {
    door.signedIn = true;
    opening = false;
    enter();
  });

  H.by('mobile').addEventListener('input', fetchRest);
  H.by('once-more').addEventListener('click', fetchRest);
  H.ready();
  H.send('GET', '/campaigns/' + page.getAttribute('data-campaign'), null, { tries: 2 }, function (answer) {
    door.today = answer;
    if (answer.ok) {
      H.text(H.by('seats'), H.seats(answer.body.seats_at_least));
    }
    proceed();
  });
  if (door.signedIn) {
    enter();
  } else {
    steps.begin('code');
  }
};

/* The texts to agree to, as they are sent. */
H.texts = function (form) {
  return H.all('[data-sha256]', form).map(function (box) {
    return {
      scope: box.getAttribute('data-scope'),
      version: box.getAttribute('data-version'),
      sha256: box.getAttribute('data-sha256')
    };
  });
};

H.seats = function (atLeast) {
  return atLeast > 1 ? '至少还有' + atLeast + '个名额，先到先得。'
    : atLeast ? '名额不多了，先到先得。' : '现在名额满了，可以先排队。';
};

H.join(H.by('join'));
