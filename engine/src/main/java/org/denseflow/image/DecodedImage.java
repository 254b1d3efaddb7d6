package org.denseflow.image;

/**
 * A decoded image.
 *
 * @param image the pixels, turned upright unless stored pixels were asked for
 * @param format the format's name in lower case, for example {@code jpeg}
 * @param exifOrientation the file's EXIF orientation tag, 1..8; 1 where there is none
 */
public record DecodedImage(RgbImage image, String format, int exifOrientation) {}
