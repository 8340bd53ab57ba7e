const page = {};
(function () {
'use strict';
{
  const globals = this;
  const django = globals.django || (globals.django = {});


  django.pluralidx = function(n) {
    const v = 0;
    if (typeof v === 'boolean') {
      return v ? 1 : 0;
    } else {
      return v;
    }
  };


  /* gettext library */

  django.catalog = django.catalog || {};

  const newcatalog = {
    "%(choice)s. Press Enter or Next to save": "%(choice)s\u3002Enter\u307e\u305f\u306f\u300c\u6b21\u3078\u300d\u3092\u62bc\u3059\u3068\u4fdd\u5b58\u3057\u307e\u3059",
    "%(count)s answer not sent yet. Sign out again to drop it.": [
      "\u672a\u9001\u4fe1\u306e\u56de\u7b54\u304c%(count)s\u4ef6\u3042\u308a\u307e\u3059\u3002\u7834\u68c4\u3059\u308b\u5834\u5408\u306f\u3001\u3082\u3046\u4e00\u5ea6\u30b5\u30a4\u30f3\u30a2\u30a6\u30c8\u3057\u3066\u304f\u3060\u3055\u3044\u3002"
    ],
    "%(count)s not ranked yet. Starting at %(letter)s": [
      "\u9806\u4f4d\u672a\u5b9a\u304c%(count)s\u4ef6\u3042\u308a\u307e\u3059\u3002%(letter)s\u304b\u3089\u59cb\u3081\u307e\u3059"
    ],
    "%(count)s to go": [
      "\u6b8b\u308a%(count)s\u4ef6"
    ],
    "%(letter)s is %(ordinal)s again": "%(letter)s\u3092%(ordinal)s\u306b\u623b\u3057\u307e\u3057\u305f",
    "%(letter)s is %(ordinal)s, level with %(others)s.": "%(letter)s\u306f%(others)s\u3068\u540c\u9806\u4f4d\u306e%(ordinal)s\u3067\u3059\u3002",
    "%(letter)s is %(ordinal)s.": "%(letter)s\u306f%(ordinal)s\u3067\u3059\u3002",
    "%(letter)s is not ranked again": "%(letter)s\u3092\u9806\u4f4d\u672a\u5b9a\u306b\u623b\u3057\u307e\u3057\u305f",
    "%(letter)s is not ranked.": "%(letter)s\u306f\u9806\u4f4d\u672a\u5b9a\u3067\u3059\u3002",
    "%(minutes)s minute since your last pause. Five minutes off cost no output: press P": [
      "\u524d\u56de\u306e\u4f11\u61a9\u304b\u3089%(minutes)s\u5206\u305f\u3061\u307e\u3057\u305f\u30025\u5206\u4f11\u3093\u3067\u3082\u4f5c\u696d\u91cf\u306f\u6e1b\u308a\u307e\u305b\u3093\u3002P\u30ad\u30fc\u3067\u4f11\u61a9\u3067\u304d\u307e\u3059"
    ],
    "%(row)s: %(key)s.": "%(row)s\uff1a%(key)s\u3002",
    "%(row)s: %(key)s. Change this key": "%(row)s\uff1a%(key)s\u3002\u3053\u306e\u30ad\u30fc\u3092\u5909\u66f4",
    "%(seconds)s s each": "1\u4ef6%(seconds)s\u79d2",
    "%(these)s and %(one)s": "%(these)s\u3068%(one)s",
    "%(written)s of %(least)s": "%(written)s / %(least)s",
    "1st": "1\u4f4d",
    "2nd": "2\u4f4d",
    "3rd": "3\u4f4d",
    "4th": "4\u4f4d",
    "5th": "5\u4f4d",
    "6th": "6\u4f4d",
    "7th": "7\u4f4d",
    "8th": "8\u4f4d",
    "9th": "9\u4f4d",
    "A and B are side by side": "A\u3068B\u3092\u5de6\u53f3\u306b\u4e26\u3079\u307e\u3057\u305f",
    "A is above B": "A\u3092\u4e0a\u3001B\u3092\u4e0b\u306b\u4e26\u3079\u307e\u3057\u305f",
    "All acceptable": "\u3059\u3079\u3066\u53ef",
    "All keys are as they were.": "\u3059\u3079\u3066\u306e\u30ad\u30fc\u3092\u5143\u306b\u623b\u3057\u307e\u3057\u305f\u3002",
    "All ranked: %(order)s": "\u3059\u3079\u3066\u9806\u4f4d\u4ed8\u3051\u6e08\u307f\uff1a%(order)s",
    "Choose on the scale first": "\u5148\u306b\u5c3a\u5ea6\u304b\u3089\u9078\u3093\u3067\u304f\u3060\u3055\u3044",
    "Close texts: %(a)s places in A and %(b)s in B are worded differently": "\u4f3c\u305f\u30c6\u30ad\u30b9\u30c8\uff1a\u8868\u73fe\u306e\u7570\u306a\u308b\u7b87\u6240\u306fA\u306b%(a)s\u4ef6\u3001B\u306b%(b)s\u4ef6\u3042\u308a\u307e\u3059",
    "Copied": "\u30b3\u30d4\u30fc\u3057\u307e\u3057\u305f",
    "Dark theme": "\u30c0\u30fc\u30af\u30c6\u30fc\u30de",
    "Differences off": "\u5dee\u5206\u8868\u793a\u3092\u30aa\u30d5\u306b\u3057\u307e\u3057\u305f",
    "Different texts: marked numbers, names, code and negations found in one only (A %(a)s, B %(b)s)": "\u7570\u306a\u308b\u30c6\u30ad\u30b9\u30c8\uff1a\u4e00\u65b9\u3060\u3051\u306b\u3042\u308b\u6570\u5024\u3001\u540d\u524d\u3001\u30b3\u30fc\u30c9\u3001\u5426\u5b9a\u8868\u73fe\u306b\u5370\u3092\u4ed8\u3051\u307e\u3057\u305f\uff08A %(a)s\u4ef6\u3001B %(b)s\u4ef6\uff09",
    "Hold Ctrl or \u2318 to open %(address)s in a new tab": "%(address)s\u3092\u65b0\u3057\u3044\u30bf\u30d6\u3067\u958b\u304f\u306b\u306f\u3001Ctrl\u307e\u305f\u306f\u2318\u3092\u62bc\u3057\u306a\u304c\u3089\u30af\u30ea\u30c3\u30af\u3057\u3066\u304f\u3060\u3055\u3044",
    "Kept. Now edit a response until it is as it should have been, then press Ctrl Enter": "\u9078\u629e\u3092\u4fdd\u6301\u3057\u3066\u3044\u307e\u3059\u3002\u5fdc\u7b54\u3092\u3042\u308b\u3079\u304d\u5f62\u306b\u7de8\u96c6\u3057\u3001Ctrl Enter\u3092\u62bc\u3057\u3066\u304f\u3060\u3055\u3044",
    "Kept. Now say why in %(least)s characters or more, then press Ctrl Enter": "\u9078\u629e\u3092\u4fdd\u6301\u3057\u3066\u3044\u307e\u3059\u3002\u7406\u7531\u3092%(least)s\u6587\u5b57\u4ee5\u4e0a\u3067\u5165\u529b\u3057\u3001Ctrl Enter\u3092\u62bc\u3057\u3066\u304f\u3060\u3055\u3044",
    "Kept. Now say why in a few words, then press Ctrl Enter": "\u9078\u629e\u3092\u4fdd\u6301\u3057\u3066\u3044\u307e\u3059\u3002\u7406\u7531\u3092\u7c21\u5358\u306b\u5165\u529b\u3057\u3001Ctrl Enter\u3092\u62bc\u3057\u3066\u304f\u3060\u3055\u3044",
    "Kept. Show the texts before you save it: press .": "\u9078\u629e\u3092\u4fdd\u6301\u3057\u3066\u3044\u307e\u3059\u3002\u4fdd\u5b58\u3059\u308b\u524d\u306b\u672c\u6587\u3092\u8868\u793a\u3057\u3066\u304f\u3060\u3055\u3044\uff08\u300c.\u300d\u30ad\u30fc\uff09\u3002",
    "Kept. Still to judge: %(criteria)s": "\u9078\u629e\u3092\u4fdd\u6301\u3057\u3066\u3044\u307e\u3059\u3002\u672a\u5224\u5b9a\u306e\u57fa\u6e96\uff1a%(criteria)s",
    "Keys of the criteria: %(keys)s. What was there changed places with them.": "\u8a55\u4fa1\u9805\u76ee\u306e\u30ad\u30fc\uff1a%(keys)s\u3002\u305d\u3053\u306b\u3042\u3063\u305f\u30ad\u30fc\u3068\u5165\u308c\u66ff\u308f\u308a\u307e\u3057\u305f\u3002",
    "Letters and digits can be used; the other keys stay where they are.": "\u4f7f\u3048\u308b\u306e\u306f\u82f1\u5b57\u3068\u6570\u5b57\u306e\u30ad\u30fc\u3067\u3059\u3002\u307b\u304b\u306e\u30ad\u30fc\u306f\u5909\u66f4\u3067\u304d\u307e\u305b\u3093\u3002",
    "Light theme": "\u30e9\u30a4\u30c8\u30c6\u30fc\u30de",
    "Move %(letter)s one rank down": "%(letter)s\u30921\u3064\u4e0b\u306e\u9806\u4f4d\u3078",
    "Move %(letter)s one rank up": "%(letter)s\u30921\u3064\u4e0a\u306e\u9806\u4f4d\u3078",
    "None acceptable": "\u3059\u3079\u3066\u4e0d\u53ef",
    "Not acceptable: %(letters)s": "\u4e0d\u53ef\uff1a%(letters)s",
    "Not accepted": "\u53d7\u3051\u4ed8\u3051\u3089\u308c\u307e\u305b\u3093\u3067\u3057\u305f",
    "Offline, %(count)s kept here": [
      "\u30aa\u30d5\u30e9\u30a4\u30f3\u3001%(count)s\u4ef6\u3092\u4fdd\u6301\u4e2d"
    ],
    "Offline. Your answer is kept on this device and sends itself.": "\u30aa\u30d5\u30e9\u30a4\u30f3\u3067\u3059\u3002\u56de\u7b54\u306f\u3053\u306e\u7aef\u672b\u306b\u4fdd\u6301\u3055\u308c\u3001\u81ea\u52d5\u7684\u306b\u9001\u4fe1\u3055\u308c\u307e\u3059\u3002",
    "Press the new key. Escape leaves it as it is.": "\u65b0\u3057\u3044\u30ad\u30fc\u3092\u62bc\u3057\u3066\u304f\u3060\u3055\u3044\u3002Esc\u3092\u62bc\u3059\u3068\u5909\u66f4\u3057\u307e\u305b\u3093\u3002",
    "Ranks go from 1 to %(most)s": "\u9806\u4f4d\u306f1\u304b\u3089%(most)s\u307e\u3067\u3067\u3059",
    "Read all": "\u3059\u3079\u3066\u8aad\u3080",
    "Response %(letter)s, not ranked. Arrow keys move it": "\u5fdc\u7b54%(letter)s\u3001\u9806\u4f4d\u672a\u5b9a\u3002\u77e2\u5370\u30ad\u30fc\u3067\u79fb\u52d5",
    "Response %(letter)s, rank %(rank)s. Arrow keys move it": "\u5fdc\u7b54%(letter)s\u3001\u9806\u4f4d%(rank)s\u3002\u77e2\u5370\u30ad\u30fc\u3067\u79fb\u52d5",
    "Response %(letter)s, text": "\u5fdc\u7b54%(letter)s\u3001\u672c\u6587",
    "Saved": "\u4fdd\u5b58\u3057\u307e\u3057\u305f",
    "Saved: %(choice)s.": "\u4fdd\u5b58\u3057\u307e\u3057\u305f\uff1a%(choice)s\u3002",
    "Saved: %(order)s": "\u4fdd\u5b58\u3057\u307e\u3057\u305f\uff1a%(order)s",
    "Saving": "\u4fdd\u5b58\u4e2d",
    "Saving, trying again": "\u4fdd\u5b58\u3092\u518d\u8a66\u884c\u4e2d",
    "Scrolling is linked": "\u30b9\u30af\u30ed\u30fc\u30eb\u3092\u9023\u52d5\u3057\u3066\u3044\u307e\u3059",
    "Scrolling is separate": "\u30b9\u30af\u30ed\u30fc\u30eb\u306f\u5225\u3005\u3067\u3059",
    "Show all": "\u3059\u3079\u3066\u8868\u793a",
    "Show less": "\u6298\u308a\u305f\u305f\u3080",
    "Sign in": "\u30b5\u30a4\u30f3\u30a4\u30f3",
    "Sign in, %(count)s kept here": [
      "\u30b5\u30a4\u30f3\u30a4\u30f3\u304c\u5fc5\u8981\u3001%(count)s\u4ef6\u3092\u4fdd\u6301\u4e2d"
    ],
    "Skipped: %(reason)s.": "\u30b9\u30ad\u30c3\u30d7\u3057\u307e\u3057\u305f\uff1a%(reason)s\u3002",
    "Still reading?": "\u307e\u3060\u8aad\u3093\u3067\u3044\u307e\u3059\u304b\uff1f",
    "Taken back. Change it, or save it again.": "\u53d6\u308a\u6d88\u3057\u307e\u3057\u305f\u3002\u5909\u66f4\u3059\u308b\u304b\u3001\u3082\u3046\u4e00\u5ea6\u4fdd\u5b58\u3057\u3066\u304f\u3060\u3055\u3044\u3002",
    "Text size %(size)s": "\u6587\u5b57\u30b5\u30a4\u30ba %(size)s",
    "That page did not load. Try again in a moment.": "\u30da\u30fc\u30b8\u3092\u8aad\u307f\u8fbc\u3081\u307e\u305b\u3093\u3067\u3057\u305f\u3002\u5c11\u3057\u5f85\u3063\u3066\u304b\u3089\u3082\u3046\u4e00\u5ea6\u304a\u8a66\u3057\u304f\u3060\u3055\u3044\u3002",
    "The browser did not allow copying. Select the text and copy it.": "\u30d6\u30e9\u30a6\u30b6\u30fc\u304c\u30b3\u30d4\u30fc\u3092\u8a31\u53ef\u3057\u307e\u305b\u3093\u3067\u3057\u305f\u3002\u30c6\u30ad\u30b9\u30c8\u3092\u9078\u629e\u3057\u3066\u30b3\u30d4\u30fc\u3057\u3066\u304f\u3060\u3055\u3044\u3002",
    "The server does not answer. Your answer is kept on this device and sends itself.": "\u30b5\u30fc\u30d0\u30fc\u306b\u3064\u306a\u304c\u308a\u307e\u305b\u3093\u3002\u56de\u7b54\u306f\u3053\u306e\u7aef\u672b\u306b\u4fdd\u6301\u3055\u308c\u3001\u81ea\u52d5\u7684\u306b\u9001\u4fe1\u3055\u308c\u307e\u3059\u3002",
    "The server refused this answer (%(status)s).": "\u30b5\u30fc\u30d0\u30fc\u304c\u3053\u306e\u56de\u7b54\u3092\u53d7\u3051\u4ed8\u3051\u307e\u305b\u3093\u3067\u3057\u305f\uff08%(status)s\uff09\u3002",
    "The texts are shown": "\u30c6\u30ad\u30b9\u30c8\u3092\u8868\u793a\u3057\u307e\u3057\u305f",
    "The texts are veiled": "\u30c6\u30ad\u30b9\u30c8\u3092\u96a0\u3057\u307e\u3057\u305f",
    "There is no earlier answer of yours to take back.": "\u53d6\u308a\u6d88\u305b\u308b\u4ee5\u524d\u306e\u56de\u7b54\u306f\u3042\u308a\u307e\u305b\u3093\u3002",
    "This browser cannot mark differences": "\u3053\u306e\u30d6\u30e9\u30a6\u30b6\u30fc\u3067\u306f\u5dee\u5206\u3092\u8868\u793a\u3067\u304d\u307e\u305b\u3093",
    "Undo": "\u53d6\u308a\u6d88\u3059",
    "You are offline. This is here again when you are back.": "\u30aa\u30d5\u30e9\u30a4\u30f3\u3067\u3059\u3002\u63a5\u7d9a\u304c\u623b\u308b\u3068\u3001\u3082\u3046\u4e00\u5ea6\u8868\u793a\u3067\u304d\u307e\u3059\u3002",
    "You are signed out. Sign in, then try again: nothing is lost.": "\u30b5\u30a4\u30f3\u30a2\u30a6\u30c8\u3057\u3066\u3044\u307e\u3059\u3002\u30b5\u30a4\u30f3\u30a4\u30f3\u3057\u3066\u304b\u3089\u3001\u3082\u3046\u4e00\u5ea6\u304a\u8a66\u3057\u304f\u3060\u3055\u3044\u3002\u5931\u308f\u308c\u305f\u3082\u306e\u306f\u3042\u308a\u307e\u305b\u3093\u3002",
    "You are signed out. Your answer is kept here and sends itself once you have signed in.": "\u30b5\u30a4\u30f3\u30a2\u30a6\u30c8\u3057\u3066\u3044\u307e\u3059\u3002\u56de\u7b54\u306f\u3053\u3053\u306b\u4fdd\u6301\u3055\u308c\u3001\u30b5\u30a4\u30f3\u30a4\u30f3\u3059\u308b\u3068\u81ea\u52d5\u7684\u306b\u9001\u4fe1\u3055\u308c\u307e\u3059\u3002",
    "You were away for a while, so somebody else may get this comparison too. Go on: your answer is still taken.": "\u3057\u3070\u3089\u304f\u64cd\u4f5c\u304c\u306a\u304b\u3063\u305f\u305f\u3081\u3001\u3053\u306e\u6bd4\u8f03\u306f\u307b\u304b\u306e\u4eba\u306b\u3082\u5272\u308a\u5f53\u3066\u3089\u308c\u308b\u3053\u3068\u304c\u3042\u308a\u307e\u3059\u3002\u305d\u306e\u307e\u307e\u7d9a\u3051\u3066\u304f\u3060\u3055\u3044\u3002\u56de\u7b54\u306f\u53d7\u3051\u4ed8\u3051\u3089\u308c\u307e\u3059\u3002",
    "Your last answer is not sent yet. Undo it when it is.": "\u76f4\u524d\u306e\u56de\u7b54\u306f\u307e\u3060\u9001\u4fe1\u3055\u308c\u3066\u3044\u307e\u305b\u3093\u3002\u9001\u4fe1\u3055\u308c\u3066\u304b\u3089\u53d6\u308a\u6d88\u3057\u3066\u304f\u3060\u3055\u3044\u3002"
  };
  for (const key in newcatalog) {
    django.catalog[key] = newcatalog[key];
  }


  if (!django.jsi18n_initialized) {
    django.gettext = function(msgid) {
      const value = django.catalog[msgid];
      if (typeof value === 'undefined') {
        return msgid;
      } else {
        return (typeof value === 'string') ? value : value[0];
      }
    };

    django.ngettext = function(singular, plural, count) {
      const value = django.catalog[singular];
      if (typeof value === 'undefined') {
        return (count == 1) ? singular : plural;
      } else {
        return value.constructor === Array ? value[django.pluralidx(count)] : value;
      }
    };

    django.gettext_noop = function(msgid) { return msgid; };

    django.pgettext = function(context, msgid) {
      let value = django.gettext(context + '\x04' + msgid);
      if (value.includes('\x04')) {
        value = msgid;
      }
      return value;
    };

    django.npgettext = function(context, singular, plural, count) {
      let value = django.ngettext(context + '\x04' + singular, context + '\x04' + plural, count);
      if (value.includes('\x04')) {
        value = django.ngettext(singular, plural, count);
      }
      return value;
    };

    django.interpolate = function(fmt, obj, named) {
      if (named) {
        return fmt.replace(/%\(\w+\)s/g, function(match){return String(obj[match.slice(2,-2)])});
      } else {
        return fmt.replace(/%s/g, function(match){return String(obj.shift())});
      }
    };


    /* formatting library */

    django.formats = {
    "DATETIME_FORMAT": "Y\u5e74n\u6708j\u65e5G:i",
    "DATETIME_INPUT_FORMATS": [
      "%Y-%m-%d %H:%M:%S",
      "%Y-%m-%d %H:%M:%S.%f",
      "%Y-%m-%d %H:%M",
      "%m/%d/%Y %H:%M:%S",
      "%m/%d/%Y %H:%M:%S.%f",
      "%m/%d/%Y %H:%M",
      "%m/%d/%y %H:%M:%S",
      "%m/%d/%y %H:%M:%S.%f",
      "%m/%d/%y %H:%M"
    ],
    "DATE_FORMAT": "Y\u5e74n\u6708j\u65e5",
    "DATE_INPUT_FORMATS": [
      "%Y-%m-%d",
      "%m/%d/%Y",
      "%m/%d/%y",
      "%b %d %Y",
      "%b %d, %Y",
      "%d %b %Y",
      "%d %b, %Y",
      "%B %d %Y",
      "%B %d, %Y",
      "%d %B %Y",
      "%d %B, %Y"
    ],
    "DECIMAL_SEPARATOR": ".",
    "FIRST_DAY_OF_WEEK": 0,
    "MONTH_DAY_FORMAT": "n\u6708j\u65e5",
    "NUMBER_GROUPING": 3,
    "SHORT_DATETIME_FORMAT": "Y/m/d G:i",
    "SHORT_DATE_FORMAT": "Y/m/d",
    "THOUSAND_SEPARATOR": ",",
    "TIME_FORMAT": "G:i",
    "TIME_INPUT_FORMATS": [
      "%H:%M:%S",
      "%H:%M:%S.%f",
      "%H:%M"
    ],
    "YEAR_MONTH_FORMAT": "Y\u5e74n\u6708"
  };

    django.get_format = function(format_type) {
      const value = django.formats[format_type];
      if (typeof value === 'undefined') {
        return format_type;
      } else {
        return value;
      }
    };

    /* add to global namespace */
    globals.pluralidx = django.pluralidx;
    globals.gettext = django.gettext;
    globals.ngettext = django.ngettext;
    globals.gettext_noop = django.gettext_noop;
    globals.pgettext = django.pgettext;
    globals.npgettext = django.npgettext;
    globals.interpolate = django.interpolate;
    globals.get_format = django.get_format;

    django.jsi18n_initialized = true;
  }
};
}).call(page);
export const { gettext, ngettext } = page.django;
