/* As it is read back: the words chosen, not their value; what is typed in groups, in groups. */
H.shown = function (field) {
  var value = H.valueOf(field);
  var kind = H.KINDS[field.getAttribute('data-kind')];
  var chosen = field.querySelector('input:checked');
  if (field.options || chosen) {
    return (chosen ? chosen.parentNode : field.options[field.selectedIndex]).textContent;
  }
  return kind && kind.shown ? kind.shown(value, field) : value;
};

/* Of texts to agree to, what is not agreed to: not answered is one thing, a no another. */
H.notAgreed = function (form) {
  return H.fields(form).filter(function (box) {
    return H.valueOf(box) !== 'agree';
  }).map(function (box) {
    return [H.nameOf(box), H.valueOf(box) ? box.getAttribute('data-problem') : '这一项还没有回答。请看过以后选一个。'];
  });
};

/* Check your answers: a row a field of `form`, each with a way back to it. */
H.review = function (list, form, change) {
  list.textContent = '';
  H.fields(form).forEach(function (field) {
    var row = H.make('div');
    var button = H.make('button', 'plain', '修改', { type: 'button', 'aria-label': '修改' + H.labelOf(field) });
    button.addEventListener('click', function () {
      change(field);
    });
    row.appendChild(H.make('dt', '', H.labelOf(field)));
    row.appendChild(H.make('dd', '', (H.valueOf(field) && H.shown(field)) || '没填'));
    row.appendChild(H.make('dd')).appendChild(button);
    list.appendChild(row);
  });
};
