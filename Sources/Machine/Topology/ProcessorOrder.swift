/// In which order workers take the logical CPUs.
enum ProcessorOrder {
  /// One logical CPU of every physical core first, socket by socket, then the second ones, and so on: two
  /// threads on one core share its ports and caches, so a sibling is the last choice.
  ///
  /// CPUs whose core cannot be read count as cores of their own.
  static func spreadOverCores(_ processors: [Int], files: SystemFiles) -> [Int] {
    struct Place {
      let processor: Int
      let socket: Int
      let rank: Int  // how many allowed siblings of the same core come before
    }
    let allowed = Set(processors)
    let places = processors.map { processor in
      let topology = "/sys/devices/system/cpu/cpu\(processor)/topology"
      let siblings = files.indexList("\(topology)/thread_siblings_list") ?? [processor]
      return Place(
        processor: processor,
        socket: files.integer("\(topology)/physical_package_id") ?? 0,
        rank: siblings.filter { $0 < processor && allowed.contains($0) }.count)
    }
    return places.sorted { ($0.rank, $0.socket, $0.processor) < ($1.rank, $1.socket, $1.processor) }
      .map(\.processor)
  }

  /// Logical CPUs the calling thread may use, in the order workers take them.
  static func ofCallingThread(files: SystemFiles = SystemFiles()) -> [Int] {
    let allowed = Affinity.ofCallingThread()?.processors ?? []
    return spreadOverCores(allowed.isEmpty ? [0] : allowed, files: files)
  }
}
