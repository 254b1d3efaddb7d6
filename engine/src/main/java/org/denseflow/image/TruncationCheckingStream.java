package org.denseflow.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image stream that fails when a reader keeps on reading past the end of the data: the WebP
 * reader takes missing bytes for zeros, and 48 bytes can announce hours of them. A few reads past
 * the end are usual.
 */
final class TruncationCheckingStream extends MemoryCacheImageInputStream {
  private static final int MOST_READS = 64;

  private int readsPastTheEnd;

  TruncationCheckingStream(byte[] bytes) {
    super(new ByteArrayInputStream(bytes));
  }

  @Override
  public int read() throws IOException {
    return checked(super.read());
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return checked(super.read(bytes, offset, length));
  }

  private int checked(int read) throws IOException {
    if (read < 0 && ++readsPastTheEnd > MOST_READS) {
      throw new IOException("unexpected end of the data");
    }

    return read;
  }
}
