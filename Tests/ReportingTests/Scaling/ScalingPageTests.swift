import Foundation
import Testing

@testable import Reporting

@Suite struct ScalingPageTests {
  private let page = ScalingFixture.report.html(pictures: [
    "memory": "<svg viewBox=\"0 0 480 300\"><g id=\"gnuplot_canvas\"><path d=\"M0,0 L1,1\"/></g></svg>"
  ])

  @Test func needsNothingElse() {
    // Links to files beside it are for people; nothing is loaded.
    for tag in ["<script src", "<link rel=\"stylesheet\"", "@import", "url(", "<img", "http://", "https://"] {
      #expect(
        !page.replacing("http://www.w3.org/1999/xlink", with: "").contains(tag), "\(tag)")
    }
  }

  @Test func hasLandmarksAndNames() throws {
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
    for piece in [
      "<main id=\"content\">", "<nav aria-label=", "<caption>", "role=\"status\"", "@media print",
    ] {
      #expect(page.contains(piece), "\(piece)")
    }
    #expect(page.contains("<figure id=\"plot-memory\">"))
    #expect(!page.contains("<figure id=\"plot-roofline\">"), "a plot without a picture")
    let identifiers = page.matches(of: #/ id="([^"]*)"/#).map(\.1)
    #expect(Set(identifiers).count == identifiers.count)
    for target in page.matches(of: #/href="#([^"]*)"/#).map(\.1) { #expect(identifiers.contains(target)) }
  }

  @Test func everyElementIsClosed() throws {
    for tag in [
      "section", "div", "table", "tr", "td", "th", "ul", "li", "p", "figure", "svg", "main", "form",
    ] {
      let opened = try page.matches(of: Regex("<\(tag)[ >]")).count
      let closed = try page.matches(of: Regex("</\(tag)>")).count
      #expect(opened == closed, "\(tag)")
    }
  }
}
