package org.denseflow.synthesis;

/**
 * The random numbers of one pair: SplitMix64 (Steele, Lea and Flood 2014). Written out here because
 * the rows of a run must not change with the Java version; transcendental functions are those of
 * {@link StrictMath} for the same reason.
 */
final class SplitMix64 {
  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /** 64 uniform bits. */
  long next() {
    state += 0x9e3779b97f4a7c15L;
    long z = state;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }

  /** Uniform in [low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * ((next() >>> 11) * 0x1.0p-53);
  }

  /** Uniform in [-range, range). */
  double around(double range) {
    return uniform(-range, range);
  }

  /** Normal with mean 0, by Box and Muller; two uniform numbers are used for each. */
  double normal(double sigma) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(0, 1)));
    return sigma * radius * StrictMath.cos(2 * Math.PI * uniform(0, 1));
  }

  /** Uniform in 0..bound-1. */
  int below(int bound) {
    return (int) uniform(0, bound);
  }
}
