/* What was typed, kept on this phone, because a cheap phone may kill the page at any moment.

   Two places: `kept` lives seven days and holds nothing that identifies by itself but the name;
   `passing` lives as long as this tab, and is the only place the identity number ever is.
   The code is in neither. */
H.DRAFT_MS = 7 * 24 * 3600 * 1000;

H.draft = function (name) {
  return {
    kept: H.store('localStorage', name, H.DRAFT_MS),
    passing: H.store('sessionStorage', name, 0),
    forget: function () {
      this.kept.forget();
      this.passing.forget();
    }
  };
};
