package org.denseflow.jobs.run;

import com.typesafe.config.Config;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.denseflow.config.Presets;
import org.denseflow.jobs.dataset.HadoopFileStore;
import org.denseflow.schemas.RunManifest;

/**
 * A job and its run, as far as they are known before it begins.
 *
 * @param spark the session that computes
 * @param log what is told goes there
 * @param name the job's name, for the manifest
 * @param out output directory
 * @param config the resolved configuration
 * @param identity what determines the rows
 */
public record JobSetup(
    SparkSession spark,
    PrintStream log,
    String name,
    String out,
    Config config,
    RunIdentity identity) {

  /** The configuration of the storage. */
  Configuration storage() {
    return spark.sparkContext().hadoopConfiguration();
  }

  /**
   * Checks that images are there.
   *
   * @param check of the things that need them
   * @param needed the files of each thing, of all or some
   * @param all how many things there are
   */
  public void requireImages(ImageCheck check, List<List<String>> needed, long all) {
    check.require(needed, all, new HadoopFileStore(storage()), log);
  }

  /** The manifest of the run. */
  public RunManifest manifest(
      Map<String, String> inputs, Map<String, Long> counts, int chunks, List<String> tables) {
    return new RunManifest(
        RunManifest.FORMAT,
        name,
        identity.fingerprint(),
        inputs,
        Presets.canonical(config),
        counts,
        chunks,
        tables,
        identity.versions(spark));
  }
}
