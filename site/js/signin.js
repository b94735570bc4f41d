/* Signing in with a code by SMS: step `mobile`, then step `code`. `done()` runs with a session at hand. */
H.SOLUTION_MS = 120 * 1000;

/* Without spaces, dashes and the country's number. */
H.mobileText = function (typed) {
  return H.typedNumber(typed).replace(/^\+86/, '');
};

H.KINDS.tel = {
  wrong: function (typed, field) {
    var text = H.mobileText(typed);
    return /^1[3-9]\d{9}$/.test(text) ? ''
      : /^\d+$/.test(text) && text.length !== 11 ? '手机号是11位，现在是' + text.length + '位。请检查。'
        : field.getAttribute('data-problem');
  }
};

H.KINDS.code = {
  wrong: function (typed, field) {
    var text = H.typedNumber(typed);
    return /^\d{6}$/.test(text) ? ''
      : /^\d+$/.test(text) ? '验证码是6位，现在是' + text.length + '位。请看短信重新填。' : field.getAttribute('data-problem');
  }
};

/* Proof of work, begun at the first touch of the form so that nobody waits for it. */
H.solver = function (url) {
  var waiting = null;
  var running = false;
  var found = '';
  var since = 0;

  function finish(payload, answer) {
    var waiter = waiting;
    running = false;
    found = payload;
    since = Date.now();
    waiting = null;
    if (waiter) {
      found = '';
      waiter(payload, answer);
    }
  }

  function solve(answer) {
    var task = answer.body;
    var worker;
    if (!answer.ok) {
      finish('', answer);
      return;
    }
    worker = new Worker(url);
    worker.onmessage = function (event) {
      worker.terminate();
      task.number = event.data;
      finish(task.number < 0 ? '' : btoa(JSON.stringify(task)), { detail: H.FAULT, fields: {} });
    };
    worker.onerror = function () {
      finish('', { detail: '这部手机的浏览器太旧，做不了安全检查。请换一个浏览器，或拨打12351由工作人员帮您办理。', fields: {} });
    };
    worker.postMessage(task);
  }

  function start() {
    if (!running && !(found && Date.now() - since < H.SOLUTION_MS)) {
      running = true;
      found = '';
      H.send('GET', '/sign-in/challenge', null, {}, solve);
    }
  }

  return {
    start: start,
    take: function (use) {
      waiting = use;
      start();
      if (!running) {
        finish(found, null);
      }
    }
  };
};

H.signIn = function (steps, done) {
  var mobilePanel = document.querySelector('[data-panel="mobile"]');
  var codePanel = document.querySelector('[data-panel="code"]');
  var mobile = H.by('mobile');
  var code = H.by('code');
  var again = H.by('again');
  var solver = H.solver(document.querySelector('[data-solver]').getAttribute('data-solver'));
  // Reading the SMS in another app may kill this page, and a link in a message opens a new tab: what was asked for
  // survives, for ten minutes; the code is never kept.
  //   mobile, at, pause  who asked, when by this phone's clock (ms), and how long to wait before another SMS (s)
  //   sent               [{id, key, until}] newest first: an SMS that comes late holds the code of an older one
  //   lost               {mobile, altcha, key, at} of a request whose answer never came
  var memory = H.store('localStorage', 'huzhu-sign-in', 600 * 1000);
  var asked = memory.read();
  var ticking = 0;
  var first = true;

  function sentTo(number) {
    return asked.mobile === number && asked.sent || [];
  }

  /* A press wants one SMS. While it is not known whether that was sent, the next press asks for the same one
     again; the server then gives the same answer. */
  function ask(panel, button) {
    var number = H.mobileText(mobile.value);
    H.errors(panel, []);
    if (asked.sent && asked.mobile === number && toWait() > 0) {
      steps.go('code');
      return;
    }
    var free = H.busy(button, '正在发送…');
    var lost = asked.lost;

    function stop(answer) {
      free();
      H.problems(panel, answer);
    }

    if (lost && lost.mobile === number && Date.now() - lost.at < H.SOLUTION_MS) {
      order(lost, free, stop);
    } else {
      prove(number, free, stop);
    }
  }

  function prove(number, free, stop, secondTime) {
    H.say('正在做安全检查，一般不到3秒。');
    solver.take(function (payload, failure) {
      if (payload) {
        order({ mobile: number, altcha: payload, key: H.newKey(), at: Date.now() }, free, stop, secondTime);
      } else {
        stop(failure);
      }
    });
  }

  /* A puzzle that grew too old while the page lay open is solved anew, once, without a word. */
  function order(wanted, free, stop, secondTime) {
    asked.lost = wanted;
    memory.write(asked);
    H.send('POST', '/sign-in/codes', { mobile: wanted.mobile, altcha: wanted.altcha }, { wait: H.waiting, key: wanted.key },
      function (answer) {
        var now = Date.now();
        H.say('');
        if (answer.status > 0 && answer.status < 500) {
          delete asked.lost;
          memory.write(asked);
        }
        if (/^sign_in\.proof/.test(answer.code) && !secondTime) {
          prove(wanted.mobile, free, stop, true);
        } else if (!answer.ok) {
          stop(answer);
        } else {
          free();
          asked = {
            mobile: wanted.mobile,
            at: now,
            pause: answer.body.resend_in_seconds,
            sent: [{
              id: answer.body.challenge_id,
              key: H.newKey(),
              until: now + answer.body.expires_in_seconds * 1000
            }].concat(sentTo(wanted.mobile))
          };
          memory.write(asked);
          code.value = '';
          steps.go('code');
        }
      });
  }

  /* The code is offered to the newest request first, then to the older ones that still live. One key for
     each, kept over presses: when the answer was lost, the same code gets the very same session. 422: that
     session was opened by another code, so this one is wrong. */
  function trade(requests, typed, free, first) {
    H.send('POST', '/sign-in/sessions', { challenge_id: requests[0].id, code: typed }, { wait: H.waiting, key: requests[0].key },
      function (answer) {
        var wrong = answer.status === 422 || /^sign_in\.(wrong_|code_)/.test(answer.code);
        if (answer.status === 422) {
          answer.fields = { code: '验证码不对，请核对短信后重填。' };
        }
        if (wrong && requests.length > 1) {
          trade(requests.slice(1), typed, free, first || answer);
          return;
        }
        free();
        H.say('');
        if (wrong || answer.ok) {
          code.value = '';
        }
        if (answer.ok) {
          H.signedIn(true);
          leave();
        } else {
          H.problems(codePanel, wrong && first || answer);
        }
      });
  }

  function leave() {
    asked = {};
    memory.forget();
    window.clearInterval(ticking);
    done();
  }

  function showCode() {
    H.text(H.by('sent-to'), asked.mobile.replace(/^(\d{3})\d{4}/, '$1****'));
    H.panel('code', true);
    H.say('验证码已发出。');
    H.focus(code);
    window.clearInterval(ticking);
    ticking = window.setInterval(tick, 1000);
    tick();
  }

  /* Seconds until another SMS may be asked for, as far as this phone's clock knows: the server decides. A clock
     that was set back makes nobody wait. */
  function toWait() {
    var gone = (Date.now() - asked.at) / 1000;
    return gone < 0 ? 0 : Math.ceil(asked.pause - gone);
  }

  function tick() {
    var left = toWait();
    again.disabled = left > 0;
    H.text(again, left > 0 ? left + '秒后可以重新获取' : '没收到？重新获取');
    if (left <= 0) {
      window.clearInterval(ticking);
    }
  }

  // Somebody typed the code in another tab.
  window.addEventListener('storage', function (event) {
    if (event.key === H.SIGNED_IN && event.newValue && !(mobilePanel.hidden && codePanel.hidden)) {
      leave();
    }
  });
  mobile.addEventListener('input', solver.start);
  H.pressed(H.by('mobile-form'), function (button) {
    ask(mobilePanel, button);
  });
  again.addEventListener('click', function () {
    mobile.value = asked.mobile;
    ask(codePanel, again);
  });
  H.by('other-mobile').addEventListener('click', function () {
    asked = {};
    memory.forget();
    steps.go('mobile');
  });
  H.pressed(H.by('code-form'), function (button) {
    trade(asked.sent.filter(function (request, place) {
      return place === 0 || request.until > Date.now();
    }), H.typedNumber(code.value), H.busy(button, '正在核对…'));
  });

  /* Shows the step of signing in that can be shown, and gives its name. */
  return function (name) {
    if (asked.sent && name !== 'mobile') {
      mobile.value = asked.mobile;
      showCode();
      return 'code';
    }
    mobile.value = mobile.value || (asked.lost ? asked.lost.mobile : asked.mobile || '');
    H.panel('mobile', first);
    first = false;
    return 'mobile';
  };
};
