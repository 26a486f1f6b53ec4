import Workloads

/// What the simulator SCALE-Sim reads of its `.cfg` files, as far as it has a meaning here.
///
/// The format is that of INI files: sections in brackets, `key: value` or `key = value`, keys in any case, comments
/// on lines of their own after `#` or `;`.
public struct SCALESimConfiguration: Sendable, Equatable {
  /// `run_name`.
  public var runName: String
  /// `ArrayHeight`.
  public var rows: Int
  /// `ArrayWidth`.
  public var columns: Int
  /// `Dataflow`: os, ws or is.
  public var dataflow: Dataflow
  /// `IfmapSramSzkB`, in units of 1024 words of a byte.
  public var activationBufferKibibytes: Int
  /// `FilterSramSzkB`, likewise.
  public var weightBufferKibibytes: Int
  /// `OfmapSramSzkB`, likewise.
  public var outputBufferKibibytes: Int
  /// `Bandwidth`: words a cycle from DRAM for each of the two operands.
  public var wordsPerCycle: Int
  /// Keys of the file that change nothing here, with their sections: `layout.IfmapCustomLayout`.
  public var ignoredKeys: [String]

  /// Reads a file.
  public static func load(path: String) throws(SCALESimFileError) -> SCALESimConfiguration {
    let text: String
    do {
      text = try BoundedText.load(path: path)
    } catch {
      throw SCALESimFileError(file: path, line: nil, message: error.message)
    }
    return try SCALESimConfiguration(text, file: path)
  }

  /// Reads the text of a file; `file` is its name in errors.
  init(_ text: String, file: String) throws(SCALESimFileError) {
    var settings = try SCALESimSettings(text, file: file)
    let presets = "architecture_presets"
    runName = try settings.text("general", "run_name")
    rows = try settings.integer(presets, "ArrayHeight", in: 1...Design.largestExtent)
    columns = try settings.integer(presets, "ArrayWidth", in: 1...Design.largestExtent)
    guard rows * columns <= Design.mostElements else {
      throw SCALESimFileError(
        file: file, line: nil,
        message: "expected at most \(Design.mostElements) elements in all, found \(rows) × \(columns)")
    }
    let kibibytes = 1...(1 << 30)
    activationBufferKibibytes = try settings.integer(presets, "IfmapSramSzkB", in: kibibytes)
    weightBufferKibibytes = try settings.integer(presets, "FilterSramSzkB", in: kibibytes)
    outputBufferKibibytes = try settings.integer(presets, "OfmapSramSzkB", in: kibibytes)
    wordsPerCycle = try settings.integer(presets, "Bandwidth", in: 1...1_000_000)
    dataflow = try settings.dataflow(presets, "Dataflow")
    ignoredKeys = settings.unread
  }
}

/// The keys and values of an INI file.
private struct SCALESimSettings {
  private struct Setting {
    let section: String
    let key: String
    let value: String
    let line: Int
  }

  private let file: String
  private var settings: [Setting] = []

  init(_ text: String, file: String) throws(SCALESimFileError) {
    self.file = file
    var section: String?
    var known: Set<[String]> = []
    for (index, rawLine) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let line = rawLine.trimmingBlanks
      guard let first = line.first, first != "#", first != ";" else { continue }
      if first == "[" {
        guard line.last == "]" else {
          throw failure(index + 1, "expected a section such as [general], found '\(excerpt(line))'")
        }
        section = String(line.dropFirst().dropLast())
      } else {
        guard let section, let separator = line.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
          throw failure(
            index + 1,
            section == nil
              ? "expected a section such as [general] first, found '\(excerpt(line))'"
              : "expected 'key: value', found '\(excerpt(line))'")
        }
        let setting = Setting(
          section: section, key: line[..<separator].trimmingBlanks,
          value: line[line.index(after: separator)...].trimmingBlanks, line: index + 1)
        guard known.insert([section, setting.key.lowercased()]).inserted else {
          throw failure(index + 1, "the key '\(excerpt(setting.key))' occurs twice in [\(excerpt(section))]")
        }
        settings.append(setting)
      }
    }
  }

  /// What no one asked for, with its section.
  var unread: [String] { settings.map { "\($0.section).\($0.key)" } }

  mutating func text(_ section: String, _ key: String) throws(SCALESimFileError) -> String {
    try take(section, key).value
  }

  mutating func integer(
    _ section: String, _ key: String, in range: ClosedRange<Int>
  ) throws(SCALESimFileError) -> Int {
    let setting = try take(section, key)
    guard let number = Int(setting.value), range.contains(number) else {
      throw failure(
        setting.line,
        "key '\(key)': expected a whole number from \(range.lowerBound) to \(range.upperBound), "
          + "found '\(excerpt(setting.value))'")
    }
    return number
  }

  mutating func dataflow(_ section: String, _ key: String) throws(SCALESimFileError) -> Dataflow {
    let setting = try take(section, key)
    switch setting.value {
    case "os": return .outputStationary
    case "ws": return .weightStationary
    case "is": return .inputStationary
    default:
      throw failure(setting.line, "key '\(key)': expected os, ws or is, found '\(excerpt(setting.value))'")
    }
  }

  private mutating func take(_ section: String, _ key: String) throws(SCALESimFileError) -> Setting {
    let name = key.lowercased()
    guard let index = settings.firstIndex(where: { $0.section == section && $0.key.lowercased() == name })
    else {
      throw failure(nil, "key '\(key)' is missing in section [\(section)]")
    }
    return settings.remove(at: index)
  }

  private func failure(_ line: Int?, _ message: String) -> SCALESimFileError {
    SCALESimFileError(file: file, line: line, message: message)
  }
}
