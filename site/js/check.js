/* "Is there something for me?": four choices, no name. The rules are the server's; this only shows them. */
H.check = function (form) {

  function yuan(fen) {
    return (fen % 100 ? (fen / 100).toFixed(2) : String(fen / 100)) + '元';
  }

  function result(item) {
    var box = H.make('article', 'cover');
    var head = H.make('h3', '', item.name + ' ');
    var list = H.make('dl', 'facts');
    head.appendChild(H.make('span', 'tag ' + (item.eligible ? 'good' : 'past'), item.eligible ? '可以参加' : '暂时不能'));
    box.appendChild(head);
    item.reasons.forEach(function (reason) {
      box.appendChild(H.make('p', '', reason.text));
    });
    if (item.eligible) {
      item.payers.forEach(function (payer) {
        list.appendChild(H.make('dt', '', payer.label));
        list.appendChild(H.make('dd', '', yuan(payer.fee_fen)));
      });
      box.appendChild(list);
      if (item.campaign) {
        box.appendChild(H.make('a', 'button', '看怎么参加', { href: '/campaigns/' + item.campaign + '/' }));
      }
    }
    return box;
  }

  H.pressed(form, function (button) {
    var asked = {};
    var free = H.busy(button, '正在查…');
    H.fields(form).forEach(function (field) {
      asked[field.name] = field.value;
    });
    H.send('POST', '/eligibility-checks', asked, { wait: H.waiting, key: H.newKey() }, function (answer) {
      free();
      H.say('');
      if (!answer.ok) {
        H.problems(form, answer);
        return;
      }
      H.by('results').textContent = '';
      answer.body.items.forEach(function (item) {
        H.by('results').appendChild(result(item));
      });
      H.panel('results');
    });
  });
  H.by('check-again').addEventListener('click', function () {
    H.panel('check');
  });
  H.ready();
};

if (H.by('check-form')) {
  H.check(H.by('check-form'));
}
