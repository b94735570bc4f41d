/* A certificate's number as printed, however it was typed: HZ may be left out, O, I and L are digits. '' for
   what no certificate can have: its last digit (Luhn) is reckoned here, nobody is asked. */
H.MISTYPED = '号码抄错了。编号是HZ加12位数字，请对照凭证，一位一位重新填写。';

H.certificateNumber = function (text) {
  var digits = H.typedNumber(text).replace(/^HZ/, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  var sum = 0;
  for (var i = 0; i < digits.length; i++) {
    var value = Number(digits.charAt(i)) * (i % 2 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return /^\d{12}$/.test(digits) && sum % 10 === 0 ? 'HZ' + digits : '';
};
