package org.dpm.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dpm.api.InvalidInput;
import org.dpm.api.Space;
import org.dpm.api.Variable;
import org.dpm.api.Variables;
import org.dpm.data.table.TableFormat.Header;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A table with empty cells")
class TextTableTest {

  private static final Variables PEOPLE = Variables.columns(List.of("age", "bmi"));
  private static final float MISSING = Float.NaN;

  private final Path folder;

  TextTableTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Nested
  @DisplayName("keeps")
  class Keeps {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "age,bmi\n30,\n,22\n",
          "age,bmi\r\n30,\r\n,22\r\n",
          "age,bmi,note\n30,,\"first line\nsecond, \"\"line\"\"\"\n, 22 ,x\n",
          " age , \"bmi\" \n 30.00,1e1\n",
          "age,bmi\n030,+2.50\n"
        })
    @DisplayName("every character, so that it can be written again as it was")
    void everything(String text) throws IOException {
      TextTable table = read(text);
      StringBuilder again = new StringBuilder(table.line(table.header()));
      for (int row = 0; row < table.rows(); row++) {
        again.append(table.line(table.cells(row)));
      }
      assertThat(again).hasToString(text);
    }

    @Test
    @DisplayName("every row, in one column that of a blank line too, also as the last")
    void oneColumn() throws IOException {
      TextTable table = read("age\n30\n\n41\n\n50\n\n");
      assertArrayEquals(
          new float[][] {{30}, {MISSING}, {41}, {MISSING}, {50}, {MISSING}},
          values(table, Variables.columns(List.of("age"))));
      assertThat(table.line(3)).isEqualTo(5);
    }

    @Test
    @DisplayName("no blank lines at its end, which are no rows of several columns")
    void blankEnd() throws IOException {
      assertThat(read("age,bmi\n30,\n\n  \n").rows()).isEqualTo(1);
      // Cells between tabs are empty, but they are cells.
      assertThat(read("age\tbmi\n\t\n", new TableFormat('\t', Header.AUTO)).rows()).isEqualTo(1);
    }
  }

  @Nested
  @DisplayName("is read")
  class Reads {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    @DisplayName("with any ends of lines, behind a byte order mark, with a break in a cell")
    void awkward(String end) throws IOException {
      String text = "\uFEFFage,note,bmi\n30,\"a\n\nb\",\n,x,22".replace("\n", end);
      TextTable table = read(text);
      assertThat(table.names()).containsExactly("age", "note", "bmi");
      assertArrayEquals(new float[][] {{30, MISSING}, {MISSING, 22}}, values(table, PEOPLE));
      assertThat(table.line(1)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\"\"", "NA", "NaN", "nan", "null", "\"NA\""})
    @DisplayName("with NaN for what is missing")
    void missing(String cell) throws IOException {
      assertArrayEquals(
          new float[][] {{30, MISSING}}, values(read("age,bmi\n30," + cell + "\n"), PEOPLE));
    }

    @Test
    @DisplayName("with columns found by their names, wherever they stand and whatever the others")
    void byName() throws IOException {
      TableCells cells = new TableCells(read("bmi,note,age\n22,x,30\n"), PEOPLE);
      assertArrayEquals(new float[][] {{30, 22}}, cells.rows());
      assertThat(cells.column(0)).isEqualTo(2);
    }

    @Test
    @DisplayName("with names that are numbers, or none, as it is told")
    void header() throws IOException {
      String text = "2019,2020\n52,\n";
      TextTable named = read(text, new TableFormat(',', Header.YES));
      assertThat(named.names()).containsExactly("2019", "2020");
      assertThat(named.rows()).isEqualTo(1);
      assertThat(named.isDoubtful()).isFalse();
      TextTable guessed = read(text);
      assertThat(guessed.names()).containsExactly("x1", "x2");
      assertThat(guessed.header()).isEmpty();
      assertThat(guessed.rows()).isEqualTo(2);
      assertThat(guessed.isDoubtful()).isTrue();
      assertThat(read("a,b\nc,d\n", new TableFormat(',', Header.NO)).rows()).isEqualTo(2);
    }

    @Test
    @DisplayName("with a name made up for a column that has none, and no header without any")
    void unnamed() throws IOException {
      assertThat(read(",age\n0,66\n").names()).containsExactly("x1", "age");
      assertThat(read(",NA\n0,66\n").names()).containsExactly("x1", "x2");
    }

    @Test
    @DisplayName("cell by cell where the model's data are one array")
    void array() throws IOException {
      Variable pixels = Variable.array("image", new Shape(1, 2), new Space.Bit());
      assertArrayEquals(
          new float[][] {{0, 1}, {1, MISSING}},
          values(read("x2,x1\n1,0\n,1\n"), Variables.of(pixels)));
    }
  }

  @Nested
  @DisplayName("is refused")
  class Refuses {

    @Test
    @DisplayName("for a name that two columns have, chosen or not")
    void twins() {
      assertThatThrownBy(() -> read("age,bmi,note,note\n,1,2,3\n"))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(file() + ":1: columns 3 and 4 are both called 'note'; rename one");
    }

    @Test
    @DisplayName("for a blank line between rows, or before them")
    void blank() throws IOException {
      assertThatThrownBy(() -> values(read("age,bmi\n30,\n\n31,22\n"), PEOPLE))
          .isInstanceOf(InvalidInput.class)
          .hasMessageStartingWith(file() + ":3: the line is blank, but rows follow");
      assertThatThrownBy(() -> read("\nage,bmi\n30,\n"))
          .hasMessage(file() + ":1: the line is blank, but rows follow");
    }

    @Test
    @DisplayName("with the place of each cell that says nothing, the other rows being read")
    void cells() throws IOException {
      TableCells cells = new TableCells(read("age,bmi\nold,\n1e39,2\n1\n40,inf\n50,20\n"), PEOPLE);
      List<String> problems = new ArrayList<>();
      float[][] rows = new float[5][];
      for (int row = 0; row < 5; row++) {
        rows[row] = cells.row(row, problems::add);
      }
      assertThat(problems)
          .containsExactly(
              file() + ":2: column 'age': 'old' is not a number",
              file() + ":3: column 'age': '1e39' is too large for single precision",
              file() + ":4: must have 2 cells, but has 1",
              file() + ":5: column 'bmi': 'inf' is not finite");
      assertArrayEquals(
          new float[][] {
            {MISSING, MISSING}, {MISSING, 2}, {MISSING, MISSING}, {40, MISSING}, {50, 20}
          },
          rows);
      assertThatThrownBy(cells::rows)
          .isInstanceOf(InvalidInput.class)
          .hasMessageContaining(problems.get(3));
    }

    @Test
    @DisplayName("for a column that it lacks, with the nearest name")
    void columns() throws IOException {
      TextTable table = read("agee,bmi\n1,2\n");
      assertThatThrownBy(() -> new TableCells(table, PEOPLE))
          .hasMessage(file() + ": has no column 'age'. Did you mean 'agee'? It has: agee, bmi.");
    }

    @Test
    @DisplayName("for a quote that no other ends, at once and with the line of the first")
    void quotes() {
      String many = "1,2\n".repeat(200_000);
      assertThatThrownBy(() -> read("age,bmi\n1,2\n3,\"4\n" + many))
          .isInstanceOf(InvalidInput.class)
          .hasMessage(file() + ":3: a quote begins a cell here, and none ends it");
    }

    @Test
    @DisplayName("for a separator that is part of a number")
    void separator() {
      assertThatThrownBy(() -> new TableFormat('.', Header.AUTO))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("but is '.'");
    }
  }

  @Nested
  @DisplayName("is filled")
  class Filled {

    private static final Variables TYPES =
        new Variables(
            List.of(
                Variable.column("colour", new Space.Category(List.of("blue", "dark;red"))),
                Variable.column("smoker", new Space.Bit()),
                Variable.column("bmi", new Space.Real(0))));

    @Test
    @DisplayName("with labels, with the words that its bits have, and with numbers")
    void types() throws IOException {
      TableFormat format = new TableFormat(';', Header.AUTO);
      TableCells cells =
          new TableCells(
              read("colour;smoker;bmi\nblue;;\n;Yes;20\n\"dark;red\";No;\n", format), TYPES);
      assertArrayEquals(
          new float[][] {{0, MISSING, MISSING}, {MISSING, 1, 20}, {1, 0, MISSING}}, cells.rows());
      assertThat(cells.text(0, 1)).isEqualTo("\"dark;red\"");
      assertThat(cells.text(0, 0)).isEqualTo("blue");
      assertThat(cells.text(1, 0)).isEqualTo("No");
      assertThat(cells.text(1, 1)).isEqualTo("Yes");
      // The mean of draws is no bit.
      assertThat(cells.text(1, 0.25f)).isEqualTo("0.25");
      assertThat(cells.text(2, 0.1f)).isEqualTo("0.1");
      assertThat(cells.text(2, MISSING)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "0.0", "1.0", "true", "False", "NO", ""})
    @DisplayName("with bits in the way of the first that is there, and digits where there is none")
    void words(String cell) throws IOException {
      TableCells cells =
          new TableCells(read("colour,smoker,bmi\nblue,,1\nblue,%s,1\n".formatted(cell)), TYPES);
      List<String> pair = List.of(cells.text(1, 0), cells.text(1, 1));
      List<String> usual = List.of("0", "1");
      assertThat(pair)
          .isEqualTo(
              switch (cell) {
                case "0.0", "1.0" -> List.of("0.0", "1.0");
                case "true" -> List.of("false", "true");
                case "False" -> List.of("False", "True");
                case "NO" -> List.of("NO", "YES");
                default -> usual;
              });
    }
  }

  private Path file() {
    return folder.resolve("table.csv");
  }

  private TextTable read(String text) throws IOException {
    return read(text, TableFormat.USUAL);
  }

  private TextTable read(String text, TableFormat format) throws IOException {
    return TextTable.read(Files.writeString(file(), text), format);
  }

  private static float[][] values(TextTable table, Variables variables) {
    return new TableCells(table, variables).rows();
  }
}
