/* A resident identity number (GB 11643-1999), checked as typed: length, characters, a real birth date, the
   check character, age. Says what is wrong; never repairs, never guesses, never looks at the region. */
H.ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
H.ID_CHECKS = '10X98765432';

/* As one compares it with the card: region, year, day, the rest. */
H.idGroups = function (typed) {
  return H.typedNumber(typed).replace(/^(.{6})(.{4})(.{4})/, '$1 $2 $3 ');
};

/* '' when it is right, else the sentence. `from` is the day cover would begin, [year, month, day];
   `ages` [first, last] in completed years, both inclusive. */
H.idProblem = function (typed, from, ages) {
  var text = H.typedNumber(typed);
  if (!text) {
    return '请填写身份证号。';
  }
  if (/[^0-9X]/.test(text) || /X./.test(text)) {
    return '身份证号只有数字，最后一位可能是字母X。请对照证件重新填写。';
  }
  if (text.length === 15) {
    return '这是旧的15位号码。请填写新证件上的18位号码。';
  }
  if (text.length < 18) {
    return '身份证号是18位，还少' + (18 - text.length) + '位。';
  }
  if (text.length > 18) {
    return '身份证号是18位，多了' + (text.length - 18) + '位。';
  }
  var born = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))];
  if (!H.isDay(born) || H.completedYears(born, from) < 0) {
    return '第7到14位应是出生日期，这里不是一个有效的日期。请对照证件检查。';
  }
  if (H.idCheck(text) !== text.charAt(17)) {
    return '号码前后对不上，可能有一位写错了。请对照证件逐位检查。';
  }
  var age = H.completedYears(born, from);
  if (age < ages[0] || age > ages[1]) {
    return '这项保障的年龄是' + ages[0] + '至' + ages[1] + '周岁，生效那天您是' + age +
      '周岁，不能参加。有疑问请拨打12351。';
  }
  return '';
};

H.idCheck = function (text) {
  var sum = 0;
  for (var i = 0; i < 17; i++) {
    sum += Number(text.charAt(i)) * H.ID_WEIGHTS[i];
  }
  return H.ID_CHECKS.charAt(sum % 11);
};

H.isDay = function (day) {
  var date = new Date(Date.UTC(day[0], day[1] - 1, day[2]));
  return day[0] >= 1850 && date.getUTCMonth() === day[1] - 1 && date.getUTCDate() === day[2];
};

/* Someone born on 29 February turns a year older on 1 March of a common year: comparing month and day as
   numbers does exactly that. */
H.completedYears = function (born, on) {
  var had = on[1] * 100 + on[2] >= born[1] * 100 + born[2];
  return on[0] - born[0] - (had ? 0 : 1);
};

/* The Shanghai day `ahead` days from now, [year, month, day]. */
H.shanghaiDay = function (ahead) {
  var moved = new Date(Date.now() + (8 + 24 * ahead) * 3600 * 1000);
  return [moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate()];
};
