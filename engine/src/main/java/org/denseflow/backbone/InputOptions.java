package org.denseflow.backbone;

import java.util.List;
import java.util.Optional;
import org.denseflow.backbone.Preprocessing.Channels;

/**
 * The scale and the order of pixels that a network from a file expects, where the file does not
 * state them.
 *
 * @param values how the pixels' values are scaled
 * @param channels the order of the channels
 */
public record InputOptions(Optional<Values> values, Optional<Channels> channels) {

  /** How values in 0..255 are scaled. */
  public enum Values {
    /** 0..1. */
    UNIT,
    /** -1..1. */
    SYMMETRIC,
    /** As torchvision: 0..1, less ImageNet's mean, by its deviation. */
    IMAGENET,
    /** As VGG's authors: 0..255 less ImageNet's mean. */
    CENTRED,
    /** 0..255. */
    RAW
  }

  /** What these options say, or what is given where they say nothing. */
  public Preprocessing or(Preprocessing known) {
    Channels order = channels.orElse(known.channels());
    return values
        .map(
            scaling ->
                switch (scaling) {
                  case UNIT -> Preprocessing.uniform(1 / 255.0, 0, order);
                  case SYMMETRIC -> Preprocessing.uniform(1 / 127.5, 1, order);
                  case IMAGENET -> Preprocessing.IMAGENET.in(order);
                  case CENTRED ->
                      new Preprocessing(
                              1,
                              List.of(123.68, 116.779, 103.939),
                              List.of(1.0, 1.0, 1.0),
                              Channels.RGB)
                          .in(order);
                  case RAW -> Preprocessing.uniform(1, 0, order);
                })
        .orElse(new Preprocessing(known.scale(), known.mean(), known.std(), order));
  }
}
