package org.denseflow.jobs.training;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.jobs.run.Reading;
import org.denseflow.training.TrainingPair;

/** A pair to learn from as it travels to the workers: all but its pixels. */
interface PairSample extends Serializable {

  /** Names the pair in messages. */
  String id();

  /** Changes with all that the pair is made of: its prepared example is kept under this name. */
  String key();

  /** The images it is made of. */
  List<String> images();

  /** Reads or renders the pair. */
  TrainingPair load(Configuration configuration, Reading reading);
}
