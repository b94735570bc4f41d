/* A name as on the card: 1 to 40 letters of its scripts, and between them one dot, hyphen, apostrophe or, in
   Latin letters, space. '' for anything else. Python's people/rules.py has the same blocks and says which. */
H.NAME_WRONG = '请照身份证填写姓名，最多40个字，不带数字和表情。';
H.NAME = (function () {
  var letter = '(?:[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\u0620-\u064a\u066e-\u06d3' +
    '\u0f0b\u0f40-\u0fbc\u1820-\u18aa\ua000-\ua48c\uac00-\ud7a3' +
    '\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ue000-\uf8ff]|[\ud840-\ud8bf][\udc00-\udfff])';
  return new RegExp('^' + letter + '(?:[ ·\'-]?' + letter + ')*$');
})();

H.typedName = function (text) {
  var name = H.typed(text).replace(/ ?[·.•‧∙⋅・･。﹒●][·.•‧∙⋅・･。﹒● ]*/g, '·').replace(/[‘’ʼ`´′]/g, '\'')
    .replace(/([^!-\u2e7f]) /g, '$1').replace(/ (?=[^!-\u2e7f])/g, '');
  return name.replace(/[\ud800-\udbff]/g, '').length <= 40 && H.NAME.test(name) ? name : '';
};
