package io.deeptweet.classifier.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Map;
import java.util.Optional;

/**
 * The classifier's settings as they are written, each explained in {@code application.properties}. {@link Settings} reads them,
 * so that a wrong one can be named in a sentence.
 */
@ConfigMapping(prefix = "deeptweet")
public interface ClassifierConfig {
  Topics topics();

  Window window();

  Map<String, Feed> feeds();

  @WithDefault("deeptweet-classifier")
  String applicationId();

  Optional<String> threads();

  @WithDefault("true")
  String scoring();

  @WithDefault(".deeptweet/classifier")
  String stateDir();

  interface Topics {
    @WithDefault("4")
    String partitions();

    @WithDefault("-1")
    String replicationFactor();
  }

  interface Window {
    @WithDefault("10s,1m,1h")
    String sizes();

    @WithDefault("1d")
    String grace();
  }

  interface Feed {
    @WithDefault("0")
    String strongestWords();
  }
}
