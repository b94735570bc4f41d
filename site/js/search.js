/* The search page: nothing is read before somebody asks; texts only for results one can see. */
(function () {
  var folder = '/search/';
  var form = document.querySelector('[role="search"]');
  var list = by('found');
  var shown = 10;
  var results, catalogue, wanted, asked;

  function by(id) {
    return document.getElementById(id);
  }

  function make(parent, tag, text, style) {
    var node = parent.appendChild(document.createElement(tag));
    node.textContent = text;
    node.className = style || '';
    return node;
  }

  function link(parent, to, section, text) {
    make(parent, 'a', text).href = catalogue.pages[to.page][0] + (section[0] && '#' + section[0]);
  }

  function say(text) {
    by('status').textContent = text;
  }

  function failed() {
    say('网络不太好，没有搜成。请再按一次「搜索」。');
  }

  /* Where the first marked word stands, and its piece of the text with every word marked. */
  function snippet(parent, text) {
    var pattern = new RegExp(wanted.join('|'), 'gi');
    var from = Math.max(0, text.search(pattern) - 16);
    var last = 0;
    text = (from ? '…' : '') + text.substr(from, 72) + (text.length > from + 72 ? '…' : '');
    text.replace(pattern, function (word, at) {
      parent.appendChild(document.createTextNode(text.slice(last, at)));
      make(parent, 'mark', word);
      last = at + word.length;
    });
    parent.appendChild(document.createTextNode(text.slice(last)));
  }

  function fill(node, to, part) {
    var page = catalogue.pages[to.page];
    var best = to.best.slice(0, 3).map(function (own) {
      return part[own.at - page[3]];
    });
    node.textContent = '';
    link(make(node, 'h2', ''), to, best[0], best[0][1]);
    if (best[0][0]) {
      make(node, 'p', page[1], 'small');
    }
    snippet(make(node, 'p', ''), best[0][2]);
    best.slice(1).forEach(function (section) {
      if (section[0]) {
        link(make(node, 'p', '', 'others'), to, section, section[1]);
      }
    });
    node.removeAttribute('data-waits');
  }

  /* The first result in sight that still waits for its text, then the next. */
  function look() {
    var mine = asked;
    var waiting = [].filter.call(list.querySelectorAll('[data-waits]'), function (node) {
      return node.getBoundingClientRect().top < window.innerHeight;
    });
    var path = waiting.length && waiting[0].getAttribute('data-waits');
    if (path) {
      H.load([path], function () {
        if (mine === asked) {
          [].forEach.call(list.children, function (node, n) {
            if (node.getAttribute('data-waits') === path) {
              fill(node, results[n], H.files[path][results[n].page]);
            }
          });
          look();
        }
      }, function () {});
    }
  }

  function draw() {
    results.slice(list.children.length, shown).forEach(function (to) {
      var page = catalogue.pages[to.page];
      var node = make(list, 'li', '');
      link(make(node, 'h2', ''), to, [''], page[1]);
      node.setAttribute('data-waits', folder + catalogue.version + '/t' + page[4] + '.json');
    });
    by('more').hidden = shown >= results.length;
    look();
  }

  function answer(query) {
    var found = H.terms(query, catalogue);
    function file(key) {
      return folder + catalogue.version + '/' + H.shard(key, catalogue.shards) + '.json';
    }
    H.load(found.terms.map(function (term) {
      return file(term[0]);
    }), function () {
      results = H.rank(found.terms, catalogue, function (key) {
        return H.files[file(key)][key];
      });
      wanted = found.terms.reduce(function (words, term) {
        return words.concat(term[2]);
      }, []);
      say(results.length ? (found.terms.full ? '找到' : '没有全对上的，相近的有') + results.length + '页' : '没有找到「' + query + '」');
      by('also').hidden = !found.also.length;
      by('also').textContent = '您是不是想找：' + found.also.join('、');
      by('none').hidden = by('ways').hidden = results.length > 0;
      list.textContent = '';
      shown = 10;
      draw();
    }, failed);
  }

  function search() {
    var query = form.elements.q.value.trim();
    asked = query;
    if (query) {
      say('正在找…');
      H.load([folder + 'catalogue.json'], function () {
        catalogue = H.files[folder + 'catalogue.json'];
        answer(query);
      }, failed);
    }
  }

  document.documentElement.className = 'js';
  form.onsubmit = function (event) {
    event.preventDefault();
    history.replaceState(null, '', '?q=' + encodeURIComponent(form.elements.q.value));
    search();
  };
  by('more').onclick = function () {
    shown += 10;
    draw();
  };
  window.onscroll = look;
  form.elements.q.value = decodeURIComponent((/[?&]q=([^&]*)/.exec(location.search) || ['', ''])[1].replace(/\+/g, ' '));
  search();
})();
