import Foundation
import KernelZoo
import ModelFiles

/// A folder that goes away with this object.
final class InspectedFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }
}

/// Threads of the system.
struct SystemThreads: WorkerTeam {
  struct Member: TeamMember {
    let index: Int
    let count: Int
    func barrier() {}
    func rows(of rows: Int, tile: Int) -> Range<Int> { index * rows / count..<(index + 1) * rows / count }
  }

  let workerCount: Int

  func run(_ body: @Sendable (any TeamMember) -> Void) {
    DispatchQueue.concurrentPerform(iterations: workerCount) { body(Member(index: $0, count: workerCount)) }
  }
}
