/* What people type and paste, read the one way every field reads it; chalicelib/typed.py is the same for the
   functions, and a test holds the two together. One line as it was meant: nothing unseen, single spaces, no
   full-width twins, every dash a hyphen. */
H.typed = function (text) {
  return text.replace(/[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|\udb40[\udc00-\udfff]/g, '')
    .replace(/[\u2f00-\u2fd5\uff01-\uff5e]/g, function (twin) {
      return twin.normalize('NFKC');
    }).normalize('NFC').replace(/[\u2010-\u2015\u2212]/g, '-').replace(/\s+/g, ' ').trim();
};

/* A number or a code as printed: no spaces, no hyphens, letters large. */
H.typedNumber = function (text) {
  return H.typed(text).replace(/[ -]/g, '').toUpperCase();
};
