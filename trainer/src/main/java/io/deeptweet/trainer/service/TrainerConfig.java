package io.deeptweet.trainer.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The trainer's settings; {@code application.properties} says what each is for. */
@ConfigMapping(prefix = "deeptweet")
public interface TrainerConfig {
  Topics topics();

  /** Publish and activate the model that DeepTweet ships, where the model topic holds none. */
  @WithDefault("true")
  boolean publishDefault();

  /** How many of the newest models a publication leaves on the model topic: 1 or more. */
  @WithDefault("10")
  int keepModels();

  /** How missing topics are created. */
  interface Topics {
    /** Partitions of a new topic: 1 to 10000. */
    @WithDefault("4")
    String partitions();

    /** Replicas of a new topic: 1 or more, or -1 for the broker's default. */
    @WithDefault("-1")
    String replicationFactor();
  }
}
