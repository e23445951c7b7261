package io.spillway.integration;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A table as Flink's client prints it: texts by column. Immutable. */
record SqlTable(List<String> columns, List<List<String>> rows) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  /** A time as the client prints it. */
  static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  static String time(String rfc3339) {
    return TIME.format(Instant.parse(rfc3339));
  }

  /** The tables in these lines, one for each name, in order; "Empty set" is one without rows. */
  static Map<String, SqlTable> parse(List<String> names, List<String> lines) {
    List<SqlTable> tables = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("|")) {
        cells.add(Stream.of(line.substring(1).split("\\|")).map(String::strip).toList());
      } else if (line.startsWith("Empty set")) {
        tables.add(new SqlTable(List.of(), List.of()));
      } else if (line.contains(" in set (") || line.startsWith("Received a total of ")) {
        tables.add(new SqlTable(cells.get(0), List.copyOf(cells.subList(1, cells.size()))));
        cells = new ArrayList<>();
      }
    }
    assertThat(tables).as("one answer for each question").hasSameSizeAs(names);
    Map<String, SqlTable> byName = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i), tables.get(i));
    }
    return byName;
  }

  /** What is left when the changes are made that a stream prints: its first column says which. */
  SqlTable latest() {
    if (columns.isEmpty() || !columns.get(0).equals("op")) {
      return this;
    }
    List<List<String>> left = new ArrayList<>();
    for (List<String> change : rows) {
      List<String> row = change.subList(1, change.size());
      switch (change.get(0)) {
        case "+I", "+U" -> left.add(row);
        case "-U", "-D" -> assertThat(left.remove(row)).as("%s was there", row).isTrue();
        default -> throw new AssertionError("not a change: " + change);
      }
    }
    return new SqlTable(columns.subList(1, columns.size()), left);
  }

  /** These columns of every row, with a bar between. */
  Set<String> rows(String... wanted) {
    return rows.stream()
        .map(row -> Stream.of(wanted).map(c -> row.get(index(c))).collect(joining("|")))
        .collect(toSet());
  }

  List<String> column(String name) {
    return rows.stream().map(row -> row.get(index(name))).toList();
  }

  long sum(String column) {
    return column(column).stream().mapToLong(Long::parseLong).sum();
  }

  /** Sums of one column by the texts of another. */
  Map<String, Long> sumBy(String key, String number) {
    return rows.stream()
        .collect(
            groupingBy(
                row -> row.get(index(key)),
                summingLong(row -> Long.parseLong(row.get(index(number))))));
  }

  SqlTable where(String column, String value) {
    return new SqlTable(
        columns, rows.stream().filter(row -> row.get(index(column)).equals(value)).toList());
  }

  private int index(String column) {
    assertThat(columns).contains(column);
    return columns.indexOf(column);
  }
}
