package org.denseflow.image;

/**
 * A decoded image as stored, never rotated.
 *
 * @param image the pixels
 * @param format the format's name in lower case, for example {@code jpeg}
 * @param exifOrientation the EXIF orientation tag, 1..8; 1 where there is none. Reported, not
 *     applied
 */
public record DecodedImage(RgbImage image, String format, int exifOrientation) {}
