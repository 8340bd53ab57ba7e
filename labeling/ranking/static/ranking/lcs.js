// The longest common subsequence of two lists, as the steps from one to the other.

function lengths(a, b, same) {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] = same(a[i], b[j])
        ? table[(i + 1) * width + j + 1] + 1
        : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
    }
  }
  return (i, j) => table[i * width + j];
}

// [kind, item] in order: 'same' in both, 'gone' from the first, 'new' in the second.
// Takes room for a.length times b.length numbers.
export function* steps(a, b, same = (x, y) => x === y) {
  const common = lengths(a, b, same);
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(a[i], b[j])) {
      yield ['same', a[i++]];
      j++;
    } else if (j >= b.length || (i < a.length && common(i + 1, j) >= common(i, j + 1))) yield ['gone', a[i++]];
    else yield ['new', b[j++]];
  }
}
