package org.denseflow.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.RecordComponent;

/**
 * A configuration in two parts: the job's keys, which say how it runs, and the preset's, which say
 * what it computes.
 *
 * @param job the keys that the job's record has components for, bound to it
 * @param preset all other keys
 */
public record JobConfig<J extends Record>(J job, Config preset) {

  /**
   * Splits a configuration into its parts and binds the job's.
   *
   * @throws ConfigException listing every error of the job's part
   */
  public static <J extends Record> JobConfig<J> of(Config config, Class<J> type) {
    Config job = ConfigFactory.empty();
    Config preset = config;

    for (RecordComponent component : type.getRecordComponents()) {
      String key = ConfigBinder.kebab(component.getName());

      if (config.hasPath(key)) {
        job = job.withValue(key, config.getValue(key));
        preset = preset.withoutPath(key);
      }
    }

    return new JobConfig<>(ConfigBinder.bind(job, type), preset);
  }
}
