/* What is asked for: terms of a query, and the keys the index has for them (site/sitebuild/search/keys.py). */
H.fold = function (text) {
  return text.normalize('NFKC').toLowerCase().replace(/(\d),(?=\d)/g, '$1');
};

/* A term is [key, key of the words we write for it or nothing, what to mark in a text]. */
H.terms = function (query, catalogue, whole) {
  var text = H.fold(query);
  var terms = [];
  var single = [];
  var also = [];
  var said = {};
  var known = whole ? [] : catalogue.skip.slice();
  function add(list, key, other, marks) {
    if (!list.some(function (term) { return term[0] === key; })) {
      list.push([key, other, marks]);
    }
  }
  catalogue.say.forEach(function (pair) {
    pair[0].forEach(function (word) {
      said[H.fold(word)] = pair[1];
    });
  });
  known = known.concat(Object.keys(said)).sort(function (a, b) {
    return b.length - a.length;
  });
  text = text.replace(new RegExp(known.join('|'), 'g'), function (word) {
    if (said[word]) {
      also = also.concat(said[word]);
      add(terms, word + '=', word + '~', [word].concat(said[word].map(H.fold)));
    }
    return ' ';
  });
  (text.match(/[\u3400-\u9fff]+|[a-z0-9]+/g) || []).forEach(function (run) {
    var at;
    if (run < '\u3400') {
      add(terms, run, '', [run]);
    } else if (run.length < 2) {
      add(single, run, '', [run]);
    }
    for (at = 0; run >= '\u3400' && at < run.length - 1; at += 1) {
      add(terms, run.substr(at, 2), '', [run, run.substr(at, 2)]);
    }
  });
  terms = terms.length ? terms : single;
  return terms.length || whole ? { terms: terms, also: also } : H.terms(query, catalogue, true);
};

/* The file a key lies in: of a pair one character decides, the same one of two neighbours. */
H.shard = function (key, shards) {
  var first = key.charCodeAt(0);
  var second = key.charCodeAt(1);
  if (key.length < 2) {
    return 'c' + first % (shards / 4);
  }
  return String((((second * 61403) & 65535) < ((first * 61403) & 65535) ? second : first) % shards);
};
