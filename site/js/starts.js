/* From which day a cover pays for what: "意外：2026年11月28日零点起" for each cause the terms pay for. */
H.starts = function (starts) {
  return starts.map(function (each) {
    var part = each.percent < 100 ? '给' + each.percent + '%，' + H.day(each.full_from) + '起全给' : '';
    return (each.cause === 'disease' ? '生病：' : '意外：') + H.day(each.from) + '零点起' + part;
  });
};
