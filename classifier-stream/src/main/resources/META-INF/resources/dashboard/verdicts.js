// SPDX-License-Identifier: Apache-2.0
// What the active model and the shadow say of a tweet, side by side, with the words that decided.

import * as api from "./api.js";
import { CLASSES, el, latest, percent, shareTrack } from "./dom.js";
import { towards } from "./tweets.js";

const WORDS = 3;

/** {element, show(tweet)}: empty for a tweet that only one model has scored, or for none. */
export function verdicts() {
  const element = el("div", { className: "sides" });
  const explain = latest();

  function side(name, verdict) {
    const words = el("p", { className: "muted", text: "Words that decided: …" });
    const bars = CLASSES.flatMap((sentiment) => [
      el("dt", { text: sentiment }),
      el("dd", {}, shareTrack(sentiment, verdict.probabilities[sentiment]), el("span", { className: "number", text: percent(verdict.probabilities[sentiment]) })),
    ]);
    const section = el(
      "section",
      { "aria-label": name },
      el("h3", {}, `${name}: `, el("span", { className: "class " + verdict.sentiment, text: verdict.sentiment })),
      el("p", { className: "muted", text: verdict.modelVersion }),
      el("dl", { className: "probabilities" }, ...bars),
      words,
    );
    return { section, words };
  }

  function decisive(score, sentiment) {
    const strongest = score.terms
      .map((term) => ({ token: term.token, share: towards(term, sentiment) }))
      .filter((term) => term.share > 0)
      .sort((one, other) => other.share - one.share)
      .slice(0, WORDS);
    return strongest.length === 0 ? "none" : strongest.map((term) => term.token).join(", ");
  }

  /** A model that has been replaced since explains another score: its words are left out. */
  function tell(words, answer, verdict) {
    words.textContent =
      answer && answer.model === verdict.modelVersion
        ? `Words that decided: ${decisive(answer.scores[0], verdict.sentiment)}`
        : "The words that decided are not known: the model no longer runs here.";
  }

  function show(tweet) {
    if (!tweet || !tweet.shadow) {
      element.replaceChildren();
      explain(async () => undefined, () => {}, () => {});
      return;
    }
    const active = side("Active model", tweet);
    const beside = side("Shadow model", tweet.shadow);
    element.replaceChildren(active.section, beside.section);
    const scored = (model) => api.score([tweet.text], undefined, model).catch(() => undefined);
    explain(
      () => Promise.all([scored("active"), scored("shadow")]),
      ([one, other]) => {
        tell(active.words, one, tweet);
        tell(beside.words, other, tweet.shadow);
      },
      () => {},
    );
  }

  return { element, show };
}
