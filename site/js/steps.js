/* The steps of a form as entries of the browser's history: its Back goes one step back, Forward returns, and a
   page opened again knows where it was. The address stays; an entry holds the way to it, the names of steps.
   A step that was passed is gone back to, not added once more.

   H.steps(order, draw)  draw(name) shows a step, or another while that one cannot be shown, and gives its name;
                         `order` is where 上一步 leads when the form was opened in its middle
     begin(name)         when the page opens: the step one was at, or this one
     here()              its name
     go(name, then)      to a step; then() when it is shown
     only(name, then)    to a step behind which there is nothing of this form: signed in, joined */
H.steps = function (order, draw) {
  var way = (window.history.state || {}).way || [];
  var going = null;

  function here() {
    return way[way.length - 1] || '';
  }

  function keep(how, next) {
    way = next;
    window.history[how]({ way: next }, '');
  }

  function arrive(then) {
    var drawn = draw(here());
    var place = way.indexOf(drawn);
    if (drawn !== here()) {
      keep('replaceState', way.slice(0, place < 0 ? -1 : place).concat(drawn));
    }
    if (then) {
      then();
    }
  }

  function settle() {
    var goal = going;
    going = null;
    keep('replaceState', goal.way);
    arrive(goal.then);
  }

  /* Going back takes a moment. Should a browser not do it, the step is shown where one is. */
  function travel(entries, next, then) {
    var mine = { way: next, then: then };
    var moving = going;
    going = mine;
    if (moving) {
      return;
    }
    if (!(entries < 0)) {
      settle();
      return;
    }
    window.history.go(entries);
    window.setTimeout(function () {
      if (going) {
        settle();
      }
    }, 1000);
  }

  function go(name, then) {
    var place = way.indexOf(name);
    if (place < 0) {
      keep('pushState', way.concat(name));
      arrive(then);
    } else {
      travel(place + 1 - way.length, way.slice(0, place + 1), then);
    }
  }

  window.addEventListener('popstate', function (event) {
    if (going) {
      settle();
    } else if (event.state && event.state.way) {
      way = event.state.way;
      arrive();
    }
  });
  H.all('.back').forEach(function (button) {
    button.addEventListener('click', function () {
      if (way.length > 1) {
        go(way[way.length - 2]);
      } else {
        travel(0, [order[order.indexOf(here()) - 1]]);
      }
    });
  });

  function only(name, then) {
    travel(1 - way.length, [name], then);
  }

  return {
    begin: function (name) {
      if (here()) {
        arrive();
      } else {
        only(name);
      }
    },
    here: here,
    go: go,
    only: only
  };
};
