import Testing

@testable import Reporting

@Suite struct ListingTests {
  let listing = Listing(
    properties: [.init("name"), .init("size_bytes", isNumber: true), .init("note")],
    items: [["alpha", "12", "plain, with a comma"], ["b", "", "1.5"]])

  @Test func tablesAlignAndAreCutAtTheTerminalsWidth() throws {
    #expect(
      try listing.render(.table) == """
        name   size_bytes  note
        alpha          12  plain, with a comma
        b                  1.5

        """)
    #expect(
      try listing.render(.table, width: 26) == """
        name   size_bytes  note
        alpha          12  plai...
        b                  1.5

        """)
  }

  @Test func fieldsWithSeparatorsAreQuoted() throws {
    #expect(
      try listing.render(.csv) == "name,size_bytes,note\r\nalpha,12,\"plain, with a comma\"\r\nb,,1.5\r\n")
  }

  @Test func numbersAreNumbersInJSONAndMissingOnesNull() throws {
    let json = try listing.render(.json)
    #expect(json.contains("\"size_bytes\" : 12"))
    #expect(json.contains("\"size_bytes\" : null"))
    #expect(json.contains("\"note\" : \"1.5\""))
  }

  @Test func paragraphsBreakLongTexts() {
    #expect(
      listing.paragraphs(width: 20) == """
        alpha
          size_bytes: 12
          note: plain, with
            a comma

        b
          note: 1.5

        """)
  }
}
