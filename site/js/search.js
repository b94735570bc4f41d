/* The search page: nothing is read before somebody asks; texts only for results one can see. */
var form = document.querySelector('form');
var field = form.q;
var list = by('found');
var results, terms, shown, wanted, left;

function by(id) {
  return document.getElementById(id);
}

function make(parent, tag, text) {
  var node = parent.appendChild(document.createElement(tag));
  node.textContent = text || '';
  return node;
}

/* A section of a page, as the files of texts have it: [anchor, title, text]. */
function link(parent, to, section) {
  make(make(parent, 'h2'), 'a', section[1]).href = to.page[0] + (section[0] && '#' + section[0]);
}

/* One of the form's sentences. */
function say(name, number) {
  by('status').textContent = (form.getAttribute('data-' + name) || '').replace('#', number);
}

function failed() {
  say('failed');
}

/* The text around the first wanted word, each of them marked. */
function snippet(parent, text) {
  var from = Math.max(0, text.search(wanted) - 16);
  (text.substr(from, 72) + (text[from + 72] ? '…' : '')).split(wanted).forEach(function (part, n) {
    make(parent, n % 2 ? 'mark' : 'span', (from && !n ? '…' : '') + part);
  });
}

/* The first result in sight that still waits for its text, then the next; before one scrolls, as many as
   six requests for everything allow. */
function look() {
  var mine = results;
  [].some.call(list.children, function (node, n) {
    var to = mine[n];
    var file = folder + 't' + to.page[4];
    if (to.filled || node.getBoundingClientRect().top > innerHeight) {
      return;
    }
    left -= !files[file];
    if (left < 0) {
      return 1;
    }
    load([file], function () {
      if (mine !== results || to.filled) {
        return;
      }
      to.filled = 1;
      node.textContent = '';
      to.best.slice(0, 3).forEach(function (own, n) {
        var section = files[file][to.number][own.at];
        if (section[0] || !n) {
          link(node, to, section);
        }
        if (!n) {
          make(node, 'p', section[0] && to.page[1]);
          snippet(make(node, 'p'), section[2]);
        }
      });
      look();
    }, Boolean);
    return 1;
  });
}

function draw() {
  results.slice(shown, shown += 10).forEach(function (to) {
    link(make(list, 'li'), to, ['', to.page[1]]);
  });
  by('more').hidden = shown >= results.length;
  look();
}

function answer() {
  var also = '';
  results = rank(terms);
  wanted = terms.map(function (term) {
    also += term[1] && ' ' + catalogue.say[term[1].slice(0, -1)].join(' ');
    return term[2];
  });
  wanted = new RegExp('(' + wanted.join('|') + ')', 'i');
  say(!results[0] ? 'none' : terms.full ? 'found' : 'near', results.length);
  by('also').hidden = !also;
  by('words').textContent = also;
  by('none').hidden = by('ways').hidden = results[0];
  list.textContent = '';
  shown = 0;
  left = terms.files[1] ? 1 : 2;
  draw();
}

function search() {
  var query = field.value.trim();
  if (query) {
    say('busy');
    load(['catalogue'], function () {
      catalogue = files.catalogue;
      folder = catalogue.version + '/';
      var mine = terms = termsOf(query).slice(0, 30);
      mine.files = terms.map(function (term) {
        return fileOf(term[0]);
      }).filter(function (name, n, all) {
        return all.indexOf(name) === n;
      });
      load(mine.files, function () {
        if (mine === terms) {
          answer();
        }
      }, failed);
    }, failed);
  }
}

document.documentElement.className = 'js';
form.querySelector('button').disabled = false;
form.onsubmit = function () {
  history.replaceState(null, '', '?q=' + encodeURIComponent(field.value));
  search();
  return false;
};
by('more').onclick = draw;
window.onscroll = window.onmousemove = function () {
  left = 99;
  look();
};
field.value = new URLSearchParams(location.search).get('q') || '';
search();
