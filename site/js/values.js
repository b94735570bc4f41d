/* Typed words as values: money as whole fen, days as 2026-11-23, and back. Nothing is ever a fraction. */
H.plain = function (text) {
  return H.typed(text).replace(/ /g, '').replace(/\u3002/g, '.');
};

/* '1,234.5' -> 123450; '' -> null; anything else that is no sum of money -> NaN. */
H.fen = function (text) {
  var plain = H.plain(text).replace(/^[\u00a5\uffe5]|\u5143$/g, '');
  var part;
  if (/^\d{1,3}(,\d{3})+(\.|$)/.test(plain)) {
    plain = plain.replace(/,/g, '');
  }
  part = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(plain);
  if (!plain) {
    return null;
  }
  return part ? Number(part[1]) * 100 + Number(((part[2] || '') + '00').slice(0, 2)) : NaN;
};

/* 123450 -> '1,234.50', 500000 -> '5,000' */
H.yuan = function (fen) {
  var whole = String(Math.floor(fen / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return fen % 100 ? whole + '.' + ('0' + fen % 100).slice(-2) : whole;
};

/* The day in a date field: '' when empty, null when it is none. Old browsers give whatever was typed. */
H.dayIn = function (field) {
  var text = H.plain(field.value);
  var part = /^(\d{4})[-\/.\u5e74](\d{1,2})[-\/.\u6708](\d{1,2})\u65e5?$/.exec(text);
  var day;
  if (!text) {
    return field.validity && field.validity.badInput ? null : '';
  }
  if (!part) {
    return null;
  }
  day = part[1] + '-' + ('0' + part[2]).slice(-2) + '-' + ('0' + part[3]).slice(-2);
  return isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day ? null : day;
};
