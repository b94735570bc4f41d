/* Kinds of fields beside mobile, code and identity number: sums of money, and days. */
H.KINDS.money = {
  wrong: function (typed, field) {
    return isNaN(H.fen(typed)) ? field.getAttribute('data-problem') : '';
  },
  shown: function (typed) {
    return H.yuan(H.fen(typed)) + '元';
  }
};

H.KINDS.date = {
  wrong: function (typed, field) {
    return H.dayIn(field) ? '' : field.getAttribute('data-problem');
  },
  shown: function (typed, field) {
    return H.day(H.dayIn(field));
  }
};
