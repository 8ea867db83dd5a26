package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dpm.api.DataSource;
import org.dpm.api.DataSource.Split;
import org.dpm.api.InvalidInput;
import org.dpm.api.Noise;
import org.dpm.data.CsvData.Header;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A table of numbers as text")
class CsvDataTest {

  private final Path folder;

  CsvDataTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Nested
  @DisplayName("is read")
  class Reads {

    @Test
    @DisplayName("with its columns' names, and with every row in exactly one of the two sets")
    void deals() throws IOException {
      StringBuilder text = new StringBuilder("age,height\n");
      for (int i = 0; i < 10; i++) {
        text.append(i).append(',').append(i / 2.0).append('\n');
      }
      DataSource source = read(text.toString());
      assertThat(source.element()).isEqualTo(new Shape(2));
      assertThat(source.names()).containsExactly("age", "height");
      assertThat(source.count(Split.TRAINING)).isEqualTo(8);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(2);
      Set<Float> ages = new HashSet<>();
      for (Split split : Split.values()) {
        for (float[] row : rows(source, split)) {
          assertThat(row[1]).isEqualTo(row[0] / 2);
          ages.add(row[0]);
        }
      }
      assertThat(ages).hasSize(10);
    }

    @Test
    @DisplayName("with each row's own line, held out or not")
    void places() throws IOException {
      DataSource source = read("a\n10\n11\n12\n13\n14\n");
      for (Split split : Split.values()) {
        float[][] rows = rows(source, split);
        for (int i = 0; i < rows.length; i++) {
          // The value 10 stands on line 2.
          assertThat(source.place(split, i)).isEqualTo("data.csv:" + (int) (rows[i][0] - 8));
        }
      }
    }

    @Test
    @DisplayName("with the same rows held out for the same seed, and others for another")
    void seeds() throws IOException {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        text.append(i).append('\n');
      }
      Path file = write("data.csv", text.toString());
      float[][] first = rows(new CsvData(fraction(file, 0.3, 5)), Split.HELD_OUT);
      assertThat(first).hasDimensions(60, 1);
      assertThat(rows(new CsvData(fraction(file, 0.3, 5)), Split.HELD_OUT)).isDeepEqualTo(first);
      // Two sets of 60 of 200 agree by chance once in 10^51.
      assertThat(
              Arrays.deepEquals(rows(new CsvData(fraction(file, 0.3, 6)), Split.HELD_OUT), first))
          .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0.01, 1", "0.99, 4", "0.5, 3"})
    @DisplayName("so that neither set is ever empty")
    void neverEmpty(double fraction, int heldOut) throws IOException {
      Path file = write("data.csv", "1\n2\n3\n4\n5\n");
      DataSource source = new CsvData(fraction(file, fraction, 1));
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(heldOut);
      assertThat(source.count(Split.TRAINING)).isEqualTo(5 - heldOut);
    }

    @Test
    @DisplayName("without a header, and then calls its columns x1, x2, ...")
    void headerless() throws IOException {
      DataSource source = read("1,-2.5e3\n.5,+3.\n");
      assertThat(source.names()).containsExactly("x1", "x2");
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(1f, -2500f), List.of(0.5f, 3f));
    }

    @Test
    @DisplayName("with a header of numbers if told that it is one, and without one if told so")
    void headerAsTold() throws IOException {
      Path file = write("years.csv", "2019,2020\n1,2\n3,4\n");
      assertThat(new CsvData(header(file, Header.YES)).names()).containsExactly("2019", "2020");
      assertThat(all(new CsvData(header(file, Header.NO)))).hasSize(3);
      assertThat(all(new CsvData(header(file, Header.AUTO)))).hasSize(3);
    }

    @Test
    @DisplayName("with a header of which a cell is empty, as tables with a row index have it")
    void unnamedColumn() throws IOException {
      assertThat(read(",a\n0,5\n1,6\n").names()).containsExactly("x1", "a");
    }

    @Test
    @DisplayName("in the columns that are chosen, in their order, whatever the others hold")
    void chosenColumns() throws IOException {
      Path file = write("data.csv", "name,b,a\nx,1,2\ny,3,4\n");
      DataSource source = new CsvData(columns(file, "a", "b"));
      assertThat(source.names()).containsExactly("a", "b");
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(2f, 1f), List.of(4f, 3f));
    }

    @Test
    @DisplayName("with a byte order mark, Windows line ends, quotes, blanks and empty last lines")
    void tolerates() throws IOException {
      DataSource source = read("\uFEFF\"a\",\"b\"\r\n \"1\" , 2 \r\n3,\"4\"\r\n\r\n\n");
      assertThat(source.names()).containsExactly("a", "b");
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(1f, 2f), List.of(3f, 4f));
    }

    @Test
    @DisplayName("with the lines that an editor shows, when cells have line breaks in them")
    void linesWithBreaks() throws IOException {
      Path file = write("data.csv", "note,a\n\"two\nlines\",4\n\"more\n\nlines\",7\nx,8\n");
      DataSource source = new CsvData(columns(file, "a"));
      List<String> places = new ArrayList<>();
      for (Split split : Split.values()) {
        for (int i = 0; i < source.count(split); i++) {
          places.add(source.place(split, i));
        }
      }
      assertThat(places).containsExactlyInAnyOrder("data.csv:2", "data.csv:4", "data.csv:7");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", "|", " "})
    @DisplayName("with any separator")
    void separators(String separator) throws IOException {
      String text = "a,b\n1,2\n3,4\n".replace(",", separator);
      Path file = write("data.csv", text);
      DataSource source = new CsvData(separator(file, separator));
      assertThat(source.names()).containsExactly("a", "b");
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(1f, 2f), List.of(3f, 4f));
    }

    @Test
    @DisplayName("with a second file to hold out, whose columns may stand in another order")
    void secondFile() throws IOException {
      Path first = write("data.csv", "a,b\n1,2\n3,4\n");
      Path second = write("test.csv", "b,a\n6,5\n");
      DataSource source = new CsvData(heldOut(first, second));
      assertThat(rows(source, Split.TRAINING)).isDeepEqualTo(new float[][] {{1, 2}, {3, 4}});
      assertThat(rows(source, Split.HELD_OUT)).isDeepEqualTo(new float[][] {{5, 6}});
      assertThat(source.place(Split.HELD_OUT, 0)).isEqualTo("test.csv:2");
    }

    @Test
    @DisplayName("with another file held out instead, all of it and in order, read the same way")
    void otherFile() throws IOException {
      Path first = write("data.csv", "a;b\n1;2\n3;4\n5;6\n");
      DataSource source = new CsvData(separator(first, ";"));
      DataSource other = source.withHeldOut(write("other.csv", "b;a\n8;7\n10;9\n"));
      assertThat(rows(other, Split.HELD_OUT)).isDeepEqualTo(new float[][] {{7, 8}, {9, 10}});
      assertThat(other.place(Split.HELD_OUT, 1)).isEqualTo("other.csv:3");
      assertThat(other.names()).containsExactly("a", "b");
    }
  }

  @Nested
  @DisplayName("is refused")
  class Refuses {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            ''       | the cell is empty
            abc      | 'abc' is not a number
            NaN      | 'NaN' is not finite
            -inf     | '-inf' is not finite
            Infinity | 'Infinity' is not finite
            0x1p3    | '0x1p3' is not a number
            1f       | '1f' is not a number
            1e39     | '1e39' is too large for single precision
            1e999    | '1e999' is too large for single precision
            1-2      | '1-2' is not a number
            1;2      | '1;2' is not a number; is the setting separator right?
            "1,5"    | '1,5' is not a number; write decimals with a point
            """)
    @DisplayName("for a cell that holds no finite number")
    void cell(String cell, String problem) throws IOException {
      String text = cell.contains(",") && !cell.startsWith("\"") ? '"' + cell + '"' : cell;
      InvalidInput refusal = refusal("age,height\n1,2\n3," + text + "\n");
      assertThat(refusal.problems())
          .containsExactly(
              folder.resolve("data.csv") + ":3: column 'height': " + problem,
              "Missing values and text cannot be trained on: remove those rows, or name the columns"
                  + " to use in the setting columns.");
    }

    @Test
    @DisplayName("with the first ten problems and the number of the others")
    void gathers() throws IOException {
      StringBuilder text = new StringBuilder("a,b\n1,2\n");
      text.append("x,\n".repeat(6)).append("1\n").append("\n3,4\n");
      InvalidInput refusal = refusal(text.toString());
      assertThat(refusal.problems()).hasSize(12);
      assertThat(refusal.problems().get(9)).endsWith(":7: column 'b': the cell is empty");
      assertThat(refusal.problems().get(10)).isEqualTo("and 4 more problems of this kind");
    }

    @Test
    @DisplayName("for a row with another number of cells, or a blank line before other rows")
    void cells() throws IOException {
      assertThat(refusal("a,b\n1,2\n1,2,3\n4\n\n5,6\n").problems())
          .startsWith(
              folder.resolve("data.csv") + ":3: must have 2 cells, but has 3",
              folder.resolve("data.csv") + ":4: must have 2 cells, but has 1",
              folder.resolve("data.csv") + ":5: the line is blank, but rows follow")
          .hasSize(4);
    }

    @Test
    @DisplayName("for a first line that is half a header, with what to set")
    void halfHeader() throws IOException {
      InvalidInput refusal = refusal("age,2019\n1,2\n3,4\n");
      assertThat(refusal.problems().get(0)).endsWith(":1: column 'x1': 'age' is not a number");
      assertThat(refusal.problems().get(1))
          .endsWith("If the first line names the columns, set header: yes.");
    }

    @Test
    @DisplayName("for an unusable number in the first row, which does not make it a header")
    void nanFirst() throws IOException {
      assertThat(refusal("nan\n1\n2\n").problems().get(0))
          .endsWith("data.csv:1: column 'x1': 'nan' is not finite");
    }

    @Test
    @DisplayName("for a column that it lacks, with the nearest and all the names it has")
    void unknownColumn() throws IOException {
      Path file = write("data.csv", "age,height\n1,2\n3,4\n");
      assertThatThrownBy(() -> new CsvData(columns(file, "hieght")))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(
              file + ": has no column 'hieght'. Did you mean 'height'? It has: age, height.");
      assertThatThrownBy(() -> new CsvData(columns(file, "weight of the person")))
          .hasMessage(file + ": has no column 'weight of the person'. It has: age, height.");
    }

    @Test
    @DisplayName("for a second file without the first one's columns")
    void secondFileDiffers() throws IOException {
      Path first = write("data.csv", "a,b\n1,2\n3,4\n");
      Path second = write("test.csv", "a,c\n1,2\n");
      assertThatThrownBy(() -> new CsvData(heldOut(first, second)))
          .hasMessage(second + ": has no column 'b'. Did you mean 'a'? It has: a, c.");
    }

    @Test
    @DisplayName("for two columns of one name")
    void duplicateNames() throws IOException {
      assertThat(refusal("a,b,a\n1,2,3\n"))
          .hasMessage(
              folder.resolve("data.csv") + ":1: columns 1 and 3 are both called 'a'; rename one");
    }

    @ParameterizedTest
    @CsvSource({"'', is empty", "'a,b\n', but has 0", "'a\n1\n', but has 1", "'1\n', but has 1"})
    @DisplayName("for fewer than two rows")
    void tooFew(String text, String end) throws IOException {
      assertThat(refusal(text)).hasMessageEndingWith(end);
    }

    @Test
    @DisplayName("for a quote that is never closed, and text after a quote, with the line")
    void quotes() throws IOException {
      assertThat(refusal("a,b\n1,\"2\n3,4\n"))
          .hasMessageContaining("data.csv:")
          .hasMessageContaining("closing quote");
      assertThat(refusal("a,b\n1,\"2\"x\n")).hasMessageContaining("data.csv:2: Unexpected");
    }

    @Test
    @DisplayName("if it is not UTF-8")
    void encoding() throws IOException {
      Path file = folder.resolve("latin.csv");
      Files.write(file, "größe,b\n1,2\n3,4\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> new CsvData(columns(file)))
          .isInstanceOf(InvalidInput.class)
          .hasMessageStartingWith(file + ": cannot be read: Invalid UTF-8");
    }

    @Test
    @DisplayName("if it is absent, with the nearest name in its directory, or is a directory")
    void absent() throws IOException {
      write("people.csv", "1\n2\n");
      Path file = folder.resolve("poeple.csv");
      assertThatThrownBy(() -> new CsvData(columns(file)))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(file + ": there is no such file. Did you mean 'people.csv'?");
      Path nowhere = folder.resolve("no/where.csv");
      assertThatThrownBy(() -> new CsvData(columns(nowhere)))
          .hasMessage(
              nowhere
                  + ": there is no such file. Nor is there a directory "
                  + folder.resolve("no"));
      assertThatThrownBy(() -> new CsvData(columns(folder)))
          .hasMessage(folder + ": is a directory; name a file in it");
    }

    @Test
    @DisplayName("for settings that make no sense")
    void settings() {
      Path file = folder.resolve("data.csv");
      assertThatThrownBy(() -> separator(file, "5"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "separator must be one character that is no part of a number, such as , or ;"
                  + " but is '5'");
      assertThatThrownBy(() -> separator(file, "")).hasMessageContaining("but is ''");
      assertThatThrownBy(() -> columns(file, "a", "b", "a"))
          .hasMessage("columns must differ from each other, but 'a' is repeated");
      assertThatThrownBy(() -> fraction(file, 1, 1))
          .hasMessage("heldOut must be a fraction above 0 and below 1, but is 1.0");
      assertThatThrownBy(() -> fraction(file, 0, 1)).hasMessageContaining("but is 0.0");
      assertThatThrownBy(
              () ->
                  new CsvData.Settings(
                      file, ",", Header.AUTO, List.of(), 0.3, 1, Optional.of(file)))
          .hasMessage("heldOut must be left out when heldOutPath is given, but is 0.3");
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private DataSource read(String text) throws IOException {
    return new CsvData(columns(write("data.csv", text)));
  }

  private InvalidInput refusal(String text) throws IOException {
    Path file = write("data.csv", text);
    return catchThrowableOfType(InvalidInput.class, () -> new CsvData(columns(file)));
  }

  private static CsvData.Settings columns(Path file, String... columns) {
    return new CsvData.Settings(file, ",", Header.AUTO, List.of(columns), 0.2, 1, Optional.empty());
  }

  private static CsvData.Settings header(Path file, Header header) {
    return new CsvData.Settings(file, ",", header, List.of(), 0.2, 1, Optional.empty());
  }

  private static CsvData.Settings separator(Path file, String separator) {
    return new CsvData.Settings(file, separator, Header.AUTO, List.of(), 0.2, 1, Optional.empty());
  }

  private static CsvData.Settings fraction(Path file, double heldOut, long seed) {
    return new CsvData.Settings(file, ",", Header.AUTO, List.of(), heldOut, seed, Optional.empty());
  }

  private static CsvData.Settings heldOut(Path file, Path heldOut) {
    return new CsvData.Settings(file, ",", Header.AUTO, List.of(), 0.2, 1, Optional.of(heldOut));
  }

  private static float[][] rows(DataSource source, Split split) {
    float[][] rows = new float[source.count(split)][(int) source.element().size()];
    for (int i = 0; i < rows.length; i++) {
      source.read(split, i, Noise.of(1, "unused", 0), rows[i], 0);
    }
    return rows;
  }

  /** Both sets together. */
  private static List<List<Float>> all(DataSource source) {
    List<List<Float>> all = new ArrayList<>();
    for (Split split : Split.values()) {
      for (float[] row : rows(source, split)) {
        List<Float> values = new ArrayList<>();
        for (float value : row) {
          values.add(value);
        }
        all.add(values);
      }
    }
    return all;
  }
}
