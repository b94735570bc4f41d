/* What is asked for: terms of a query, by the keys the index has for them (site/sitebuild/search/keys.py).

A term is [key, key of the words we write for it or nothing, pattern of what to mark in a text]. With `whole` the words
of a question count too: somebody may ask for nothing else. */
function fold(text) {
  return text.normalize('NFKC').toLowerCase().replace(/(\d),(?=\d)/g, '$1');
}

function termsOf(query, whole) {
  var terms = [];
  var pairs;
  function add(key, other, marks) {
    if (!terms.some(function (term) { return term[0] === key; })) {
      terms.push([key, other, marks]);
    }
  }
  fold(query).replace(new RegExp(Object.keys(catalogue.say).join('|'), 'g'), function (word) {
    var written = catalogue.say[word];
    if (written) {
      add(word + '=', word + '~', written.concat(word).join('|'));
    }
    return written || !whole ? ' ' : word;
  }).replace(/[\u3400-\u9fff]+|[a-z0-9]+/g, function (run) {
    if (run < '\u3400' || !run[1]) {
      add(run, '', run);
    } else {
      run.replace(/.(?=(.))/g, function (one, next) {
        add(one + next, '', run + '|' + one + next);
      });
    }
  });
  pairs = terms.filter(function (term) {
    return term[0][1];
  });
  return pairs[0] ? pairs : whole ? terms : termsOf(query, 1);
}

/* The file a key lies in: of a pair one character decides, the same one of two neighbours. */
function fileOf(key) {
  var first = key.charCodeAt(0);
  var second = key.charCodeAt(1) || first;
  return folder + (key[1] ? '' : 'c') + ((second * 61403 & 65535) < (first * 61403 & 65535) ? second : first) % catalogue.shards;
}
