/* What GET /me/coverages says of a campaign's products, as POST /enrollments would answer; null when one of them
   is neither covered nor waited for. A cover counts whoever gave it, a place in the queue only here. */
H.alreadyJoined = function (mine, products, campaign) {
  var waiting = [];
  var certificates = [];
  products.forEach(function (product) {
    var item = mine.items.filter(function (each) {
      return each.product === product && (each.state === 'waiting' ? each.campaign === campaign
        : /^(not_yet|in_force)$/.test(each.state) && each.to > mine.today);
    })[0];
    if (item && item.certificate_number) {
      certificates.push({
        product_name: item.product_name,
        number: item.certificate_number,
        check: item.check,
        effective_from: item.from,
        effective_to: item.to,
        starts: item.starts,
        already: true
      });
    } else if (item) {
      waiting.push(item);
    }
  });
  return waiting.length + certificates.length < products.length ? null : {
    certificates: certificates,
    waiting: waiting.length ? {
      number: waiting[0].waiting_number,
      products: waiting.map(function (each) {
        return each.product_name;
      })
    } : null
  };
};

/* Fills the last panel and gives its name: the certificate, or a place in the queue that says plainly that nothing is
   in force; below it every other certificate of this campaign, also one that was there before. */
H.joined = function (answer) {
  var name = answer.waiting ? 'waiting' : 'joined';
  var main = answer.waiting ? null : answer.certificates.filter(function (each) {
    return !each.already;
  })[0] || answer.certificates[0];
  function address(certificate) {
    return '/services/certificate/#' + certificate.number + '.' + certificate.check;
  }
  if (main) {
    if (main.already) {
      H.text(H.by('joined-title'), '您已经参加了');
    }
    H.show(H.by('joined-note'), !main.already);
    H.text(H.by('cover-product'), main.product_name);
    H.text(H.by('cover-from'), H.day(main.effective_from));
    H.text(H.by('cover-to'), H.day(main.effective_to));
    H.text(H.by('cover-starts'), H.starts(main.starts).join('；') + '。');
    H.text(H.by('certificate-number'), main.number);
    H.text(H.by('certificate-check'), main.check);
    H.by('certificate-link').href = address(main);
  } else {
    H.text(H.by('waiting-for'), answer.waiting.products.join('、'));
    H.text(H.by('waiting-number'), String(answer.waiting.number));
  }
  answer.certificates.forEach(function (each) {
    var days = H.day(each.effective_from) + '零点至' + H.day(each.effective_to) + '24点';
    var row = H.make('li');
    if (each !== main) {
      row.appendChild(H.make('a', '', each.product_name + '的凭证', { href: address(each) }));
      row.appendChild(H.make('span', '', (each.already ? '（您原来就有）' : '') + days));
      H.by(name + '-more').appendChild(row);
    }
  });
  return name;
};
