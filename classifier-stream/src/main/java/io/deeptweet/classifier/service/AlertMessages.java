// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.classifier.service.AlertAnswers.AlertAnswer;
import io.deeptweet.classifier.service.AlertSettings.WebhookFormat;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertState;
import io.deeptweet.schemas.text.UntrustedText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The bodies of webhooks.
 *
 * @param dashboard address of the dashboard; without it messages have no link
 * @param examples finds tweets that show what an alert is about
 */
record AlertMessages(Optional<String> dashboard, AlertExamples examples) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Slack refuses longer texts. */
    private static final int LONGEST_TEXT = 2_900;

    private static final int LONGEST_EXAMPLE = 280;

    /** JSON as the format wants it: of Slack, blocks as documented at https://docs.slack.dev/block-kit. */
    String of(Alert alert, WebhookFormat format) {
        List<TweetAnswer> tweets = alert.getState() == AlertState.FIRED ? examples.of(alert) : List.of();
        ObjectNode body = format == WebhookFormat.SLACK ? slack(alert, tweets) : json(alert, tweets);
        return UntrustedText.json(body.toString());
    }

    private ObjectNode json(Alert alert, List<TweetAnswer> tweets) {
        ObjectNode body = JSON.createObjectNode();
        AlertAnswer answer = AlertAnswer.of(alert);
        body.put("type", "deeptweet.alert." + answer.state());
        body.put("timestamp", answer.at());
        ObjectNode data = body.putObject("data");
        data.setAll((ObjectNode) JSON.valueToTree(answer));
        data.put("link", link(alert).orElse(null));
        ArrayNode examples = data.putArray("examples");
        for (TweetAnswer tweet : tweets)
            examples.addObject()
                    .put("id", tweet.id())
                    .put("text", UntrustedText.shortened(tweet.text(), LONGEST_EXAMPLE))
                    .put("sentiment", tweet.sentiment())
                    .put("createdAt", tweet.createdAt());
        return body;
    }

    private ObjectNode slack(Alert alert, List<TweetAnswer> tweets) {
        String title = (alert.getState() == AlertState.FIRED ? "Alert " : "Cleared: ") + AlertAnswers.key(alert);
        ObjectNode body = JSON.createObjectNode();
        body.put("text", plain(title + ": " + alert.getReason()));
        ArrayNode blocks = body.putArray("blocks");
        text(blocks, "header", "plain_text", UntrustedText.shortened(title, 140));
        text(blocks, "section", "plain_text", plain(alert.getReason()));
        for (TweetAnswer tweet : tweets)
            text(
                    blocks,
                    "section",
                    "plain_text",
                    "“" + plain(UntrustedText.shortened(tweet.text(), LONGEST_EXAMPLE)) + "”");
        link(alert).ifPresent(address -> text(blocks, "section", "mrkdwn", "<" + address + "|Open the dashboard>"));
        return body;
    }

    /** A block of text. Plain text: Slack makes no link and no mention of it. */
    private static void text(ArrayNode blocks, String block, String type, String text) {
        ObjectNode inner = blocks.addObject().put("type", block).putObject("text");
        inner.put("type", type).put("text", text);
        if (type.equals("plain_text")) inner.put("emoji", false);
    }

    private static String plain(String text) {
        return UntrustedText.shortened(
                UntrustedText.oneLine(text)
                        .replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;"),
                LONGEST_TEXT);
    }

    /** The page of the feed at the moment of the alert. */
    private Optional<String> link(Alert alert) {
        return dashboard.map(address -> {
            String base = address.endsWith("/") ? address : address + "/";
            if (alert.getFeed().isEmpty()) return base + "#/alerts";
            String page = base + "#/feed/" + URLEncoder.encode(alert.getFeed().get(), StandardCharsets.UTF_8);
            if (alert.getWindowStart().isEmpty()) return page;
            Instant start = alert.getWindowStart().get();
            Duration size = Duration.between(start, alert.getWindowEnd().orElse(start));
            return page + "?size=" + size + "&at=" + start;
        });
    }
}
