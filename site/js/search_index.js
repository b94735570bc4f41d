/* The index: its files, the sections a key stands in, and the order of the pages found. */
H.files = {};

/* Calls done when all paths are read, or failed once. */
H.load = function (paths, done, failed) {
  var left = 1;
  function one() {
    left -= 1;
    if (!left) {
      done();
    }
  }
  paths.forEach(function (path) {
    var request;
    if (!H.files[path]) {
      left += 1;
      request = new XMLHttpRequest();
      request.onload = function () {
        if (request.status === 200) {
          H.files[path] = JSON.parse(request.responseText);
          one();
        } else {
          failed();
        }
      };
      request.onerror = failed;
      request.open('GET', path);
      request.send();
    }
  });
  one();
};

/* Calls each(section, stands in its title) for a list as postings.py packs it. */
H.unpack = function (list, each) {
  var digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_';
  var section = -1;
  var value = 0;
  var unit = 1;
  list.split('').forEach(function (digit) {
    var part = digits.indexOf(digit);
    value += part % 32 * unit;
    unit *= 32;
    if (part < 32) {
      section += (value >> 1) + 1;
      each(section, value & 1);
      value = 0;
      unit = 1;
    }
  });
};

/* Pages as {page, best: [sections, best first]}, best first. Pages that have every term, or if there is none
   those that have half of them. */
H.rank = function (terms, catalogue, listOf) {
  var pageOf = [];
  var found = {};
  var all;
  catalogue.pages.forEach(function (page, n) {
    var last = (catalogue.pages[n + 1] || [0, 0, 0, catalogue.sections])[3];
    for (var section = page[3]; section < last; section += 1) {
      pageOf[section] = n;
    }
  });
  terms.forEach(function (term, number) {
    var points = {};
    [term[0], term[1]].forEach(function (key, n) {
      H.unpack(key && listOf(key) || '', function (section, inTitle) {
        points[section] = Math.max(points[section] || 0, (inTitle ? 3 : 1) * (n ? 0.6 : 1));
      });
    });
    var rarity = Math.log(1 + catalogue.sections / Object.keys(points).length);
    Object.keys(points).forEach(function (section) {
      var page = pageOf[section];
      var to = found[page] = found[page] || { page: page, sections: {}, title: 0, has: {} };
      var gain = points[section] * rarity;
      var own = to.sections[section] = to.sections[section] || { at: Number(section), points: 0, has: 0 };
      own.points += gain;
      own.has += 1;
      to.has[number] = true;
      if (own.at === catalogue.pages[page][3] && points[section] > 1) {
        to.title += gain;
      }
    });
  });
  all = Object.keys(found).map(function (page) {
    var to = found[page];
    to.has = Object.keys(to.has).length / terms.length;
    to.best = Object.keys(to.sections).map(function (section) {
      var own = to.sections[section];
      own.points *= own.has / terms.length;
      return own;
    }).sort(function (a, b) {
      return b.points - a.points || a.at - b.at;
    });
    to.points = (to.best[0].points + to.title / 2) * to.has * to.has * (6 + catalogue.pages[page][2]);
    return to;
  }).sort(function (a, b) {
    return b.points - a.points || a.page - b.page;
  });
  [1, 0.5].some(function (least) {
    var enough = all.filter(function (to) {
      return to.has >= least;
    });
    terms.full = least === 1;
    all = enough.length || least < 1 ? enough : all;
    return enough.length;
  });
  return all;
};
