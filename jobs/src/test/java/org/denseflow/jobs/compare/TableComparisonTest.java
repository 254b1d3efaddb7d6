package org.denseflow.jobs.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.denseflow.image.ImageEncoder;
import org.denseflow.image.RgbImage;
import org.denseflow.jobs.masks.MaskTable;
import org.denseflow.jobs.run.FlowTable;
import org.denseflow.jobs.run.RunTable;
import org.denseflow.jobs.training.Curves;
import org.junit.jupiter.api.Test;

class TableComparisonTest {
  private static final TableComparison.Rule EXACT = new TableComparison.Rule(0, Set.of());

  @Test
  void theGreatestDifferenceOfAnArrayIsThatOfItsNumbers() {
    TableComparison compared =
        flows("a", flow("f32le", floats(0.5f, -1f)), flow("f32le", floats(0.25f, -1f)), EXACT)
            .plus(flows("b", flow("f32le", floats(0f)), flow("f32le", floats(2f)), EXACT))
            .plus(flows("c", flow("f32le", floats(3f)), flow("f32le", floats(3f)), EXACT));
    assertThat(compared.columns().get("flow")).isEqualTo(new ColumnComparison(1, 2, 2.0, "b"));
    assertThat(compared.columns().get("method")).isEqualTo(new ColumnComparison(3, 0, 0.0, null));
    assertThat(compared.rows()).isEqualTo(3);
    assertThat(compared.equal()).isEqualTo(1);
    assertThat(compared.same()).isFalse();
  }

  @Test
  void whatIsWithinTheToleranceIsEqualAndStillTold() {
    TableComparison.Rule rule = new TableComparison.Rule(0.25, Set.of());
    TableComparison compared =
        flows("a", flow("f32le", floats(0.5f)), flow("f32le", floats(0.25f)), rule);
    assertThat(compared.columns().get("flow")).isEqualTo(new ColumnComparison(1, 0, 0.25, "a"));
    assertThat(compared.same()).isTrue();
  }

  /** 0x3800 is 0.5 in half precision. */
  @Test
  void numbersOfBothPrecisionsAreComparedAsNumbers() {
    byte[] half = {0x00, 0x38};
    TableComparison compared = flows("a", flow("f32le", floats(0.75f)), flow("f16le", half), EXACT);
    assertThat(compared.columns().get("flow").greatest()).isEqualTo(0.25);
    assertThat(compared.columns().get("flow_encoding"))
        .isEqualTo(new ColumnComparison(0, 1, null, "a"));
  }

  @Test
  void notANumberNothingAndAnotherSizeDifferWhateverTheTolerance() {
    TableComparison.Rule rule = new TableComparison.Rule(1e9, Set.of());
    byte[] one = floats(1f);
    assertThat(flows("a", flow("f32le", one), flow("f32le", floats(Float.NaN)), rule).same())
        .isFalse();
    assertThat(flows("a", flow("f32le", one), flow("f32le", null), rule).same()).isFalse();
    assertThat(flows("a", flow("f32le", one), flow("f32le", floats(1f, 1f)), rule).same())
        .isFalse();
    byte[] nan = floats(Float.NaN);
    assertThat(flows("a", flow("f32le", nan), flow("f32le", nan.clone()), EXACT).same()).isTrue();
  }

  @Test
  void imagesAreComparedInGreyLevels() {
    Row left = row(MaskTable.TABLE, "mask_png", png(10, 200));
    Row right = row(MaskTable.TABLE, "mask_png", png(13, 199));
    TableComparison compared = TableComparison.of(MaskTable.TABLE, "a", left, right, EXACT);
    assertThat(compared.columns().get("mask_png")).isEqualTo(new ColumnComparison(0, 1, 3.0, "a"));
  }

  @Test
  void timesAreNotComparedNorWhatIsToBeIgnored() {
    Row left = row(MaskTable.TABLE, "seconds", 1.5, "iou", 0.5);
    Row right = row(MaskTable.TABLE, "seconds", 2.5, "iou", 0.75);
    TableComparison compared = TableComparison.of(MaskTable.TABLE, "a", left, right, EXACT);
    assertThat(compared.columns()).doesNotContainKey("seconds");
    assertThat(compared.columns().get("iou").greatest()).isEqualTo(0.25);

    for (String name : new String[] {"iou", "masks.iou"}) {
      TableComparison.Rule rule = new TableComparison.Rule(0, Set.of(name));
      assertThat(TableComparison.of(MaskTable.TABLE, "a", left, right, rule).same()).isTrue();
    }

    TableComparison.Rule other = new TableComparison.Rule(0, Set.of("flows.iou"));
    assertThat(TableComparison.of(MaskTable.TABLE, "a", left, right, other).same()).isFalse();
  }

  @Test
  void theValuesOfACurveAreColumnsByTheirNames() {
    TableComparison compared =
        curve("1 train total", "total", 4.0, 4.5).plus(curve("1 train millis", "millis", 10, 99));
    assertThat(compared.columns().get("total"))
        .isEqualTo(new ColumnComparison(0, 1, 0.5, "1 train total"));
    assertThat(compared.columns()).doesNotContainKeys("millis", "value");
  }

  @Test
  void missingAdditionalAndRepeatedRowsAreDifferences() {
    TableComparison missing = TableComparison.missing("z");

    for (String id : new String[] {"f", "e", "d", "c", "b"}) {
      missing = missing.plus(TableComparison.missing(id));
    }

    assertThat(missing.missing().toString()).isEqualTo("6 (b, c, d, e, f, ...)");
    assertThat(missing.same()).isFalse();
    assertThat(TableComparison.additional("a").same()).isFalse();
    assertThat(TableComparison.NONE.withTwice("a").same()).isFalse();
    assertThat(TableComparison.NONE.same()).isTrue();
  }

  private static TableComparison flows(String id, Row left, Row right, TableComparison.Rule rule) {
    return TableComparison.of(FlowTable.TABLE, id, left, right, rule);
  }

  private static TableComparison curve(String id, String name, double left, double right) {
    return TableComparison.of(
        Curves.TABLE,
        id,
        row(Curves.TABLE, "step", 1L, "name", name, "value", left),
        row(Curves.TABLE, "step", 1L, "name", name, "value", right),
        EXACT);
  }

  private static Row flow(String encoding, byte[] flow) {
    return row(FlowTable.TABLE, "flow_encoding", encoding, "flow", flow, "method", "nn");
  }

  /** A row whose other cells are null. */
  private static Row row(RunTable table, Object... cells) {
    Object[] values = new Object[table.schema().size()];

    for (int i = 0; i < cells.length; i += 2) {
      values[table.schema().fieldIndex((String) cells[i])] = cells[i + 1];
    }

    return new GenericRowWithSchema(values, table.schema());
  }

  private static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);

    for (float value : values) {
      buffer.putFloat(value);
    }

    return buffer.array();
  }

  /** An image of a pixel for each level. */
  private static byte[] png(int... levels) {
    byte[] pixels = new byte[3 * levels.length];

    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) levels[i / 3];
    }

    return ImageEncoder.png(new RgbImage(levels.length, 1, pixels));
  }
}
