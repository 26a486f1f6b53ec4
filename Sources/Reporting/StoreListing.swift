import Bench

extension Listing {
  /// The runs of a store.
  public init(_ runs: [StoredRun]) {
    self.init(
      properties: [
        .init("run", isNumber: true), .init("name"), .init("kind"), .init("date"),
        .init("complete_points", isNumber: true), .init("planned_points", isNumber: true),
        .init("git_commit"),
        .init("cpu_model"), .init("command_line"),
      ],
      items: runs.map { run in
        [
          "\(run.number)", run.name ?? "", run.kind.rawValue, run.context.date, "\(run.completePoints)",
          "\(run.plannedPoints)", run.context.gitCommit.map { String($0.prefix(12)) } ?? "",
          run.context.cpuModel ?? "", run.context.commandLine,
        ]
      })
  }

  /// The points of a run of any kind, with all columns that one of them has.
  public init(_ points: [StoredPoint]) {
    let names = Set(points.flatMap(\.payload.keys)).sorted()
    self.init(
      properties: names.map { name in
        let value = points.lazy.compactMap { $0.payload[name] }.first { $0 != .missing }
        return Property(name, isNumber: value?.isQuantity ?? false)
      },
      items: points.map { point in names.map { point.payload[$0]?.plainText ?? "" } })
  }
}

extension ColumnValue {
  fileprivate var isQuantity: Bool {
    switch self {
    case .integer, .number: true
    case .missing, .text, .flag: false
    }
  }
}
