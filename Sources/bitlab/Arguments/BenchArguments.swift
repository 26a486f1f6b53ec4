import ArgumentParser
import Bench
import KernelZoo
import Machine
import Reporting

extension InstructionSetLevel: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}

/// Cache states by comma: `cold,hot`.
enum CacheArgument {
  static func parse(_ text: String) throws -> [MeasurementPoint.Cache] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let state = MeasurementPoint.Cache(rawValue: name.lowercased()) else {
        throw ValidationError("'\(name)' is neither cold nor hot")
      }
      return state
    }
  }
}

/// A memory policy: `local`, `interleave` or the number of a node.
enum NUMAArgument {
  static func parse(_ text: String) throws -> NUMAPolicy {
    switch text.lowercased() {
    case "local": return .local
    case "interleave": return .interleave
    default:
      guard let node = Int(text), node >= 0 else {
        throw ValidationError("'\(text)' is no memory policy: write local, interleave or a node's number")
      }
      guard NUMANodes.available().contains(node) else {
        let nodes = NUMANodes.available().map(String.init).joined(separator: ", ")
        throw ValidationError("this machine has no NUMA node \(node) that may be used, only \(nodes)")
      }
      return .node(node)
    }
  }
}

/// A positive time in seconds.
enum SecondsArgument {
  static func parse(_ text: String) throws -> Double {
    guard let seconds = Double(text), seconds > 0, seconds <= 86_400 else {
      throw ValidationError("'\(text)' is not a time in seconds, above 0 and up to 86400")
    }
    return seconds
  }
}
