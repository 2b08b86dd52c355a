// SPDX-License-Identifier: Apache-2.0
// A list of scored tweets with the words that decided, and text with marked words.

import * as api from "./api.js";
import { CLASSES, el, percent, time } from "./dom.js";

const SHOWN_CHARACTERS = 500;
const MARKED_WORDS = 3;
const LEAST_SHARE = 0.3; // of the strongest word's contribution

/** What a term contributes to a class: above 0 if it makes the class more probable. */
export function towards(term, sentiment) {
  if (sentiment === "neutral") return -term.opinion;
  return term.opinion + (sentiment === "positive" ? term.polarity : -term.polarity);
}

/** The text as nodes, with the words marked that contributed most to its class. */
export function marked(text, sentiment, terms) {
  const strongest = terms
    .filter((term) => towards(term, sentiment) > 0 && !term.token.startsWith("<"))
    .sort((one, other) => towards(other, sentiment) - towards(one, sentiment))
    .slice(0, MARKED_WORDS);
  const least = strongest.length > 0 ? LEAST_SHARE * towards(strongest[0], sentiment) : 0;
  const decisive = new Set(strongest.filter((term) => towards(term, sentiment) >= least).map((term) => term.token));
  // Words with their apostrophes, or single characters such as emoji and punctuation.
  return (text.match(/[\p{L}\p{N}_'’]+|\s+|./gsu) || []).map((part) =>
    decisive.has(part.toLowerCase()) ? el("mark", { className: sentiment, text: part }) : document.createTextNode(part),
  );
}

function item(tweet, terms) {
  const short = [...tweet.text].slice(0, SHOWN_CHARACTERS).join("");
  const text = el("p", { className: "text", dir: "auto" }, ...marked(short, tweet.sentiment, terms));
  if (short.length < tweet.text.length) text.append("…");
  return el(
    "li",
    { className: "tweet " + tweet.sentiment },
    el(
      "p",
      { className: "about" },
      el("span", { className: "class " + tweet.sentiment, text: `${tweet.sentiment} ${percent(tweet.probabilities[tweet.sentiment])}` }),
      el("time", { dateTime: tweet.createdAt, text: time(tweet.createdAt) }),
      tweet.author ? el("span", { className: "author", dir: "auto", text: tweet.author.slice(0, 50) }) : undefined,
    ),
    text,
  );
}

/** Shows tweets in a list, which stays as it is if they are the same. */
export async function show(list, tweets) {
  const keys = tweets.map((tweet) => tweet.id + " " + tweet.modelVersion).join("\n");
  if (list.dataset.keys === keys) return;
  list.dataset.keys = keys;
  let explained = [];
  try {
    if (tweets.length > 0) explained = (await api.score(tweets.map((tweet) => tweet.text))).scores;
  } catch {
    // without marks
  }
  if (list.dataset.keys !== keys) return;
  list.replaceChildren(...tweets.map((tweet, index) => item(tweet, explained[index] ? explained[index].terms : [])));
}

/** A choice of a class. */
export function classChoice(id, changed) {
  return el(
    "select",
    { id, onchange: (event) => changed(event.target.value) },
    el("option", { value: "", text: "all classes" }),
    ...CLASSES.map((sentiment) => el("option", { value: sentiment, text: sentiment })),
  );
}
