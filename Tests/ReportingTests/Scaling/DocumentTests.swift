import Testing

@testable import Reporting

@Suite struct DocumentTests {
  @Test func textBecomesHTMLThatMeansTheSame() {
    #expect(HTMLText.inline("a < b & \"c\"") == "a &lt; b &amp; &quot;c&quot;")
    #expect(HTMLText.inline("run `bitlab <x>` now") == "run <code>bitlab &lt;x&gt;</code> now")
    #expect(
      HTMLText.inline("see [the table](scaling.csv), or not")
        == "see <a href=\"scaling.csv\">the table</a>, or not")
    #expect(HTMLText.anchor("Which family wins") == "which-family-wins")
  }

  @Test func picturesGetIdentifiersOfTheirOwn() {
    let plot = ScalingPlot(name: "a", title: "A & B", caption: "", script: "", data: "")
    let file = """
      <?xml version="1.0"?>
      <svg width="4" height="3" viewBox="0 0 4 3">
      <g id="gnuplot_canvas">
      <defs><path id='gpPt0' stroke-width='0.178'/></defs>
      <g fill="none">
      </g>
      <path d='M78.75,332.50 L1.5,2.25'/><use xlink:href='#gpPt0'/>
      </g>
      </svg>
      """
    #expect(
      InlineSVG.element(file, plot: plot) == """
        <svg viewBox="0 0 4 3" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" aria-label="A &amp; B">
        <g>
        <defs><path id='a-gpPt0' stroke-width='0.178'/></defs>
        <path d='M78.7,332.5 L1.5,2.25'/><use xlink:href='#a-gpPt0'/>
        </g>
        </svg>
        """)
    #expect(InlineSVG.element("not a picture", plot: plot) == "")
  }

  @Test func namesWithGnuplotsMarksStayAsTheyAre() {
    #expect(PlotPreamble.quoted(#"a_b "c" \d"#) == #""a\\_b \"c\" \\d""#)
  }
}
