/* Signing in with a code by SMS: panel `mobile`, then panel `code`. `done()` runs with a session at hand. */
H.SOLUTION_MS = 120 * 1000;

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

H.signIn = function (done) {
  var mobilePanel = document.querySelector('[data-panel="mobile"]');
  var codePanel = document.querySelector('[data-panel="code"]');
  var mobile = H.by('mobile');
  var code = H.by('code');
  var again = H.by('again');
  var solver = H.solver(mobilePanel.getAttribute('data-solver'));
  // Reading the SMS in another app may kill this page: the challenge survives, the code is never kept.
  var memory = H.store('sessionStorage', 'huzhu-sign-in', 600 * 1000);
  var asked = memory.read();
  var ticking = 0;

  function typedMobile() {
    return mobile.value.replace(/[\s-]/g, '').replace(/^\+86/, '');
  }

  /* A puzzle that grew too old while the page lay open is solved anew, once, without a word. */
  function ask(panel, button, secondTime) {
    var number = typedMobile();
    if (!/^1[3-9]\d{9}$/.test(number)) {
      H.panel('mobile', true);
      H.errors(mobilePanel, [['mobile', mobile.getAttribute('data-problem')]]);
      return;
    }
    H.errors(panel, []);
    var free = H.busy(button, '正在发送…');
    H.say('正在做安全检查，一般不到3秒。');
    solver.take(function (payload, failure) {
      if (!payload) {
        free();
        H.problems(panel, failure);
        return;
      }
      H.send('POST', '/sign-in/codes', { mobile: number, altcha: payload }, { wait: H.waiting, key: H.newKey() },
        function (answer) {
          free();
          H.say('');
          if (/^sign_in\.proof/.test(answer.code) && !secondTime) {
            ask(panel, button, true);
            return;
          }
          if (!answer.ok) {
            H.problems(panel, answer);
            return;
          }
          asked = { id: answer.body.challenge_id, mobile: number, next: Date.now() + answer.body.resend_in_seconds * 1000 };
          memory.write(asked);
          code.value = '';
          showCode();
        });
    });
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

  function tick() {
    var left = Math.ceil((asked.next - Date.now()) / 1000);
    again.disabled = left > 0;
    H.text(again, left > 0 ? left + '秒后可以重新获取' : '没收到？重新获取');
    if (left <= 0) {
      window.clearInterval(ticking);
    }
  }

  mobile.addEventListener('input', solver.start);
  H.by('mobile-form').addEventListener('submit', function (event) {
    event.preventDefault();
    ask(mobilePanel, this.querySelector('button'));
  });
  again.addEventListener('click', function () {
    mobile.value = mobile.value || asked.mobile;
    ask(codePanel, again);
  });
  H.by('other-mobile').addEventListener('click', function () {
    memory.forget();
    H.panel('mobile');
  });
  H.by('code-form').addEventListener('submit', function (event) {
    var typed = code.value.replace(/\s/g, '');
    event.preventDefault();
    if (!/^\d{6}$/.test(typed)) {
      H.errors(codePanel, [['code', code.getAttribute('data-problem')]]);
      return;
    }
    H.errors(codePanel, []);
    var free = H.busy(this.querySelector('button'), '正在核对…');
    H.send('POST', '/sign-in/sessions', { challenge_id: asked.id, code: typed }, { wait: H.waiting, key: H.newKey() },
      function (answer) {
        free();
        code.value = '';
        if (!answer.ok) {
          H.problems(codePanel, answer);
          return;
        }
        memory.forget();
        done();
      });
  });

  return function () {
    if (asked.id) {
      mobile.value = asked.mobile;
      showCode();
    } else {
      H.panel('mobile', true);
    }
  };
};
