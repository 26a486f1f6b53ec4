/// A text that is written once and rendered as Markdown and as HTML.
///
/// Text may hold code in backticks and links as `[text](address)`; everything else stands for itself.
struct Document: Sendable {
  /// A piece of a document.
  enum Block: Sendable {
    /// A heading below the title: level 2 begins a section.
    case heading(String, level: Int)
    case paragraph(String)
    case list([String])
    /// With a sentence that says what the table shows.
    case table(TextTable, caption: String)
    case plot(ScalingPlot)
    /// Where the page has the table of all rows, and Markdown points to the file.
    case allRows
  }

  let title: String
  let blocks: [Block]
}
