// SPDX-License-Identifier: Apache-2.0
// The words that pushed most to each side in some windows.

import { el, shareTrack, time, tweetCount } from "./dom.js";

const SHOWN = 12;

/** Nodes that show the words of windows; at is the start of the only one, or empty. */
export function wordsOf(windows, at) {
  const explained = windows.flatMap((window) => window.explained ?? []);
  const tweets = explained.reduce((sum, each) => sum + each.tweets, 0);
  const where = at ? `the window of ${time(at)}` : windows.length === 1 ? "one window" : `${windows.length} windows`;
  return [
    el("p", { className: "muted", text: `By their exact contributions in ${tweetCount(tweets)} of ${where}` }),
    side("positive", strongest(explained.flatMap((each) => each.words.positive))),
    side("negative", strongest(explained.flatMap((each) => each.words.negative))),
  ];
}

/** The words of several windows, each once, the strongest first. */
function strongest(found) {
  const sums = new Map();
  for (const { word, contribution } of found) sums.set(word, (sums.get(word) ?? 0) + contribution);
  return [...sums].map(([word, contribution]) => ({ word, contribution })).sort((one, other) => other.contribution - one.contribution);
}

function side(sentimentOf, found) {
  const largest = found[0]?.contribution;
  return el(
    "table",
    { className: "side" },
    el("caption", { text: `Towards ${sentimentOf}` }),
    el(
      "tbody",
      {},
      ...found.slice(0, SHOWN).map((word) =>
        el(
          "tr",
          {},
          el("th", { scope: "row", dir: "auto", text: word.word }),
          el("td", {}, shareTrack(sentimentOf, word.contribution / largest)),
          el("td", { className: "number", text: word.contribution.toFixed(1) }),
        ),
      ),
    ),
  );
}
