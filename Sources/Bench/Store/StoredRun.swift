/// What made a run.
public enum RunKind: String, Sendable, Hashable, CaseIterable {
  /// Kernels measured on this machine.
  case bench
  /// Accelerator designs simulated.
  case simulate
}

/// How a user names a run: its number, its name, or `last`.
public enum RunReference: Sendable, Hashable {
  /// The number it was given when it began.
  case number(Int)
  /// A name given by the user.
  case name(String)
  /// The one that began last.
  case last

  /// The reference as typed; `nil` if it can be neither a number nor a name.
  public init?(_ text: String) {
    if let number = Int(text) {
      guard number > 0 else { return nil }
      self = .number(number)
    } else if text == "last" {
      self = .last
    } else {
      guard Self.isName(text) else { return nil }
      self = .name(text)
    }
  }

  /// Whether a run may be called that: letters, digits, `-`, `_` and `.`, neither a number nor `last`, and not like a
  /// JSON file.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty && Int(text) == nil && text != "last" && !text.hasSuffix(".json") && !text.hasPrefix("-")
      && text.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
  }

  /// For messages: `run 3`, `run named main`, `last run`.
  var title: String {
    switch self {
    case .number(let number): "run \(number)"
    case .name(let name): "run named '\(name)'"
    case .last: "last run"
    }
  }
}

/// A run of a store, without its points.
public struct StoredRun: Sendable, Hashable {
  /// Its number, never used again.
  public var number: Int
  /// What made it.
  public var kind: RunKind
  /// A name given by the user.
  public var name: String?
  /// The command's arguments, environment included: what to run again for the points that are missing.
  public var arguments: [String]
  /// Points of its plan.
  public var plannedPoints: Int
  /// Points of which nothing is left to measure.
  public var completePoints: Int
  /// The version of its records.
  public var recordSchema: Int
  /// The circumstances.
  public var context: RunContext
  /// What may have disturbed it.
  public var warnings: [String]
}

/// A point of a stored run, whatever made it.
public struct StoredPoint: Sendable, Hashable {
  /// Place in the plan, from 0.
  public var position: Int
  /// Names the point: the same in another run of the same thing.
  public var key: String
  /// The kernel, or the design.
  public var subject: String
  /// Whether nothing is left to measure.
  public var isComplete: Bool
  /// The record by column name; what is absent is missing.
  public var payload: [String: ColumnValue]
  /// Samples by the name of the column that is their median.
  public var samples: [String: [Double]]

  /// Creates a point.
  public init(
    position: Int, key: String, subject: String, isComplete: Bool = true, payload: [String: ColumnValue],
    samples: [String: [Double]] = [:]
  ) {
    self.position = position
    self.key = key
    self.subject = subject
    self.isComplete = isComplete
    self.payload = payload
    self.samples = samples
  }
}
