/* The index: its files, the sections a key stands in, and the order of the pages found. */
var files = {};
var catalogue, folder;

/* Calls done when all these files of the search are here, else failed. */
function load(names, done, failed) {
  names = names.filter(function (name) {
    return !files[name];
  });
  if (!names[0]) {
    done();
  }
  names.forEach(function (name) {
    var request = new XMLHttpRequest();
    request.open('GET', '/search/' + name + '.json');
    request.responseType = 'json';
    request.onloadend = function () {
      files[name] = request.response;
      if (!files[name]) {
        failed();
      } else if (names.every(function (each) { return files[each]; })) {
        done();
      }
    };
    request.send();
  });
}

/* Calls each(section, stands in its title) for the list of a key as postings.py packs it. */
function unpack(key, each) {
  var section = -1;
  var value = 0;
  var unit = 1;
  (key && files[fileOf(key)][key] || '').replace(/./g, function (digit) {
    var part = parseInt(digit, 36);
    value += part % 18 * unit;
    unit *= 18;
    if (part < 18) {
      section += (value >> 1) + 1;
      each(section, value & 1);
      value = 0;
      unit = 1;
    }
  });
}

/* How many terms a set of them (a bit each) has. */
function count(set) {
  return set.toString(2).split(1).length - 1;
}

function byPoints(a, b) {
  return b.points - a.points;
}

/* Pages with their sections, best first: those that have every term, or if none has, half of them. */
function rank(terms) {
  var sections = [];
  var pages = [];
  var n = 0;
  function having(least) {
    return pages.filter(function (to) {
      return count(to.has) >= least * terms.length;
    });
  }
  terms.forEach(function (term, number) {
    var points = {};
    [0, 1].forEach(function (other) {
      unpack(term[other], function (section, inTitle) {
        points[section] = Math.max(points[section] || 0, (1 + 3 * inTitle) * (1 - 0.25 * other));
      });
    });
    Object.keys(points).forEach(function (section, at, all) {
      var own = sections[section] = sections[section] || { points: 0, has: 0 };
      own.points += points[section] * Math.log(1 + catalogue.sections / all.length);
      own.has |= 1 << number;
    });
  });
  sections.forEach(function (own, at) {
    var to;
    while ((catalogue.pages[n + 1] || [])[3] <= at) {
      n += 1;
    }
    to = pages[n] = pages[n] || { page: catalogue.pages[n], number: n, best: [], has: 0, points: 0 };
    own.at = at - to.page[3];
    own.points *= count(own.has);
    to.has |= own.has;
    to.best.push(own);
    to.points += own.at ? 0 : own.points / 2;
  });
  pages.forEach(function (to) {
    to.points = (to.points + to.best.sort(byPoints)[0].points) * count(to.has) * (2 + to.page[2]);
  });
  pages = pages.filter(Boolean).sort(byPoints);
  terms.full = having(1)[0];
  return having(terms.full ? 1 : 0.5);
}
