/* Who pays how much for so many people. The server splits; this asks, writes the sums and redraws the bar. */
H.split = function (about) {
  var form = document.querySelector('#split form');
  var named = form.elements;
  var words = about.words;
  // Today in Shanghai: the page may be older than the end of the campaign.
  var today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
  var first = about.window[0];
  var last = about.window[1];

  var nearest = today < first ? first : today;

  if (named.on) {
    named.on.value = nearest;
    named.on.min = first;
    named.on.max = last;
  }
  if (today > last) {
    H.show(form, false);
    H.say(words.over);
  }

  function wrong(list, name) {
    list.push([name, about.problems[name]]);
  }

  function facts(list) {
    var text = H.plain(named.people.value);
    var people = /^\d{1,7}$/.test(text) ? Number(text) : 0;
    var on = named.on ? H.dayIn(named.on) : nearest;
    if (people < 1 || people > 1000000) {
      wrong(list, 'people');
    }
    if (!on) {
      wrong(list, 'on');
    }
    return {
      campaign: about.campaign,
      products: about.products,
      region: named.region ? named.region.value : about.region,
      people: people,
      on: on
    };
  }

  /* The worker's part last, as in the page's own bar. */
  function ordered(shares) {
    function of(worker) {
      return shares.filter(function (share) {
        return (share.payer === 'worker') === worker;
      });
    }
    return of(false).concat(of(true));
  }

  function styleOf(share, place) {
    return share.payer === 'worker' ? 'own' : 's' + place % 4;
  }

  function bar(shares, total) {
    var space = 'http://www.w3.org/2000/svg';
    var drawing = document.createElementNS(space, 'svg');
    var start = 0;
    drawing.setAttribute('class', 'bar');
    drawing.setAttribute('viewBox', '0 0 100 14');
    drawing.setAttribute('preserveAspectRatio', 'none');
    drawing.setAttribute('aria-hidden', 'true');
    shares.forEach(function (share, place) {
      var piece = document.createElementNS(space, 'rect');
      var width = total ? 100 * share.fee_fen / total : 0;
      piece.setAttribute('class', styleOf(share, place));
      piece.setAttribute('x', start.toFixed(2));
      piece.setAttribute('width', width.toFixed(2));
      piece.setAttribute('height', '14');
      start += width;
      drawing.appendChild(piece);
    });
    return drawing;
  }

  function row(tag, cells) {
    var line = H.make('tr');
    cells.forEach(function (text, place) {
      var scope = place ? {} : { scope: 'row' };
      line.appendChild(H.make(place ? tag : 'th', 'num', text, tag === 'th' ? { scope: 'col' } : scope));
    });
    return line;
  }

  function show(body) {
    var shares = ordered(body.shares);
    var table = H.make('table');
    var sums = H.make('tbody');
    var head = H.make('thead');
    function yuan(fen) {
      return H.yuan(fen) + words.yuan;
    }
    head.appendChild(row('th', [words.who, words.per, words.all]));
    shares.forEach(function (share, place) {
      var line = row('td', [share.label, yuan(share.fee_fen / body.people), yuan(share.fee_fen)]);
      line.firstChild.insertBefore(H.make('i', styleOf(share, place)), line.firstChild.firstChild);
      sums.appendChild(line);
    });
    sums.appendChild(row('td', [words.sum, yuan(body.fee_fen / body.people), yuan(body.fee_fen)]));
    table.appendChild(head);
    table.appendChild(sums);
    return [H.figure(words.total, body.fee_fen, words.yuan), bar(shares, body.fee_fen), table];
  }

  return { path: '/quotes', facts: facts, show: show };
};

H.ask(H.by('split'), H.split);
