package io.spillway.sandbox.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PictureTest {
  private static final double[] SECONDS = {0, 1, 2, 3};

  @Test
  void aLineGoesFromEdgeToEdgeAndAGapIsLeftOut() throws Exception {
    Picture picture =
        new Picture(
            "s",
            SECONDS,
            List.of(
                new Picture.Panel(
                    "events < 1 s", false, Map.of("rate", new double[] {0, Double.NaN, 10, 20}))));

    assertThat(paths(picture)).contains("M64.0 190.0M586.7 118.6L848.0 47.1");
    assertThat(picture.svg()).contains("events &lt; 1 s").contains(">rate<");
  }

  @Test
  void aLogarithmicAxisHasATickForEachPowerOfTen() throws Exception {
    Picture picture =
        new Picture(
            "s",
            SECONDS,
            List.of(new Picture.Panel("p99", true, Map.of("a", new double[] {30, 30, 3_000, 0}))));

    assertThat(texts(picture)).contains("10", "100", "1,000", "10,000").doesNotContain("100,000");
  }

  @Test
  void aLineOfNothingIsAPictureAllTheSame() throws Exception {
    Picture picture =
        new Picture(
            "s",
            new double[0],
            List.of(new Picture.Panel("none", false, Map.of("a", new double[0]))));

    assertThat(texts(picture)).contains("none", "a");
  }

  private static List<String> paths(Picture picture) throws Exception {
    var nodes = parse(picture).getElementsByTagName("path");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getAttributes().getNamedItem("d").getNodeValue())
        .toList();
  }

  private static List<String> texts(Picture picture) throws Exception {
    var nodes = parse(picture).getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static Document parse(Picture picture) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(picture.svg())));
  }
}
