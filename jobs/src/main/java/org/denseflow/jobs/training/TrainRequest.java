package org.denseflow.jobs.training;

import com.typesafe.config.Config;
import java.util.Optional;
import org.denseflow.jobs.dataset.Dataset;

/**
 * The request for a training.
 *
 * @param preset the preset's name
 * @param config the resolved configuration: the preset's keys and those of {@code conf/train.conf}
 * @param pairs output of a finished SyntheticPairJob, empty without a stage on synthetic pairs
 * @param imagePairs address of a dataset, empty without a stage on image pairs
 * @param photographs the dataset of that address
 * @param files backbone, features, style network and the model to start from
 * @param workers that train side by side
 * @param out output directory
 * @param cache folder for prepared examples on each worker, empty for a temporary one
 * @param seed of first parameters and order
 */
record TrainRequest(
    String preset,
    Config config,
    String pairs,
    String imagePairs,
    Optional<Dataset> photographs,
    TrainFiles files,
    int workers,
    String out,
    String cache,
    long seed) {}
