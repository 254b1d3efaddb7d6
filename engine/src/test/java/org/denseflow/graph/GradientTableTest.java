package org.denseflow.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.denseflow.matcher.distillation.DistillationGradient;
import org.denseflow.matcher.guided.GsfGradient;
import org.denseflow.matcher.proposals.EmbeddingParameters.Layer;
import org.denseflow.matcher.proposals.ScnetGradient;
import org.denseflow.matcher.proposals.ScnetParameters.Variant;
import org.denseflow.matcher.recurrent.RtnGradient;
import org.denseflow.matcher.recurrent.SamGradient;
import org.denseflow.matcher.recurrent.SamParameters;
import org.denseflow.matcher.sfnet.SfnetGradient;
import org.denseflow.style.CodecGradient;
import org.junit.jupiter.api.Test;

/** Prints the largest relative error of each block's gradient against finite differences. */
class GradientTableTest {
  @Test
  void everyBlockHasTheRightGradient() {
    Map<String, DoubleSupplier> blocks = new LinkedHashMap<>();
    blocks.put("convolution block", ConvolutionBlockTest::gradientError);
    blocks.put("L2 normalisation", L2NormalisationTest::gradientError);
    blocks.put("correlation", CorrelationBlockTest::gradientError);
    blocks.put("window correlation", WindowCorrelationTest::gradientError);
    blocks.put("soft and kernel soft argmax", KernelSoftArgmaxBlockTest::gradientError);
    blocks.put("bilinear sampling", BilinearSamplingTest::gradientError);
    blocks.put("window sampling", WindowSamplingTest::gradientError);
    blocks.put("affine receptive field", AffineReceptiveFieldTest::gradientError);
    blocks.put("up-sampling", UpsamplingTest::gradientError);
    blocks.put("mask, flow, smoothness, L1 losses", FlowLossesTest::gradientError);
    blocks.put("softmax cross entropy", SoftmaxCrossEntropyTest::gradientError);
    blocks.put("SFNet, two levels, total loss", SfnetGradient::gradientError);
    blocks.put("box filter", BoxFilterTest::gradientError);
    blocks.put("droplink", DroplinkTest::gradientError);
    blocks.put("neural patch blending", NeuralPatchBlendingTest::gradientError);
    blocks.put("RTNs, two passes, both losses", () -> RtnGradient.gradientError(0));
    blocks.put("RTNs, first pass on a coarser grid", () -> RtnGradient.gradientError(1));
    blocks.put("decoder with droplinks", CodecGradient::gradientError);
    blocks.put(
        "SAM-Net, two passes, all losses",
        () -> SamGradient.gradientError(SamParameters.Loss.CROSS_ENTROPY));
    blocks.put("SAM-Net with Eq. 11", () -> SamGradient.gradientError(SamParameters.Loss.DISTANCE));
    blocks.put("GSF, pruning to L_P", GsfGradient::pruningError);
    blocks.put("GSF, pruning and matching to L_final", GsfGradient::matchingError);
    blocks.put("SCNet-A", () -> ScnetGradient.gradientError(Variant.A, Layer.FULL));
    blocks.put("SCNet-AG", () -> ScnetGradient.gradientError(Variant.AG, Layer.PER_PART));
    blocks.put("SCNet-AG+", () -> ScnetGradient.gradientError(Variant.AG_PLUS, Layer.FULL));
    blocks.put("distillation, both losses", DistillationGradient::gradientError);
    blocks.forEach(
        (name, error) -> {
          double largest = error.getAsDouble();
          System.out.printf("gradient  %-36s %.1e%n", name, largest);
          assertThat(largest).as(name).isLessThan(1e-5);
        });
  }
}
