import ArgumentParser
import Bench
import Foundation

/// A run of measurements as named on the command line: by its number or name in the store, `last`, or a file.
enum NamedRun {
  case stored(RunReference)
  case file(String)

  /// - Throws: `ValidationError` for what can be neither.
  init(_ text: String) throws {
    if text.hasSuffix(".json") || text.contains("/") {
      self = .file(text)
    } else if let reference = RunReference(text) {
      self = .stored(reference)
    } else {
      throw ValidationError("'\(text)' is neither a run's number or name, nor last, nor a .json file")
    }
  }

  /// The run's measurements, and what to call it.
  ///
  /// - Throws: `StoreError`, or ``ResultFileError`` for a file.
  func read(_ options: StoreOptions) throws -> (label: String, results: BenchResults) {
    switch self {
    case .stored(let reference):
      let store = try options.open()
      let run = try store.run(reference, kind: .bench)
      return ("run \(run.number)" + (run.name.map { " (\($0))" } ?? ""), try store.results(of: run))
    case .file(let path):
      return (path, try Self.results(of: path))
    }
  }

  private static func results(of path: String) throws -> BenchResults {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("'\(path)' cannot be read")
    }
    do {
      return try JSONDecoder().decode(BenchResults.self, from: data)
    } catch let error as BenchResultsError {
      throw ResultFileError(path: path, reason: "\(error)")
    } catch {
      throw ResultFileError(path: path, reason: "it does not come from 'bitlab bench --format json'")
    }
  }
}

/// A file whose results cannot be read.
struct ResultFileError: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "'\(path)' cannot be used: \(reason)" }
}
