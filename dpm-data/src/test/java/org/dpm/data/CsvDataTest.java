package org.dpm.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.table.TableFormat;
import org.dpm.data.table.TableFormat.Header;
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
      assertThat(source.variables()).isEqualTo(Variables.columns(List.of("age", "height")));
      assertThat(source.count(Split.TRAINING)).isEqualTo(8);
      assertThat(source.count(Split.HELD_OUT)).isEqualTo(2);
      Set<Float> ages = new HashSet<>();
      for (Split split : Split.values()) {
        for (float[] row : Sources.examples(source, split)) {
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
        float[][] rows = Sources.examples(source, split);
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
      float[][] first = Sources.examples(new CsvData(fraction(file, 0.3, 5)), Split.HELD_OUT);
      assertThat(first).hasDimensions(60, 1);
      assertThat(Sources.examples(new CsvData(fraction(file, 0.3, 5)), Split.HELD_OUT))
          .isDeepEqualTo(first);
      // Two sets of 60 of 200 agree by chance once in 10^51.
      assertThat(
              Arrays.deepEquals(
                  Sources.examples(new CsvData(fraction(file, 0.3, 6)), Split.HELD_OUT), first))
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
      assertThat(names(source)).containsExactly("x1", "x2");
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(1f, -2500f), List.of(0.5f, 3f));
    }

    @Test
    @DisplayName("with a header of numbers if told that it is one, and without one if told so")
    void headerAsTold() throws IOException {
      Path file = write("years.csv", "2019,2020\n1,2\n3,4\n");
      assertThat(names(new CsvData(header(file, Header.YES)))).containsExactly("2019", "2020");
      assertThat(all(new CsvData(header(file, Header.NO)))).hasSize(3);
      assertThat(all(new CsvData(header(file, Header.AUTO)))).hasSize(3);
    }

    @Test
    @DisplayName("with a header of which a cell is empty, as tables with a row index have it")
    void unnamedColumn() throws IOException {
      assertThat(names(read(",a\n0,5\n1,6\n"))).containsExactly("x1", "a");
    }

    @Test
    @DisplayName("in the columns that are chosen, in their order, whatever the others hold")
    void chosenColumns() throws IOException {
      Path file = write("data.csv", "name,b,a\nx,1,2\ny,3,4\n");
      DataSource source = new CsvData(columns(file, "a", "b"));
      assertThat(names(source)).containsExactly("a", "b");
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(2f, 1f), List.of(4f, 3f));
    }

    @Test
    @DisplayName("with a byte order mark, Windows line ends, quotes, blanks and empty last lines")
    void tolerates() throws IOException {
      DataSource source = read("\uFEFF\"a\",\"b\"\r\n \"1\" , 2 \r\n3,\"4\"\r\n\r\n\n");
      assertThat(names(source)).containsExactly("a", "b");
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
      assertThat(names(source)).containsExactly("a", "b");
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(1f, 2f), List.of(3f, 4f));
      assertThat(separator(file, separator).format())
          .isEqualTo(new TableFormat(separator.charAt(0), Header.AUTO));
    }

    @Test
    @DisplayName("with a second file to hold out, whose columns may stand in another order")
    void secondFile() throws IOException {
      Path first = write("data.csv", "a,b\n1,2\n3,4\n");
      Path second = write("test.csv", "b,a\n6,5\n");
      DataSource source = new CsvData(heldOut(first, second));
      assertThat(Sources.examples(source, Split.TRAINING))
          .isDeepEqualTo(new float[][] {{1, 2}, {3, 4}});
      assertThat(Sources.examples(source, Split.HELD_OUT)).isDeepEqualTo(new float[][] {{5, 6}});
      assertThat(source.place(Split.HELD_OUT, 0)).isEqualTo("test.csv:2");
    }

    @Test
    @DisplayName("with another file held out instead, all of it and in order, read the same way")
    void otherFile() throws IOException {
      Path first = write("data.csv", "a;b\n1;2\n3;4\n5;6\n");
      DataSource source = new CsvData(separator(first, ";"));
      DataSource other = source.withHeldOut(write("other.csv", "b;a\n8;7\n10;9\n"));
      assertThat(Sources.examples(other, Split.HELD_OUT))
          .isDeepEqualTo(new float[][] {{7, 8}, {9, 10}});
      assertThat(other.place(Split.HELD_OUT, 1)).isEqualTo("other.csv:3");
      assertThat(names(other)).containsExactly("a", "b");
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
            "1,500"  | '1,500' is not a number; a comma can part thousands or decimals: write it without, as 1234 or 1.234
            NA       | 'NA' stands for a missing value
            """)
    @DisplayName("for a cell that holds no finite number")
    void cell(String cell, String problem) throws IOException {
      String text = cell.contains(",") && !cell.startsWith("\"") ? '"' + cell + '"' : cell;
      InvalidInput refusal = refusal("age,height\n1,2\n3," + text + "\n");
      assertThat(refusal.problems())
          .containsExactly(
              folder.resolve("data.csv") + ":3: column 'height': " + problem,
              "Missing values cannot be trained on, nor text in columns that are neither bits nor"
                  + " categories: remove those rows, or name the columns to use in the setting"
                  + " columns.");
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
    @DisplayName("for a row without a value, which in a single column is a blank line")
    void blankLineOfOneColumn() throws IOException {
      assertThat(refusal("a\n1\n\n2\n").problems().get(0))
          .endsWith("data.csv:3: column 'a': the cell is empty");
    }

    @Test
    @DisplayName("with a doubt about the separator where all columns are one")
    void otherSeparator() throws IOException {
      assertThat(refusal("age;bmi\n66;25,4\n75;20\n").problems())
          .startsWith(
              folder.resolve("data.csv")
                  + ":2: must have 1 cells, but has 2; is the setting separator right?",
              folder.resolve("data.csv")
                  + ":3: column 'age;bmi': '75;20' is not a number; is the setting separator"
                  + " right?");
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
          .hasMessageEndingWith("data.csv:2: a quote begins a cell here, and none ends it");
      assertThat(refusal("a,b\n1,\"2\"x\n"))
          .hasMessageEndingWith("data.csv:2: text follows the quote that ends a cell");
    }

    @Test
    @DisplayName("if it is not UTF-8")
    void encoding() throws IOException {
      Path file = folder.resolve("latin.csv");
      Files.write(file, "größe,b\n1,2\n3,4\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> new CsvData(columns(file)))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(file + ": must be text in UTF-8, but is not");
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
                      file,
                      ",",
                      Header.AUTO,
                      List.of(),
                      List.of(),
                      List.of(),
                      0.3,
                      1,
                      Optional.of(file)))
          .hasMessage("heldOut must be left out when heldOutPath is given, but is 0.3");
    }
  }

  @Nested
  @DisplayName("has columns of bits and of categories")
  class Types {

    @Test
    @DisplayName("where it is told so, and of numbers otherwise")
    void told() throws IOException {
      Path file = write("data.csv", "age,smoker,colour\n30,yes,red\n40,no,blue\n50,yes,red\n");
      DataSource source = new CsvData(typed(file, List.of("smoker"), List.of("colour")));
      assertThat(source.variables().list())
          .containsExactly(
              Variable.column("age", new Space.Real(0)),
              Variable.column("smoker", new Space.Bit()),
              Variable.column("colour", new Space.Category(List.of("blue", "red"))));
      assertThat(all(source))
          .containsExactlyInAnyOrder(
              List.of(30f, 1f, 1f), List.of(40f, 0f, 0f), List.of(50f, 1f, 1f));
      Path numbers = write("numbers.csv", "smoker\n0\n1\n");
      assertThat(new CsvData(columns(numbers)).variables())
          .isEqualTo(Variables.columns(List.of("smoker")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,1", "0.0,1.0", "no,yes", "No,Yes", "false,true", "FALSE,TRUE"})
    @DisplayName("with any of the usual words for 0 and 1")
    void words(String words) throws IOException {
      Path file = write("data.csv", "a\n" + words.replace(',', '\n') + "\n");
      DataSource source = new CsvData(typed(file, List.of("a"), List.of()));
      assertThat(all(source)).containsExactlyInAnyOrder(List.of(0f), List.of(1f));
    }

    @Test
    @DisplayName("all of them where a star stands for the names, a constant column of bits too")
    void star() throws IOException {
      Path file = write("bits.csv", "wet,cold\n0,1\n1,1\n0,1\n1.0,1\n0,1\n");
      DataSource bits = new CsvData(typed(file, List.of("*"), List.of()));
      assertThat(bits.variables().list()).extracting(Variable::space).containsOnly(new Space.Bit());
      Path labels = write("labels.csv", "a,b\n2,x\n10,y\n");
      // Labels are texts, and so is their order.
      assertThat(new CsvData(typed(labels, List.of(), List.of("*"))).variables().list())
          .extracting(Variable::space)
          .containsExactly(
              new Space.Category(List.of("10", "2")), new Space.Category(List.of("x", "y")));
    }

    @Test
    @DisplayName("and is refused for what is no bit, with line and column of each such value")
    void noBits() throws IOException {
      Path file = write("bits.csv", "wet,cold\n0,1\n1,0.5\n0,0\n2,maybe\n1,\n");
      assertThatThrownBy(() -> new CsvData(typed(file, List.of("*"), List.of())))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContainingAll(
              file + ":3: column 'cold': '0.5' is no bit: 0 or 1, false or true, no or yes",
              file + ":5: column 'wet': '2' is no bit",
              file + ":5: column 'cold': 'maybe' is no bit",
              file + ":6: column 'cold': the cell is empty");
    }

    @Test
    @DisplayName("whose labels a held-out file shares: another one is refused with the nearest")
    void heldOutLabels() throws IOException {
      Path file = write("data.csv", "a,colour\n1,red\n2,green\n3,blue\n");
      Path same = write("same.csv", "colour,a\ngreen,7\n");
      Path other = write("other.csv", "a,colour\n7,green\n8,grene\n");
      DataSource source = new CsvData(typed(file, List.of(), List.of("colour")));
      DataSource more = source.withHeldOut(same);
      assertThat(more.variables()).isEqualTo(source.variables());
      assertThat(Sources.example(more, Split.HELD_OUT, 0)).containsExactly(7, 1);
      assertThatThrownBy(() -> source.withHeldOut(other))
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining(
              other
                  + ":3: column 'colour': 'grene' is none of the labels. Did you mean 'green'?"
                  + " They are: blue, green, red");
    }

    @Test
    @DisplayName("and is refused for a category without a value, or with only one label")
    void labels() throws IOException {
      Path missing = write("missing.csv", "colour\nred\nNA\nblue\n\"NA\"\n\n");
      assertThatThrownBy(() -> new CsvData(typed(missing, List.of(), List.of("colour"))))
          .hasMessageContaining(missing + ":3: column 'colour': 'NA' stands for a missing value")
          .hasMessageContaining(missing + ":6: column 'colour': the cell is empty")
          .hasMessageNotContaining(":5:");
      Path single = write("single.csv", "a,colour\n1,red\n2,red\n");
      assertThatThrownBy(() -> new CsvData(typed(single, List.of(), List.of("colour"))))
          .hasMessage(
              single
                  + ": column 'colour' has only the label 'red', but a category has at least 2"
                  + " labels. Leave the column out.");
    }

    @Test
    @DisplayName("and is refused when a column that is typed is not there or not used")
    void names() throws IOException {
      Path file = write("data.csv", "age,smoker\n1,0\n2,1\n");
      assertThatThrownBy(() -> new CsvData(typed(file, List.of("smokre"), List.of())))
          .hasMessage(
              file
                  + ": bits: no column 'smokre' is used. Did you mean 'smoker'? Used are: age,"
                  + " smoker.");
      assertThatThrownBy(() -> typed(file, List.of("a", "a"), List.of()))
          .hasMessage("bits must differ from each other, but 'a' is repeated");
      assertThatThrownBy(() -> typed(file, List.of(), List.of("*", "a")))
          .hasMessage("categories must be names of columns, or '*' alone, but are [*, a]");
      for (List<String> both : List.of(List.of("*"), List.of("a"))) {
        assertThatThrownBy(() -> typed(file, List.of("a"), both))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("categories must be other columns than bits, but are " + both);
        assertThatThrownBy(() -> typed(file, both, List.of("a")))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    private static CsvData.Settings typed(Path file, List<String> bits, List<String> categories) {
      return new CsvData.Settings(
          file, ",", Header.AUTO, List.of(), bits, categories, 0.2, 1, Optional.empty());
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
    return new CsvData.Settings(
        file, ",", Header.AUTO, List.of(columns), List.of(), List.of(), 0.2, 1, Optional.empty());
  }

  private static CsvData.Settings header(Path file, Header header) {
    return new CsvData.Settings(
        file, ",", header, List.of(), List.of(), List.of(), 0.2, 1, Optional.empty());
  }

  private static CsvData.Settings separator(Path file, String separator) {
    return new CsvData.Settings(
        file, separator, Header.AUTO, List.of(), List.of(), List.of(), 0.2, 1, Optional.empty());
  }

  private static CsvData.Settings fraction(Path file, double heldOut, long seed) {
    return new CsvData.Settings(
        file, ",", Header.AUTO, List.of(), List.of(), List.of(), heldOut, seed, Optional.empty());
  }

  private static CsvData.Settings heldOut(Path file, Path heldOut) {
    return new CsvData.Settings(
        file, ",", Header.AUTO, List.of(), List.of(), List.of(), 0.2, 1, Optional.of(heldOut));
  }

  private static List<String> names(DataSource source) {
    return source.variables().cellNames();
  }

  /** Both sets together. */
  private static List<List<Float>> all(DataSource source) {
    List<List<Float>> all = new ArrayList<>();
    for (Split split : Split.values()) {
      for (float[] row : Sources.examples(source, split)) {
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
