/* A place on this phone for one thing, in `area` under `name`, for `lifeMs` (0: as long as the area lasts).
   Storage may be refused (private mode): then nothing is kept, nothing breaks. */
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
