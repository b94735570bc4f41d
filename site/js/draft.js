/* What was typed, kept on this phone, because a cheap phone may kill the page at any moment.

   Two places: `kept` lives seven days and holds nothing that identifies by itself but the name;
   `passing` lives as long as this tab, and is the only place the identity number ever is.
   The code is in neither. Storage may be refused (private mode): then nothing is kept, nothing breaks. */
H.DRAFT_MS = 7 * 24 * 3600 * 1000;

H.store = function (area, name, lifeMs) {
  function box() {
    try {
      return window[area];
    } catch (refused) {
      return null;
    }
  }

  return {
    read: function () {
      var read;
      try {
        read = JSON.parse(box().getItem(name)) || {};
      } catch (unreadable) {
        return {};
      }
      if (lifeMs && !(Date.now() - read.at < lifeMs)) {
        this.forget();
        return {};
      }
      return read.values || {};
    },
    write: function (values) {
      try {
        box().setItem(name, JSON.stringify({ at: Date.now(), values: values }));
      } catch (full) {
        return;
      }
    },
    forget: function () {
      try {
        box().removeItem(name);
      } catch (refused) {
        return;
      }
    }
  };
};

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
