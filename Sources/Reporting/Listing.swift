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
  public func render(_ format: ReportFormat) throws -> String {
    switch format {
    case .table: ([table.headerLine] + items.indices.map(table.line)).joined(separator: "\n") + "\n"
    case .csv: ([properties.map(\.name)] + items).map(CSVField.record).joined()
    case .md: table.markdownLines.joined(separator: "\n") + "\n"
    case .json: try json()
    }
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
