/* Fields of a form: what stands in one, what is wrong with it, and how it reads. A field is whatever carries
   data-problem: something to type in, a list, or a fieldset of choices. Nothing typed is ever cut; what is too
   long is said.

   By data-kind: wrong(typed, field) gives a sentence, or '' when it is right; shown(typed, field) is how it is read back. */
H.KINDS = {};

H.fields = function (root) {
  return H.all('[data-problem]', root);
};

H.nameOf = function (field) {
  return field.name || field.querySelector('input').name;
};

H.labelOf = function (field) {
  var label = field.querySelector('legend') || document.querySelector('label[for="' + field.id + '"]');
  return label.textContent.replace(/（.*/, '');
};

/* What was typed, without the spaces around it, or the value chosen. */
H.valueOf = function (field) {
  var chosen = field.querySelector('input:checked');
  return !('value' in field) ? (chosen ? chosen.value : '')
    : field.type === 'textarea' ? field.value.trim() : H.typed(field.value);
};

/* As people count: a face or a rare character is one. */
H.characters = function (text) {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '_').length;
};

/* '' when it is right, else the sentence. */
H.problemOf = function (field) {
  var value = H.valueOf(field);
  var most = field.getAttribute('data-most');
  var kind = H.KINDS[field.getAttribute('data-kind')];
  if (!value) {
    return field.required === false ? ''
      : kind ? '请填' + H.labelOf(field) + '。' : field.getAttribute('data-problem');
  }
  if (most && H.characters(value) > most) {
    return '写得太长了：最多' + most + '个字，现在有' + H.characters(value) + '个字。请写短一点。';
  }
  return kind ? kind.wrong(value, field) : '';
};

/* [[name, sentence], …] of what is wrong below `root`, as H.errors takes it. */
H.problemsOf = function (root) {
  return H.fields(root).map(function (field) {
    return [H.nameOf(field), H.problemOf(field)];
  }).filter(function (pair) {
    return pair[1];
  });
};

/* A press of a form's button: what is wrong stands where it is; `done(button)` when nothing is. `problems` finds
   more than the fields know of themselves: it gives what H.errors takes, and a word for many. */
H.pressed = function (form, done, problems) {
  form.addEventListener('submit', function (event) {
    var found = problems ? problems() : { list: H.problemsOf(form) };
    event.preventDefault();
    H.errors(form, found.list, found.brief);
    if (!found.list.length) {
      done(form.querySelector('[type="submit"]'));
    }
  });
};
