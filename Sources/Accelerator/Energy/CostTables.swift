import Foundation
import Workloads

/// The constants of the energy and area model with their sources, complete: every one the model needs is there.
public struct CostTables: Sendable {
  /// All constants and rules, in the order of the files.
  public let rows: [CostRow]

  struct Key: Hashable {
    var quantity: CostQuantity
    var node: Int?
  }

  private let values: [Key: Double]

  /// The tables that come with bitlab, read once.
  public static func shipped() throws(CostError) -> CostTables { try shippedTables.get() }

  private static let shippedTables = Result(catching: readShipped)

  private static func readShipped() throws(CostError) -> CostTables {
    let files = try shippedFiles()
    let names: Set = ["operations.yaml", "memories.yaml", "scaling.yaml"]
    return try CostTables(files: files.filter { names.contains($0.name) })
  }

  /// The files of the folder of tables, those of other formats included.
  static func shippedFiles() throws(CostError) -> [(name: String, bytes: Data)] {
    do {
      return try ShippedFiles.yaml(in: "tables")
    } catch {
      throw .notShipped(error)
    }
  }

  /// Reads the tables of some files, which together must be complete.
  ///
  /// - Parameter files: Names, for errors, and contents.
  init(files: [(name: String, bytes: Data)]) throws(CostError) {
    var rows: [CostRow] = []
    var values: [Key: Double] = [:]
    for file in files {
      let table: CostFile
      do {
        table = try CostFile(bytes: file.bytes, name: file.name)
      } catch {
        throw .file(error)
      }
      for (key, value) in table.values {
        guard values.updateValue(value, forKey: key) == nil else {
          throw .twice(what: key.quantity.rawValue, node: key.node)
        }
      }
      rows += table.rows
    }
    for quantity in CostQuantity.allCases {
      for node in quantity.requiredNodes where values[Key(quantity: quantity, node: node)] == nil {
        throw .missing(what: quantity.rawValue, node: node)
      }
    }
    self.rows = rows
    self.values = values
  }

  /// The value of a quantity at a node, or for all nodes; `nil` only for values that tables may lack.
  func optional(_ quantity: CostQuantity, at node: Int? = nil) -> Double? {
    values[Key(quantity: quantity, node: node)]
  }

  /// The value of a quantity at one of its required nodes, which complete tables have.
  subscript(quantity: CostQuantity, at node: Int? = nil) -> Double {
    assert(quantity.requiredNodes.contains(node))
    return values[Key(quantity: quantity, node: node)] ?? .nan
  }
}

/// Why energy and area cannot be modelled.
public enum CostError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A table cannot be read.
  case file(YAMLError)
  /// Tables lack a value that the model needs.
  case missing(what: String, node: Int?)
  /// Tables give a value twice.
  case twice(what: String, node: Int?)
  /// The program was moved away from its tables.
  case notShipped(ShippedFilesMissing)
  /// A process node outside those that can be scaled to.
  case node(design: String, nanometres: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .missing(let what, let node): "the cost tables have no value for '\(what)'\(Self.at(node))"
    case .twice(let what, let node): "the cost tables have two values for '\(what)'\(Self.at(node))"
    case .notShipped(let error): "\(error)"
    case .node(let design, let nanometres):
      "design '\(design)': key 'technology.node': energy and area are known from \(NodeScaling.nodes.lowerBound) "
        + "to \(NodeScaling.nodes.upperBound) nm, found \(nanometres) nm"
    }
  }

  private static func at(_ node: Int?) -> String { node.map { " at \($0) nm" } ?? "" }
}
