// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Turns a tweet's text into tokens. A model is trained with one pipeline, and its artefact names it, so that a tweet is
 * always read the way its model learned to read.
 *
 * <p>{@link #deepTweet()} is the one to train with; the two of the paper are here to be compared with it:
 *
 * <pre>{@code
 * input      "RT @bob: I can't waaaait &lt;3 #Friday!!!! http://t.co/x 😀"
 * deeptweet  i can n't waait <3 friday ! ! <url> 😀
 * paper-v1   rt cant waaaait lt friday
 * paper-v3   rt i cant waaaait lt3 friday
 * }</pre>
 *
 * <p>Every {@code String} has a defined result, unpaired surrogates included, and the time is linear in its length.
 * Tokens are never empty and hold no white space. Instances are immutable and safe for use by many threads.
 */
public final class TextPipeline {
    private static final Map<String, Supplier<TextPipeline>> BY_NAME = Map.of(
            "paper-v1", TextPipeline::paperV1, "paper-v3", TextPipeline::paperV3, "deeptweet", TextPipeline::deepTweet);

    private final String name;
    private final Function<String, List<String>> tokenizer;
    private final Reader reader;

    private interface Reader {
        void read(String text, int most, Tokens into);
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
                (text, most, into) -> tokenizer.apply(text).stream()
                        .limit(most)
                        .forEach(token -> into.add(token.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * The cleaning of the paper's listing 1: lower case; URLs, mentions and hash signs taken out; letters only; English
     * stop words left out.
     *
     * <pre>{@code "@bob I don't like this café #sad http://t.co/x" -> dont like caf sad}</pre>
     */
    public static TextPipeline paperV1() {
        return new TextPipeline("paper-v1", PaperTokens::lettersWithoutStopWords);
    }

    /**
     * The cleaning of the paper's listing 5: lower case; URLs and mentions taken out; ASCII only; punctuation taken
     * out; stop words kept.
     *
     * <pre>{@code "@bob I don't like this café #sad http://t.co/x" -> i dont like this caf sad}</pre>
     */
    public static TextPipeline paperV3() {
        return new TextPipeline("paper-v3", PaperTokens::asciiWithoutPunctuation);
    }

    /**
     * Keeps what tells a mood. In the order of the work:
     *
     * <ol>
     *   <li>HTML entities are unescaped, once: {@code &lt;3 -> <3}.
     *   <li>Each character is folded by itself, to its Unicode compatibility form (NFKC), without Latin accents, in
     *       lower case: {@code Ｃafé -> cafe}. Curly apostrophes become straight. What cannot be seen goes (zero-width
     *       characters, variation selectors, skin tones, marks of direction); control characters and unpaired
     *       surrogates separate words.
     *   <li>{@code RT @name:} at the front goes, so that a retweet is read like its original.
     *   <li>{@code <url>}, {@code <user>} and {@code <num>} stand for links, mentions and numbers. A hashtag is its
     *       word.
     *   <li>Negations are a token of their own, also without apostrophe: {@code don't, dont -> do n't}; {@code can't,
     *       cannot -> can n't}.
     *   <li>{@code !}, {@code ?}, emoji and emoticons are tokens, emoticons without nose and spelling: {@code :-) =) (:
     *       -> :)}.
     *   <li>What stands three times or more in a row stands twice: {@code looooove!!!! -> loove ! !}.
     *   <li>All else separates words.
     * </ol>
     */
    public static TextPipeline deepTweet() {
        return new TextPipeline(
                "deeptweet", DeepTweetTokens::of, (text, most, into) -> into.tokenizer.read(text, most));
    }

    /**
     * The pipeline of that name.
     *
     * @throws IllegalArgumentException if there is none; the message lists those that there are
     */
    public static TextPipeline named(String name) {
        Supplier<TextPipeline> preset = BY_NAME.get(name);
        if (preset == null)
            throw new IllegalArgumentException(
                    "there is no text pipeline " + name + ": use " + String.join(", ", names()));
        return preset.get();
    }

    /** The names that {@link #named} knows, in alphabetical order. */
    public static List<String> names() {
        return BY_NAME.keySet().stream().sorted().toList();
    }

    /** The name that {@link #named} finds this pipeline by. */
    public String name() {
        return name;
    }

    /** The tokens of a text in their order; empty if nothing in it is one. */
    public List<String> tokens(String text) {
        return tokenizer.apply(text);
    }

    /**
     * Reads the first of the {@link #tokens} of a text, for the scoring path.
     *
     * @param most how many at most; 0 or more
     * @param into forgets the text before
     */
    public void read(String text, int most, Tokens into) {
        into.clear();
        reader.read(text, most, into);
    }

    @Override
    public String toString() {
        return name;
    }
}
