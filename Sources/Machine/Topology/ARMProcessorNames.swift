/// Names of AArch64 processors, which Linux tells only as the numbers of implementer and part. The numbers are
/// those of MIDR_EL1, as listed in util-linux, sys-utils/lscpu-arm.c.
enum ARMProcessorNames {
  private struct Key: Hashable {
    let implementer: Int
    let part: Int
  }

  private static let names: [Key: String] = {
    let byImplementer: [Int: [Int: String]] = [
      0x41: [
        0xd03: "Cortex-A53", 0xd04: "Cortex-A35", 0xd05: "Cortex-A55", 0xd07: "Cortex-A57",
        0xd08: "Cortex-A72", 0xd09: "Cortex-A73", 0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76",
        0xd0c: "Neoverse-N1", 0xd0d: "Cortex-A77", 0xd40: "Neoverse-V1", 0xd41: "Cortex-A78",
        0xd44: "Cortex-X1", 0xd46: "Cortex-A510", 0xd47: "Cortex-A710", 0xd48: "Cortex-X2",
        0xd49: "Neoverse-N2", 0xd4a: "Neoverse-E1", 0xd4b: "Cortex-A78C", 0xd4d: "Cortex-A715",
        0xd4e: "Cortex-X3", 0xd4f: "Neoverse-V2", 0xd80: "Cortex-A520", 0xd81: "Cortex-A720",
        0xd82: "Cortex-X4", 0xd84: "Neoverse-V3", 0xd85: "Cortex-X925", 0xd87: "Cortex-A725",
        0xd8e: "Neoverse-N3",
      ],
      0x46: [0x001: "A64FX"],
      0x48: [0xd01: "Kunpeng-920"],
      0x61: [
        0x022: "Icestorm-M1", 0x023: "Firestorm-M1", 0x032: "Blizzard-M2", 0x033: "Avalanche-M2",
      ],
      0xc0: [0xac3: "Ampere-1", 0xac4: "Ampere-1a"],
    ]
    var names: [Key: String] = [:]
    for (implementer, parts) in byImplementer {
      for (part, name) in parts { names[Key(implementer: implementer, part: part)] = name }
    }
    return names
  }()

  /// What the numbers, such as `0x41` and `0xd0c`, stand for: a name, or the numbers themselves when it is not
  /// known.
  static func name(implementer: String?, part: String) -> String {
    if let first = number(implementer), let second = number(part),
      let name = names[Key(implementer: first, part: second)]
    {
      return name
    }
    return "\(implementer ?? "unknown") part \(part)"
  }

  private static func number(_ text: String?) -> Int? {
    guard let text, text.hasPrefix("0x") else { return nil }
    return Int(text.dropFirst(2), radix: 16)
  }
}
