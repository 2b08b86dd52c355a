// SPDX-License-Identifier: Apache-2.0
// Scores what somebody types.

import * as api from "./api.js";
import { CLASSES, el, latest, percent, scroll, shareTrack } from "./dom.js";
import { marked, towards } from "./tweets.js";

const PAUSE_MS = 150;
const EXAMPLE = "I thought it would be awful, but it was not bad at all";

export function tryText(main, _, parameters) {
  const input = el("textarea", { id: "text", rows: 3, maxLength: 10_000, dir: "auto", value: parameters.get("text") || EXAMPLE });
  const result = el("div", { className: "result", "aria-live": "polite" });
  const newest = latest();
  let controller = new AbortController();
  let timer;

  function show(answer) {
    const score = answer.scores[0];
    const rows = score.terms.map((term) =>
      el(
        "tr",
        {},
        el("th", { scope: "row", dir: "auto", text: term.token + (term.known ? "" : " (not in the vocabulary)") }),
        ...CLASSES.map((sentiment) => el("td", { className: "number", text: towards(term, sentiment).toFixed(2) })),
      ),
    );
    result.replaceChildren(
      el("p", { className: "verdict" }, el("span", { className: "class " + score.sentiment, text: score.sentiment })),
      el(
        "dl",
        { className: "probabilities" },
        ...CLASSES.flatMap((sentiment) => [
          el("dt", { text: sentiment }),
          el("dd", {}, shareTrack(sentiment, score.probabilities[sentiment]), el("span", { text: percent(score.probabilities[sentiment]) })),
        ]),
      ),
      el("p", { className: "text", dir: "auto" }, ...marked(input.value, score.sentiment, score.terms)),
      el(
        "details",
        { open: true },
        el("summary", { text: "What each word adds to the logit of each class" }),
        scroll(
          "Words",
          el(
            "table",
            {},
            el("thead", {}, el("tr", {}, ...["word", ...CLASSES].map((text) => el("th", { scope: "col", text })))),
            el("tbody", {}, ...rows),
          ),
        ),
      ),
      el("p", { className: "muted", text: `Model ${answer.model}` }),
    );
  }

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      controller.abort();
      controller = new AbortController();
      const search = new URLSearchParams({ text: input.value });
      history.replaceState(null, "", "#/try?" + search);
      newest(
        () => api.score([input.value], controller.signal),
        show,
        (fault) => result.replaceChildren(el("p", { className: "message", text: fault.message })),
      );
    }, PAUSE_MS);
  }

  input.addEventListener("input", typed);
  main.append(el("h2", { text: "Try a sentence" }), el("label", { for: "text", text: "Text" }), input, result);
  input.focus();
  typed();
  return () => {
    clearTimeout(timer);
    controller.abort();
  };
}
