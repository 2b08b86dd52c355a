// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.shape.JsonFields;
import io.deeptweet.ingest.source.live.PollingOptions.PagingKind;
import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.Keys;
import io.deeptweet.service.settings.Setting;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A polled API. */
interface PollingSettings {
    /** What a JSON pointer is. */
    String POINTER = "(?:/(?:[^~/]|~[01])*)+";

    @Keys(value = "parameter", pattern = "[A-Za-z0-9_-]{1,64}", allowed = "1 to 64 letters, digits, '_' and '-'")
    @Setting(
            value = "Parameter of every request, which is percent-encoded and added to the address.",
            allowed = "any value, such as apple OR pear",
            defaultInWords = "none")
    Map<String, String> parameters();

    @Setting(value = "From the end of a poll to the next one.", from = "1s", to = "1d")
    @WithDefault("30s")
    @WithConverter(DurationConverter.class)
    Duration interval();

    @Setting(
            value = "Where the list of posts is in an answer.",
            pattern = POINTER,
            allowed = "a JSON pointer, such as /response/tweets",
            defaultInWords = "looked for")
    Optional<String> items();

    @Keys(
            value = "field",
            pattern = "id|text|created_at|lang|author|label",
            allowed = "id, text, created_at, lang, author or label")
    @Setting(
            value = "Where the field is in a post.",
            pattern = JsonFields.PLACE_PATTERN,
            allowed = "a name, or a JSON pointer, such as /user/name",
            defaultInWords = "looked for")
    Map<String, String> fields();

    @Setting(
            value = "Values of the label that mean negative; a label in neither list is no label.",
            allowed = "values separated by commas")
    @WithDefault("negative,neg,0,-1")
    List<String> negative();

    @Setting(value = "Values of the label that mean positive.", allowed = "values separated by commas")
    @WithDefault("positive,pos,1,4")
    List<String> positive();

    @Setting("How further posts are asked for: an answer holds the newest ones (`none`), or says where to continue"
            + " (`cursor`), or older ones are on further pages (`page`), or a request names the newest id that is known"
            + " (`since-id`).")
    @WithDefault("none")
    PagingKind paging();

    @Setting(
            value = "Parameter that holds the cursor, the page or the id; with `page`, it may be left out if the answer"
                    + " holds whole addresses.",
            pattern = "[!-~]{1,64}",
            allowed = "a name, such as cursor")
    Optional<String> parameter();

    @Setting(
            value = "Where an answer holds the next cursor, page or address; without it, pages are numbered, or the"
                    + " header `Link` has the address.",
            pattern = POINTER,
            allowed = "a JSON pointer, such as /meta/next")
    Optional<String> next();

    @Setting(value = "Number of the first page.", from = "0", to = "1")
    @WithDefault("1")
    int firstPage();

    @Setting(value = "Most requests of a poll.", from = "1", to = "1000")
    @WithDefault("10")
    int mostPages();

    @Setting(
            value = "Header that holds the token alone; without it, `Authorization: Bearer` holds it.",
            pattern = "[A-Za-z][A-Za-z0-9-]{0,63}",
            allowed = "the name of a header, such as X-API-Key")
    Optional<String> tokenHeader();

    @Setting(value = "How long a request may take, with its answer.", from = "1s", to = "10m")
    @WithDefault("30s")
    @WithConverter(DurationConverter.class)
    Duration timeout();

    @Setting(value = "Most bytes of an answer, decompressed.", from = "1000", to = "67108864")
    @WithDefault("16777216")
    int largestAnswer();
}
