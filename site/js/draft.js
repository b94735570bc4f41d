/* What was typed, kept on this phone, because a cheap phone may kill the page at any moment.

   Two places: `kept` lives seven days and holds nothing that identifies by itself but the name: the fields marked
   data-keep. `passing` lives as long as this tab and has the rest, the only place the identity number ever is.
   The code is in neither. Beside the fields a form may keep words of its own there, such as `key` and `step`. */
H.DRAFT_MS = 7 * 24 * 3600 * 1000;

H.draft = function (name) {
  var forLong = H.store('localStorage', name, H.DRAFT_MS);
  var forThisTab = H.store('sessionStorage', name, 0);
  var draft = { kept: forLong.read(), passing: forThisTab.read() };

  draft.save = function () {
    forLong.write(draft.kept);
    forThisTab.write(draft.passing);
  };

  draft.forget = function () {
    forLong.forget();
    forThisTab.forget();
  };

  /* Puts back what was typed and chosen in a form, and keeps it from now on. */
  draft.follow = function (form) {
    function each(use) {
      H.all('[name]', form).forEach(function (field) {
        use(field, field.hasAttribute('data-keep') ? draft.kept : draft.passing, H.keptAs(field));
      });
    }

    function keep() {
      each(function (field, place, name) {
        if (field.type !== 'radio' || field.checked) {
          place[name] = field.type === 'checkbox' ? field.checked : field.value;
        }
      });
      draft.save();
    }

    each(function (field, place, name) {
      if (field.type === 'radio') {
        field.checked = place[name] === field.value;
      } else if (field.type === 'checkbox') {
        field.checked = Boolean(place[name]);
      } else {
        field.value = place[name] || '';
      }
    });
    form.addEventListener('input', keep);
    form.addEventListener('change', keep);
  };
  return draft;
};

/* An answer to a text is an answer to that very version of it. */
H.keptAs = function (field) {
  var box = field.type === 'radio' ? field.parentNode.parentNode.parentNode : field;
  return field.name + (box.getAttribute('data-sha256') || '');
};
