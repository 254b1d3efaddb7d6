package org.denseflow.jobs.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.denseflow.jobs.synthesis.ImageList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders as people have them, with files that are no images of theirs. */
class StrayFilesTest {

  @TempDir Path root;

  private final FileStore files = new HadoopFileStore(new Configuration());

  @Test
  void whatSystemsLeaveBehindIsPassedOver() throws Exception {
    write("cats/a.jpg", "cats/b.jpg", "cats/._a.jpg", "cats/._b.jpg", "cats/.DS_Store");
    write("__MACOSX/cats/._a.jpg", ".DS_Store", "cats/Thumbs.db", "Desktop.ini", ".git/c.jpg");

    Dataset dataset = Datasets.open("folder:" + root, files);

    assertThat(dataset.pairs())
        .extracting(ImagePair::pairId)
        .containsExactly("cats/a.jpg--cats/b.jpg", "cats/b.jpg--cats/a.jpg");
    assertThat(dataset.notes()).isEmpty();
    assertThat(ids(new ArrayList<>())).containsExactly("cats/a.jpg", "cats/b.jpg");
  }

  @Test
  void allElseThatIsLeftOutIsNamed() throws Exception {
    write("birds/p0.jpg", "birds/p1.jpg", "birds/p0_mask.PNG", "birds/p1_MASK.png");
    write("birds/IMG_1.HEIC", "birds/lost_mask.png", "birds/more/p2.jpg", "in-root.jpg", "a.txt");
    write("lonely/p3.jpg");

    Dataset dataset = Datasets.open("folder:" + root, files);

    assertThat(dataset.pairs()).hasSize(2);
    assertThat(dataset.pairs().get(0).annotation().source().maskUri())
        .contains(root + "/birds/p0_mask.PNG");
    assertThat(dataset.pairs().get(0).annotation().target().maskUri())
        .contains(root + "/birds/p1_MASK.png");
    assertThat(dataset.notes())
        .containsExactlyInAnyOrder(
            "left out: 1 (birds/IMG_1.HEIC): HEIC or AVIF, which cannot be read: convert to JPEG or PNG",
            "left out: 1 (birds/lost_mask.png): a mask that no image uses",
            "left out: 1 (birds/more/): a folder inside a sub-folder",
            "left out: 1 (in-root.jpg): outside the sub-folders, which are the categories",
            "left out: 1 (a.txt): not an image by its ending",
            "left out: 1 (lonely/p3.jpg): the only image of its sub-folder");
    List<String> notes = new ArrayList<>();
    assertThat(Datasets.images("folder:" + root, files, notes::add)).hasSize(3);
    assertThat(notes).hasSize(5);
  }

  @Test
  void aFolderOfImagesHasTheSameRules() throws Exception {
    write("images/p0.jpg", "images/p0_mask.png", "images/b.avif", "masks/p0.PNG");
    List<String> notes = new ArrayList<>();

    List<ImageList.Entry> list =
        ImageList.list(root + "/images", root + "/masks", files, notes::add);

    assertThat(list).extracting(ImageList.Entry::id).containsExactly("p0.jpg");
    assertThat(list.get(0).mask()).isEqualTo(root + "/masks/p0.PNG");
    assertThat(notes)
        .hasSize(2)
        .anyMatch(note -> note.contains("b.avif"))
        .anyMatch(note -> note.contains("p0_mask.png"));
  }

  @Test
  void masksElsewhereMayHaveAnyCase() throws Exception {
    write("images/cat/a.jpg", "images/cat/b.jpg", "masks/cat/a.PNG");

    Dataset dataset = Datasets.open("folder:" + root + "/images?masks=" + root + "/masks", files);

    assertThat(dataset.pairs().get(0).annotation().source().maskUri())
        .contains(root + "/masks/cat/a.PNG");
    assertThatThrownBy(
            () -> Datasets.open("folder:" + root + "/images?masks=" + root + "/mask", files))
        .hasMessageContaining(root + "/mask: no such file; expected a folder of masks");
  }

  @Test
  void manyNamesAreCounted() {
    assertThat(LeftOutFiles.note(List.of("a", "b", "c", "d"), "why"))
        .contains("left out: 4 (a, b, c, ...): why");
  }

  private List<String> ids(List<String> notes) {
    return ImageList.list(root.toString(), null, files, notes::add).stream()
        .map(ImageList.Entry::id)
        .toList();
  }

  private void write(String... paths) throws Exception {
    for (String path : paths) {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
    }
  }
}
