package org.denseflow.jobs.run;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * File names made of ids: readable, and different for different ids on any file system, object
 * store or web page, also where case does not count or names are brought to one Unicode form.
 */
public final class FileNames {
  /** So that an ending and what a file system adds still fit into 255 bytes. */
  private static final int LONGEST = 200;

  private static final int DIGEST = 12;

  /** What file systems, shells, URLs or Hadoop's paths treat specially, and what is not seen. */
  private static final Pattern SPECIAL =
      Pattern.compile("[\\p{ASCII}&&[^A-Za-z0-9._()+-]]+|[\\p{C}\\p{Z}]+");

  /** Hidden files, and options of commands. */
  private static final Pattern SPECIAL_START = Pattern.compile("^[._-]+");

  private static final Pattern RESERVED =
      Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

  private static final Pattern LIKE_OURS =
      Pattern.compile(".*-[0-9a-f]{%d}".formatted(DIGEST), Pattern.DOTALL);

  private FileNames() {}

  /**
   * The name of an id's files, without an ending. An id of lower-case letters of any script, digits
   * and {@code . _ ( ) + -} is its own name; of any other the name has the id's letters and digits
   * and the first digits of its SHA-256.
   */
  public static String of(String id) {
    String readable = readable(id);
    boolean isOwn =
        readable.equals(id)
            && !id.isEmpty()
            && id.equals(id.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT))
            && !RESERVED.matcher(id).matches()
            && !LIKE_OURS.matcher(id).matches()
            && bytes(id) <= LONGEST;
    return isOwn ? id : marked(readable, id);
  }

  /** The same for a URI, readable by its last part. */
  public static String ofUri(String uri) {
    return marked(readable(uri.substring(uri.lastIndexOf('/') + 1)), uri);
  }

  /**
   * Makes sure that this process can name a file. In a locale of ASCII alone Java would write "?"
   * for other letters of local files, the same for all.
   *
   * @throws IOException if it cannot
   */
  public static void requireNameable(Path path, FileSystem files) throws IOException {
    String encoding = System.getProperty("sun.jnu.encoding");

    if ("file".equals(files.getUri().getScheme())
        && !Charset.forName(encoding).newEncoder().canEncode(path.getName())) {
      throw new IOException(
          "Cannot name a file %s: this process's locale knows %s alone; set LC_ALL=C.UTF-8"
              .formatted(path.getName(), encoding));
    }
  }

  private static String marked(String readable, String id) {
    String name = readable.isEmpty() ? "id" : cut(readable, LONGEST - DIGEST - 1);
    return name + "-" + DigestUtils.sha256Hex(id).substring(0, DIGEST);
  }

  private static String readable(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFC);
    return SPECIAL_START.matcher(SPECIAL.matcher(plain).replaceAll("_")).replaceFirst("");
  }

  /** The first code points, as many as fit into {@code most} bytes. */
  private static String cut(String text, int most) {
    int end = 0;
    int size = 0;

    while (end < text.length()) {
      int next = text.offsetByCodePoints(end, 1);
      size += bytes(text.substring(end, next));

      if (size > most) {
        break;
      }

      end = next;
    }

    return text.substring(0, end);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
