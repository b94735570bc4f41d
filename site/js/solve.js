/* Proof of work in a Worker: finds n with SHA-256(salt + n) = challenge, 0 <= n <= maxnumber.
   In:  {salt, challenge (hex), maxnumber}     Out: n, or -1 when there is none. */
'use strict';

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square
   roots of the first 8 (FIPS 180-4), worked out instead of typed in. */
var ROUND = [];
var START = [];
(function () {
  function fraction(x) {
    return (x - Math.floor(x)) * 4294967296 | 0;
  }
  var n = 2;
  while (ROUND.length < 64) {
    var prime = true;
    for (var d = 2; d * d <= n; d++) {
      if (n % d === 0) {
        prime = false;
      }
    }
    if (prime) {
      if (START.length < 8) {
        START.push(fraction(Math.sqrt(n)));
      }
      ROUND.push(fraction(Math.pow(n, 1 / 3)));
    }
    n++;
  }
})();

var W = new Int32Array(64);

/* One 64-byte block at `at` of `bytes` into `state`. */
function block(state, bytes, at) {
  var i, x, y;
  for (i = 0; i < 16; i++, at += 4) {
    W[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
  }
  for (; i < 64; i++) {
    x = W[i - 15];
    y = W[i - 2];
    W[i] = W[i - 16] + W[i - 7] +
      ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
      ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
  }
  var a = state[0], b = state[1], c = state[2], d = state[3];
  var e = state[4], f = state[5], g = state[6], h = state[7];
  for (i = 0; i < 64; i++) {
    x = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) +
      (e & f ^ ~e & g) + ROUND[i] + W[i] | 0;
    y = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) +
      (a & b ^ a & c ^ b & c) | 0;
    h = g; g = f; f = e; e = d + x | 0;
    d = c; c = b; b = a; a = x + y | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

/* The whole 64-byte blocks of the salt are hashed once; only the tail changes with n. */
function solve(salt, challenge, most) {
  var whole = salt.length - salt.length % 64;
  var tail = salt.length - whole;
  var bytes = new Uint8Array(Math.max(whole, 192));
  var wanted = new Int32Array(8);
  var before = new Int32Array(START);
  var state = new Int32Array(8);
  var i, n, digits, end, size;
  for (i = 0; i < 8; i++) {
    wanted[i] = parseInt(challenge.slice(i * 8, i * 8 + 8), 16) | 0;
  }
  for (i = 0; i < whole; i++) {
    bytes[i] = salt.charCodeAt(i);
  }
  for (i = 0; i < whole; i += 64) {
    block(before, bytes, i);
  }
  bytes.fill(0);
  for (i = 0; i < tail; i++) {
    bytes[i] = salt.charCodeAt(whole + i);
  }
  for (n = 0; n <= most; n++) {
    digits = String(n);
    end = tail + digits.length;
    for (i = 0; i < digits.length; i++) {
      bytes[tail + i] = digits.charCodeAt(i);
    }
    size = end + 9 > 64 ? 128 : 64;
    bytes[end] = 128;
    bytes.fill(0, end + 1, size);
    var bits = (whole + end) * 8;
    bytes[size - 4] = bits >>> 24;
    bytes[size - 3] = bits >>> 16;
    bytes[size - 2] = bits >>> 8;
    bytes[size - 1] = bits;
    state.set(before);
    for (i = 0; i < size; i += 64) {
      block(state, bytes, i);
    }
    for (i = 0; i < 8 && state[i] === wanted[i]; i++) { /* compares the digest, word by word */ }
    if (i === 8) {
      return n;
    }
  }
  return -1;
}

self.onmessage = function (event) {
  var task = event.data;
  self.postMessage(solve(task.salt, task.challenge, task.maxnumber));
};
