/* The certificate of #number.check, to show, print or keep. The holder, signed in, also gets the QR. */
H.certificate = function (sheet) {
  var given = window.location.hash.slice(1).split('.');
  var number = H.certificateNumber(given[0]);
  var check = H.typedNumber(given[1] || '');
  var states = { not_yet: '尚未生效', in_force: '保障中', ended: '已到期', withdrawn: '已撤销' };

  function fill(values) {
    H.all('[data-fill]', sheet).forEach(function (place) {
      var value = values[place.getAttribute('data-fill')] || '';
      H.text(place, /^\d{4}-\d\d-\d\d$/.test(value) ? H.day(value) : value);
    });
  }

  function draw(code) {
    var space = 'http://www.w3.org/2000/svg';
    var path = document.createElementNS(space, 'path');
    var picture = H.by('qr');
    picture.textContent = '';
    picture.setAttribute('viewBox', '0 0 ' + code.size + ' ' + code.size);
    path.setAttribute('d', code.d);
    picture.appendChild(path);
    H.show(H.by('qr-box'), true);
  }

  function load() {
    H.send('GET', '/certificates/' + encodeURIComponent(number) + '?check=' + encodeURIComponent(check), null,
      { wait: H.waiting }, function (answer) {
        H.say('');
        if (!answer.ok) {
          H.text(H.by('failed-detail'), answer.status === 404
            ? '没有这张凭证。请从“我的保障”重新打开，或核对编号和验证字。' : answer.detail);
          H.panel('failed');
          return;
        }
        var values = answer.body;
        values.check = check;
        values.state_name = states[values.state];
        values.hash = values.terms_sha256;
        values.address = window.location.host + '/services/verify/';
        fill(values);
        H.starts(values.starts).forEach(function (text) {
          H.by('starts').appendChild(H.make('span', '', text));
        });
        sheet.className = 'certificate ' + values.state;
        H.panel('certificate', true);
        if (H.mayBeSignedIn()) {
          drawMine();
        }
      });
  }

  function drawMine() {
    H.send('GET', '/me/coverages', null, { tries: 1 }, function (mine) {
      (mine.body.items || []).forEach(function (item) {
        if (item.certificate_number === number && item.qr_path) {
          draw(item.qr_path);
        }
      });
    });
  }

  H.by('print').addEventListener('click', function () {
    window.print();
  });
  window.addEventListener('hashchange', function () {
    window.location.reload();
  });
  H.ready();
  if (number && check) {
    H.say('正在打开凭证…');
    load();
  } else {
    if (given[0]) {
      H.text(H.by('failed-detail'), H.MISTYPED);
    }
    H.panel('failed', true);
  }
};

if (H.by('certificate')) {
  H.certificate(H.by('certificate'));
}
