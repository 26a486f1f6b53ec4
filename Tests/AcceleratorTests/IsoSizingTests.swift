import Testing
import Workloads

@testable import Accelerator

@Suite struct IsoSizingTests {
  private func area(_ design: Design) -> Double { 3 + 0.01 * Double(design.array.elements) }

  @Test(
    arguments: [(64, 32), (32, 64), (7, 7), (1, 1), (1, 40), (300, 2)], [3.01, 3.05, 10, 123.4, 9_999.0])
  func isWithinOneRowOrColumn(_ extents: (rows: Int, columns: Int), _ target: Double) throws {
    var design = Design.small()
    (design.array.rows, design.array.columns) = extents
    let sized = try IsoSizing(of: design, quantity: .area, notAbove: target, measure: area)
    #expect(sized.value <= target)
    #expect(sized.value == area(sized.design))
    #expect(sized.limit == .target)
    var (oneRowMore, oneColumnMore) = (sized.design, sized.design)
    oneRowMore.array.rows += 1
    oneColumnMore.array.columns += 1
    #expect(max(area(oneRowMore), area(oneColumnMore)) > target)
    // The ratio is that of the design, but for the rounding of either extent.
    let array = sized.design.array
    let ideal =
      Double(array.rows + array.columns) * Double(extents.rows) / Double(extents.rows + extents.columns)
    #expect(array.rows == 1 || array.columns == 1 || abs(Double(array.rows) - ideal) <= 0.5)
    #expect(sized.design.weightBuffer == design.weightBuffer)
  }

  @Test func sizingForItsOwnAreaChangesNothing() throws {
    let design = Design.small()
    let sized = try IsoSizing(of: design, quantity: .area, notAbove: area(design), measure: area)
    #expect(sized.design == design)
    #expect(sized.shortfall == 0)
  }

  @Test func stopsAtTheLargestArrayAllowed() throws {
    let sized = try IsoSizing(of: .small(), quantity: .power, notAbove: 1) { _ in 0.5 }
    #expect(sized.limit == .elements)
    #expect(sized.shortfall == 0.5)
    #expect(sized.design.array.elements <= Design.mostElements)
    #expect(sized.design.array.elements > Design.mostElements - (1 << 15))
  }

  @Test func oneElementCanBeTooMuch() throws {
    #expect(
      throws: IsoSizingError.oneElementIsTooMuch(
        design: "small-fp16", quantity: .area, value: 3.01, target: 3)
    ) { try IsoSizing(of: .small(), quantity: .area, notAbove: 3, measure: area) }
  }

  @Test func errorsOfMeasuringAreHandedOn() throws {
    let error = ModelSimulationError.tooManyChips(
      design: "small", model: "m", chips: 2, parallelism: .tensor, limit: 1)
    #expect(throws: IsoSizingError.measurement(error)) {
      try IsoSizing(of: .small(), quantity: .power, notAbove: 3) { (_) throws(ModelSimulationError) in
        throw error
      }
    }
  }

  /// The same area as an FP16 array gives more elements that only add and subtract.
  @Test func addAndSubtractFitMoreElementsIntoTheSameArea() throws {
    let baseline = Design.small()
    var design = Design.small(.t5)
    design.array.dotWidth = 1
    let tables = try CostTables.shipped()
    let sized = try IsoSizing.area(of: design, like: baseline, tables: tables)
    #expect(sized.design.array.elements > baseline.array.elements)
    #expect(sized.value <= sized.target)
    #expect(sized.shortfall < 0.01)
    #expect(try IsoSizing.area(of: baseline, like: baseline, tables: tables).design == baseline)
  }

  @Test func powerIsThatOfTheWorkload() throws {
    let tables = try CostTables.shipped()
    let workload = try InferenceWorkload(.named("700m"), phase: .prefill(tokens: 64))
    let sized = try IsoSizing.power(
      of: .small(.t5), like: .small(), on: workload, matmuls: RooflineMatmuls(), tables: tables)
    let simulator = try ModelSimulator(sized.design, matmuls: RooflineMatmuls(), tables: tables)
    #expect(try simulator.simulate(workload).watts == sized.value)
    #expect(sized.value <= sized.target)
    let array = sized.design.array
    var larger = sized.design
    (larger.array.rows, larger.array.columns) = (array.rows + 1, array.columns + 1)
    let watts = try ModelSimulator(larger, matmuls: RooflineMatmuls(), tables: tables).simulate(workload)
      .watts
    #expect(sized.limit == .elements || watts > sized.target)
  }

  /// An output buffer of 128 KiB holds two tiles of 24 bits of 208×104, not of 209×104.
  @Test func buffersLimitTheArray() throws {
    var baseline = Design.small()
    (baseline.array.rows, baseline.array.columns) = (512, 512)
    var design = Design.small(.t5)
    design.array.dotWidth = 1
    let sized = try IsoSizing.area(of: design, like: baseline, tables: .shipped())
    guard case .buffer(.doesNotFit(_, .outputBuffer, _, _)) = sized.limit else {
      Issue.record("limited by \(sized.limit)")
      return
    }
    #expect(sized.design.array.rows == 209 || sized.design.array.rows == 208)
    #expect(sized.value < sized.target)
    let array = sized.design.array
    #expect(2 * 3 * array.elements <= design.outputBuffer.bytes)
    #expect(2 * 3 * (array.elements + array.rows) > design.outputBuffer.bytes)
    design.outputBuffer.bytes = 1
    let error = #expect(throws: IsoSizingError.self) {
      try IsoSizing.area(of: design, like: baseline, tables: .shipped())
    }
    guard case .measurement(.array) = error else {
      Issue.record("threw \(String(describing: error))")
      return
    }
  }

  @Test func errorsOfDesignsAreHandedOn() throws {
    var design = Design.small()
    design.array.datapath = "abacus"
    let tables = try CostTables.shipped()
    let error = #expect(throws: IsoSizingError.self) {
      try IsoSizing.area(of: design, like: .small(), tables: tables)
    }
    #expect(error?.description.contains("abacus") == true)
  }
}
