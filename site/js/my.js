/* My cover: "am I covered today?" in one answer, then each cover, then what we sent. */
H.STATES = {
  in_force: ['保障中', 'good'],
  not_yet: ['尚未生效', 'soon'],
  waiting: ['尚未生效', 'soon'],
  ended: ['已到期', 'past'],
  withdrawn: ['已撤销', 'past']
};

H.my = function () {
  var panel = document.querySelector('[data-panel="covers"]');
  var older = '';

  function answerOf(covers) {
    function first(state) {
      return covers.items.filter(function (item) {
        return item.state === state;
      })[0];
    }
    var found;
    if (covers.covered_today) {
      found = covers.items.filter(function (item) {
        return item.state === 'in_force' && item.starts.some(function (each) {
          return each.from <= covers.today;
        });
      })[0];
      if (!found) {
        found = first('in_force');
        return ['等待期', 'soon', found.product_name + '已经开始，还没到给钱的日子。' + later(found, covers.today)];
      }
      return ['有保障', 'good',
        found.product_name + '，到' + H.day(found.to) + '24点为止。' + later(found, covers.today)];
    }
    found = first('not_yet');
    if (found) {
      return ['还没有', 'soon', found.product_name + '从' + H.day(found.from) + '零点起保障，在这之前发生的意外不能申领。'];
    }
    found = first('waiting');
    if (found) {
      return ['还没有', 'soon', '您在排队，排队号' + found.waiting_number + '。有名额后会发短信，生效日以短信为准。'];
    }
    return ['没有', 'past', '这个手机号名下今天没有保障。单位替您参加的，请用登记的手机号登录，或拨打12351查询。'];
  }

  /* What of a cover in force is not paid yet, or not in full. */
  function later(item, today) {
    var waits = item.starts.filter(function (each) {
      return each.full_from > today;
    });
    return waits.length ? H.starts(waits).join('；') + '。' : '';
  }

  function row(list, name, value) {
    if (value) {
      list.appendChild(H.make('dt', '', name));
      list.appendChild(H.make('dd', '', value));
    }
  }

  function cover(item) {
    var state = H.STATES[item.state];
    var box = H.make('article', 'cover');
    var list = H.make('dl', 'facts');
    var head = H.make('h2', '', item.product_name + ' ');
    head.appendChild(H.make('span', 'tag ' + state[1], state[0]));
    box.appendChild(head);
    row(list, '保障期', item.from && H.day(item.from) + '零点至' + H.day(item.to) + '24点');
    if (item.state === 'not_yet' || item.state === 'in_force') {
      H.starts(item.starts).forEach(function (text, index) {
        row(list, index ? ' ' : '从哪天起管', text);
      });
    }
    row(list, '排队号', item.waiting_number && String(item.waiting_number));
    row(list, '出资', item.sponsor);
    row(list, '凭证编号', item.certificate_number);
    box.appendChild(list);
    if (item.certificate_number) {
      box.appendChild(H.make('a', 'more', '看保障凭证', {
        href: '/services/certificate/#' + item.certificate_number + '.' + item.check
      }));
    }
    if (item.terms_version) {
      box.appendChild(H.make('a', 'more', '看条款', {
        href: '/products/' + item.product + '/terms-' + item.terms_version + '/'
      }));
    }
    return box;
  }

  function message(item) {
    var node = H.make('li');
    // Instants are UTC; people read the Shanghai day and minute.
    var at = new Date(Date.parse(item.at) + 8 * 3600 * 1000).toISOString();
    node.appendChild(H.make('time', '', H.day(at.slice(0, 10)) + ' ' + at.slice(11, 16)));
    node.appendChild(H.make('p', '', item.text));
    return node;
  }

  function showCovers(covers) {
    var answer = answerOf(covers);
    var big = H.by('answer');
    big.className = 'answer ' + answer[1];
    H.text(H.by('today'), H.day(covers.today));
    H.text(H.by('answer-word'), answer[0]);
    H.text(H.by('answer-more'), answer[2]);
    H.by('covers').textContent = '';
    covers.items.forEach(function (item) {
      H.by('covers').appendChild(cover(item));
    });
    filled = true;
    steps.only('covers');
  }

  function load() {
    H.say('正在查询…');
    H.send('GET', '/me/coverages', null, { wait: H.waiting }, function (answer) {
      if (answer.status === 401) {
        H.say('');
        steps.only('code');
      } else if (answer.ok) {
        showCovers(answer.body);
        inbox('');
      } else {
        H.problems(document.querySelector('[data-panel="mobile"]'), answer);
      }
    });
  }

  /* The newest page of messages, and a button for the page before it. */
  function inbox(before) {
    var path = '/me/inbox' + (before ? '?before=' + encodeURIComponent(before) : '');
    H.send('GET', path, null, {}, function (answer) {
      var list = H.by('inbox');
      if (!before) {
        list.textContent = '';
      }
      (answer.body.items || []).forEach(function (item) {
        list.appendChild(message(item));
      });
      older = answer.body.next || '';
      H.show(H.by('older'), Boolean(older));
      H.text(H.by('inbox-empty'), answer.ok ? '还没有消息。' : answer.detail);
      H.show(H.by('inbox-empty'), !answer.ok || !list.children.length);
    });
  }

  var filled = false;
  var steps = H.steps([], function (name) {
    if (!filled) {
      return showSignIn(name);
    }
    H.panel('covers');
    return 'covers';
  });
  var showSignIn = H.signIn(steps, load);

  H.by('older').addEventListener('click', function () {
    inbox(older);
  });
  H.by('sign-out').addEventListener('click', function () {
    var free = H.busy(this, '正在退出…');
    H.send('DELETE', '/sign-in/sessions', null, {}, function (answer) {
      free();
      if (answer.ok || answer.status === 401) {
        H.signedIn(false);
        // A fresh page: nothing of this person stays in it, not even out of sight.
        window.location.reload();
      } else {
        H.problems(panel, answer);
      }
    });
  });

  H.ready();
  if (H.mayBeSignedIn()) {
    H.panel('mobile', true);
    load();
  } else {
    steps.begin('code');
  }
};

if (H.by('my')) {
  H.my();
}
