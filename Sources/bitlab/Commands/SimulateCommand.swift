import Accelerator
import ArgumentParser
import Foundation
import Reporting
import Workloads

extension EnergyScaling: ExpressibleByArgument {}

/// `bitlab simulate`: what a model takes on a chip that does not exist yet.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Model cycles, traffic, energy and area of accelerators, against an FP16 chip.",
    discussion: """
      Runs the layers, the attention and the LM head of models on chip designs: shipped ones by name, your own by \
      file. All figures are modelled, in closed form unless --stepped runs every cycle of the array on real data.

      Examples:
        bitlab simulate
        bitlab simulate --models 3b,70b --designs fp16-server,addsub-server,lut-server --iso-area
        bitlab simulate --models 2b4t --designs addsub-edge --set array.columns=128 --set 'dram.bandwidth=136 GB/s'
        bitlab simulate --design my-chip.yaml --tokens 1,512 --context 4096 --per-layer
        bitlab simulate --arithmetic-only
        bitlab simulate --scale-sim scale.cfg --topology gemm.csv
      """
  )

  @Option(help: ArgumentHelp("Models by comma, from the catalogue or a YAML file.", valueName: "names"))
  var models = "3b"

  @Option(
    help: ArgumentHelp(
      "Shipped designs by comma, see 'list designs'. (default: \(SimulatedDesigns.defaultNames))",
      valueName: "names"))
  var designs: String?

  @Option(
    parsing: .singleValue, help: ArgumentHelp("A design of your own; may be repeated.", valueName: "file"))
  var design: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Sets a key of every design, such as array.rows=128, or of one: NAME:array.rows=128; may be repeated.",
      valueName: "key=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "The design that the others are compared with, or 'none'. (default: the first FP16 design)",
      valueName: "name"))
  var baseline: String?

  @Option(
    help: ArgumentHelp("Only these phases, by comma: decode, prefill. (default: both)", valueName: "list"),
    transform: PhaseArgument.parse)
  var phase: Set<PhaseArgument> = Set(PhaseArgument.allCases)

  @Option(
    help: ArgumentHelp(
      "New tokens of each sequence: 1 is decode, more are prefill; \(NumberList.grammar). (default: 1,512)",
      valueName: "list"),
    transform: { NumberList(try NumberList.parse($0)) })
  var tokens = NumberList([1, 512])

  @Option(
    help: ArgumentHelp(
      "Tokens of each sequence so far, new ones included, when decoding.", valueName: "count"))
  var context = 512

  @Option(help: ArgumentHelp("Sequences at once.", valueName: "count"))
  var batch = 1

  @Flag(help: "Take q, k, v of a model as one matrix, and gate and up.")
  var fused = false

  @Flag(help: "Give every design the largest array that the baseline's area allows.")
  var isoArea = false

  @Flag(help: "Give every design the largest array that the baseline's power on the same pass allows.")
  var isoPower = false

  @Option(
    help: ArgumentHelp(
      "Fixes the tiles of all matrices: MxKxN, or MxKxN:mnk with the loops.", valueName: "tile"))
  var tile: String?

  @Option(
    help: ArgumentHelp(
      "How operation energies reach nodes: anchors (between published values at 45 and 7 nm) or stillmaker "
        + "(the polynomials of Stillmaker and Baas, from 45 nm on)."))
  var scaling: EnergyScaling = .anchors

  @Flag(help: "Run every cycle of the array on random ternary weights, and compare result and cycles.")
  var stepped = false

  @Option(help: "The seed of operands with --stepped.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Devices at their peaks beside the designs, by comma; see 'list devices'.", valueName: "names"))
  var devices: String?

  @Flag(help: "Show every operation of every pass.")
  var perLayer = false

  @Flag(help: "Only the energy of arithmetic, as published: 71.4 times, and the table of BitNet b1.58 2B4T.")
  var arithmeticOnly = false

  @Option(
    help: ArgumentHelp("A SCALE-Sim configuration, with --topology: its report instead.", valueName: "file"))
  var scaleSim: String?

  @Option(help: ArgumentHelp("A SCALE-Sim GEMM topology.", valueName: "file"))
  var topology: String?

  @Flag(help: "How many designs and shapes a second are simulated on this machine.")
  var benchmark = false

  @Option(help: "How results are written.")
  var format: ReportFormat = .table

  @Option(
    help: ArgumentHelp(
      "Write results to a file, and each design with all its defaults beside it.", valueName: "file"))
  var output: String?

  func validate() throws {
    guard !(isoArea && isoPower) else { throw ValidationError("give only one of --iso-area and --iso-power") }
    guard (scaleSim == nil) == (topology == nil) else {
      throw ValidationError("--scale-sim and --topology go together")
    }
  }
}
