/* Requests to /api. One shape of answer, patient with a bad line, never twice by accident.

   H.send(method, path, body, options, done)
     options.key    Idempotency-Key, when it must outlive this call; every try of one call has the same
     options.wait   called with (seconds, tries left) before each further try
     done(answer)   {ok, status, body, code, detail, fields, retry}; status 0: no answer came */
H.TRIES = 4;
H.LONGEST_WAIT_SECONDS = 12;
H.REPLY_WITHIN_MS = 20000;
H.NO_LINE = '网络不通，没有连上服务。请检查网络后再试一次，您填的内容还在。';
H.BUSY = '现在参加的人很多，请稍后再试一次，您填的内容还在。';
H.FAULT = '系统出了点问题，您填的内容还在。请稍后再试，或拨打12351。';

/* The session is out of a script's reach, so a phone that signed in leaves itself a word: who never did is not
   asked about, and no stranger's console shows a refusal. Where nothing can be kept, the server is asked. */
H.SIGNED_IN = 'huzhu-signed-in';

H.signedIn = function (yes) {
  try {
    if (yes) {
      window.localStorage.setItem(H.SIGNED_IN, 'yes');
    } else {
      window.localStorage.removeItem(H.SIGNED_IN);
    }
  } catch (refused) {
    return;
  }
};

H.mayBeSignedIn = function () {
  try {
    return window.localStorage.getItem(H.SIGNED_IN) === 'yes';
  } catch (refused) {
    return true;
  }
};

H.newKey = function () {
  var bytes = new Uint8Array(16);
  var text = '';
  window.crypto.getRandomValues(bytes);
  for (var i = 0; i < bytes.length; i++) {
    text += ('0' + bytes[i].toString(16)).slice(-2);
  }
  return text;
};

H.send = function (method, path, body, options, done) {
  var tries = options.tries || H.TRIES;
  var key = options.key || H.newKey();
  var pause = 1;

  function attempt() {
    H.once(method, path, body, key, function (answer) {
      tries -= 1;
      var passing = answer.status === 0 || answer.status === 429 || answer.status >= 502;
      var wait = answer.retry || pause;
      if (!passing || tries <= 0 || wait > H.LONGEST_WAIT_SECONDS) {
        done(answer);
        return;
      }
      // Half a second apart at random, so that a hall full of phones does not come back in one beat.
      wait += Math.random() / 2;
      pause *= 2;
      if (options.wait) {
        options.wait(Math.ceil(wait), tries);
      }
      window.setTimeout(attempt, wait * 1000);
    });
  }

  attempt();
};

/* A further script of this page, asked for until it comes. `wait` as in H.send; done(whether it came). */
H.script = function (address, wait, done) {
  var tries = H.TRIES;
  var pause = 1;

  function attempt() {
    var script = document.createElement('script');
    script.src = address;
    script.onload = function () {
      done(true);
    };
    script.onerror = function () {
      tries -= 1;
      if (!tries) {
        done(false);
        return;
      }
      wait(pause, tries);
      window.setTimeout(attempt, pause * 1000);
      pause *= 2;
    };
    document.head.appendChild(script);
  }

  attempt();
};

H.once = function (method, path, body, key, done) {
  var request = new XMLHttpRequest();
  request.open(method, '/api' + path);
  request.timeout = H.REPLY_WITHIN_MS;
  request.setRequestHeader('Accept', 'application/json');
  if (body) {
    request.setRequestHeader('Content-Type', 'application/json');
  }
  if (method !== 'GET') {
    request.setRequestHeader('Idempotency-Key', key);
  }
  request.onloadend = function () {
    if (request.status === 401) {
      H.signedIn(false);
    }
    done(H.answer(request));
  };
  request.send(body ? JSON.stringify(body) : null);
};

H.answer = function (request) {
  var status = request.status;
  var read = null;
  try {
    read = JSON.parse(request.responseText);
  } catch (ignored) {
    read = null;
  }
  var ok = status >= 200 && status < 300;
  var problem = (!ok && read) || {};
  var fallback = status === 0 ? H.NO_LINE : (status === 429 || status === 503) ? H.BUSY : H.FAULT;
  return {
    ok: ok,
    status: status,
    body: read || {},
    code: problem.code || '',
    detail: problem.detail || fallback,
    fields: problem.fields || {},
    retry: status ? parseInt(request.getResponseHeader('Retry-After'), 10) || 0 : 0
  };
};
