package org.denseflow.jobs.report;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * One entry of a gallery.
 *
 * @param id of the pair or image
 * @param category "" without
 * @param code why it failed; "" if it did not
 * @param detail the reason for people; "" if it did not fail
 * @param scores by name; those that are not known are absent
 * @param panels its pictures from left to right
 */
record GalleryItem(
    String id,
    String category,
    String code,
    String detail,
    Map<String, Double> scores,
    List<Panel> panels)
    implements Serializable {

  /**
   * A picture.
   *
   * @param title what it shows
   * @param file relative to the page
   * @param above a file that lies half transparent over it, "" without
   * @param note said beside the title, "" without
   */
  record Panel(String title, String file, String above, String note) implements Serializable {

    Panel(String title, String file) {
      this(title, file, "", "");
    }
  }
}
