package org.denseflow.jobs.masks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.sql.Row;
import org.denseflow.image.Mask;
import org.denseflow.metrics.MaskScores;
import org.junit.jupiter.api.Test;

class MaskRowTest {

  /** Nothing found where there is nothing: the intersection over the union is 0 over 0. */
  @Test
  void aScoreThatIsNotDefinedIsNull() {
    Mask empty = new Mask(2, 1, new boolean[2]);
    MaskImage image = new MaskImage("a", "/a.png", null, null);
    Row row =
        MaskRow.target(image, new MaskTile(0, 0, "cat", List.of(), List.of(image)))
            .putScore("iou", MaskScores.iou(empty, empty))
            .putScore("lt_acc", MaskScores.labelTransferAccuracy(empty, empty))
            .row();

    assertThat(row.get(MaskTable.SCHEMA.fieldIndex("iou"))).isNull();
    assertThat(row.get(MaskTable.SCHEMA.fieldIndex("lt_acc"))).isEqualTo(1.0);
  }
}
