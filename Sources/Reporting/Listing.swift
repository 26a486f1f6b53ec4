import Foundation

/// A list of things with properties, such as the kernels of the zoo, in any report format.
public struct Listing: Sendable {
  /// A property that every item has.
  public struct Property: Sendable {
    let name: String
    let isNumber: Bool

    /// - Parameters:
    ///   - name: Heading and key, in snake case with the unit last.
    ///   - isNumber: Aligned to the right in tables, and a number in JSON.
    public init(_ name: String, isNumber: Bool = false) {
      self.name = name
      self.isNumber = isNumber
    }
  }

  private let properties: [Property]
  private let items: [[String]]

  /// - Parameters:
  ///   - properties: In the order of the columns.
  ///   - items: One text per property; an empty one is missing.
  public init(properties: [Property], items: [[String]]) {
    precondition(items.allSatisfy { $0.count == properties.count }, "an item lacks a property")
    self.properties = properties
    self.items = items
  }

  /// The list as text that ends in a line break.
  ///
  /// - Parameter width: Columns of the terminal, at which lines of the table are cut; `nil` cuts nothing.
  public func render(_ format: ReportFormat, width: Int? = nil) throws -> String {
    switch format {
    case .table:
      ([table.headerLine] + items.indices.map(table.line)).map { clipped($0, to: width) }.joined(
        separator: "\n")
        + "\n"
    case .csv: ([properties.map(\.name)] + items).map(CSVField.record).joined()
    case .md: table.markdownLines.joined(separator: "\n") + "\n"
    case .json: try json()
    }
  }

  /// Each item as a paragraph: its first property as heading, the others below it, for texts too long for a table.
  ///
  /// - Parameter width: Columns of the terminal; `nil` breaks no lines.
  public func paragraphs(width: Int?) -> String {
    items.map { item in
      let others = zip(properties, item).dropFirst().filter { !$1.isEmpty }
      let lines = others.flatMap { property, text in
        WrappedText.lines("\(property.name): \(text)", width: width.map { $0 - 2 }, hangingIndent: "  ")
          .map { "  " + $0 }
      }
      return ([item.first ?? ""] + lines).joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  private func clipped(_ line: String, to width: Int?) -> String {
    guard let width, line.count > width, width > 3 else { return line }
    return line.prefix(width - 3) + "..."
  }

  private var table: TextTable {
    TextTable(
      headings: properties.map {
        .init(title: $0.name, alignment: $0.isNumber ? .right : .left, dropOrder: 0)
      }, rows: items)
  }

  private func json() throws -> String {
    let objects: [[String: Any]] = items.map { item in
      Dictionary(
        uniqueKeysWithValues: zip(properties, item).map { property, text in
          (property.name, value(of: text, isNumber: property.isNumber))
        })
    }
    let data = try JSONSerialization.data(
      withJSONObject: objects, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private func value(of text: String, isNumber: Bool) -> Any {
    if text.isEmpty { return NSNull() }
    guard isNumber else { return text }
    if let integer = Int(text) { return integer }
    return Double(text) ?? text
  }
}
