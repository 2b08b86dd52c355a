// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns the text of a tweet into tokens. A model's artefact names the pipeline that the model was trained with, so
 * scoring uses the same one.
 *
 * <p>{@link #deepTweet2()} is the default for training; models from before it use {@link #deepTweet()}. The two
 * pipelines of the paper are for comparison:
 *
 * <pre>
 * input        "RT @bob: I can't waaaait &amp;lt;3 #GoodFriday!!!! http://t.co/x 😀"
 * deeptweet-2  i can n't waait &lt;3 good friday ! ! &lt;url&gt; 😀
 * deeptweet    i can n't waait &lt;3 goodfriday ! ! &lt;url&gt; 😀
 * paper-v1     rt cant waaaait lt goodfriday
 * paper-v3     rt i cant waaaait lt3 goodfriday
 * </pre>
 *
 * <p>Every {@code String} has a defined result, also with unpaired surrogates, and the time is linear in its length.
 * Tokens are never empty and contain no white space. Instances are immutable and safe for use by many threads.
 */
public final class TextPipeline {
    private static final Map<String, Supplier<TextPipeline>> BY_NAME = Map.of(
            "paper-v1",
            TextPipeline::paperV1,
            "paper-v3",
            TextPipeline::paperV3,
            "deeptweet",
            TextPipeline::deepTweet,
            "deeptweet-2",
            TextPipeline::deepTweet2);

    private final String name;
    private final Function<String, List<String>> tokenizer;
    private final Reader reader;

    private interface Reader {
        void read(String text, int limit, TokenBuffer into);
    }

    private TextPipeline(String name, Function<String, List<String>> tokenizer, Reader reader) {
        this.name = name;
        this.tokenizer = tokenizer;
        this.reader = reader;
    }

    private TextPipeline(String name, Function<String, List<String>> tokenizer) {
        this(
                name,
                tokenizer,
                (text, limit, into) -> tokenizer.apply(text).stream()
                        .limit(limit)
                        .forEach(token -> into.add(token.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * The cleaning of the paper's listing 1: lower case, without URLs, mentions and hash signs, letters only, without
     * English stop words.
     *
     * <pre>{@code "@bob I don't like this café #sad http://t.co/x" -> dont like caf sad}</pre>
     */
    public static TextPipeline paperV1() {
        return new TextPipeline("paper-v1", PaperTokenizer::lettersWithoutStopWords);
    }

    /**
     * The cleaning of the paper's listing 5: lower case, without URLs and mentions, ASCII only, without punctuation,
     * with stop words.
     *
     * <pre>{@code "@bob I don't like this café #sad http://t.co/x" -> i dont like this caf sad}</pre>
     */
    public static TextPipeline paperV3() {
        return new TextPipeline("paper-v3", PaperTokenizer::asciiWithoutPunctuation);
    }

    /**
     * DeepTweet's own pipeline, which keeps what shows sentiment. Its steps, in order:
     *
     * <ol>
     *   <li>Unescape HTML entities, once: <code>&amp;lt;3 -&gt; &lt;3</code>.
     *   <li>Fold each character by itself: Unicode compatibility form (NFKC), without Latin accents, lower case:
     *       {@code Ｃafé -> cafe}. Curly apostrophes become straight. Invisible characters are removed (zero-width
     *       characters, variation selectors, skin tones, bidi marks). Control characters and unpaired surrogates become
     *       spaces.
     *   <li>Remove {@code RT @name:} at the start, so that a retweet has the tokens of its original.
     *   <li>Replace links, mentions and numbers by {@code <url>}, {@code <user>} and {@code <num>}. A hashtag becomes
     *       its word.
     *   <li>Split negations, also those without apostrophe: {@code don't, dont -> do n't}; {@code can't, cannot -> can
     *       n't}.
     *   <li>Make tokens of {@code !}, {@code ?}, emoji and emoticons. Variants of an emoticon are one token: {@code :-)
     *       =) (: -> :)}.
     *   <li>Shorten runs of three or more to two: {@code looooove!!!! -> loove ! !}.
     *   <li>Everything else separates words.
     * </ol>
     */
    public static TextPipeline deepTweet() {
        return new TextPipeline(
                "deeptweet",
                DeepTweetTokenizer::of,
                (text, limit, into) -> into.tokenizer().read(text, limit));
    }

    /**
     * {@link #deepTweet()} with two steps before it: an emoji sequence that zero-width joiners join becomes its first
     * emoji, and a hashtag is split into its words by its capital letters and the digits at its end.
     *
     * <pre>{@code "#NotGood 🤷‍♀️ #WorldCup2022" -> not good 🤷 world cup <num>}</pre>
     */
    public static TextPipeline deepTweet2() {
        return new TextPipeline(
                "deeptweet-2",
                text -> DeepTweetTokenizer.of(Preprocessing.of(text)),
                (text, limit, into) -> into.tokenizer().read(Preprocessing.of(text), limit));
    }

    /**
     * The pipeline of a name.
     *
     * @throws IllegalArgumentException if there is no such pipeline; the message lists the names
     */
    public static TextPipeline named(String name) {
        Supplier<TextPipeline> preset = BY_NAME.get(name);
        if (preset == null)
            throw new IllegalArgumentException(
                    "there is no text pipeline " + name + ": use " + String.join(", ", names()));
        return preset.get();
    }

    /** The names of all pipelines, in alphabetical order. */
    public static List<String> names() {
        return BY_NAME.keySet().stream().sorted().toList();
    }

    /** The name by which {@link #named} finds this pipeline. */
    public String name() {
        return name;
    }

    /** The tokens of a text, in order; empty if it has none. */
    public List<String> tokens(String text) {
        return tokenizer.apply(text);
    }

    /**
     * Writes the first {@link #tokens} of a text to a buffer, for the scoring path.
     *
     * @param limit maximum number of tokens; 0 or more
     * @param into loses its previous tokens
     */
    public void read(String text, int limit, TokenBuffer into) {
        into.clear();
        reader.read(text, limit, into);
    }

    @Override
    public String toString() {
        return name;
    }
}
