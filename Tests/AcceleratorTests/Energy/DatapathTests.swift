import Ternary
import Testing

@testable import Accelerator

@Suite struct DatapathTests {
  @Test func namesAreDistinctAndSourcesGiven() {
    #expect(Datapaths.all.map(\.name).count == 7)
    #expect(Set(Datapaths.all.map(\.name)).count == 7)
    for datapath in Datapaths.all {
      #expect(datapath.source.contains("arXiv"), "\(datapath.name)")
      #expect(Datapaths.named(datapath.name)?.summary == datapath.summary)
    }
  }

  @Test func usualDesignsAreAccepted() throws {
    for datapath in Datapaths.all {
      let chip = try Chip(EnergyFixture.design(for: datapath))
      #expect(!datapath.activities(in: chip.element).isEmpty)
      #expect(datapath.activities(in: chip.element).allSatisfy { $0.count >= 0 })
      #expect(datapath.parts(of: chip.element).allSatisfy { $0.count > 0 })
    }
  }

  @Test func bitSerialTakesACycleABit() throws {
    for bits in [1, 4, 8] {
      let serial = try Chip(EnergyFixture.design("bitserial", activations: .integer(bits: bits)))
      #expect(serial.timing == ElementTiming(cyclesPerStep: bits, fillCycles: 0))
    }
    #expect(try Chip(EnergyFixture.design("popcount")).timing.cyclesPerStep == 1)
    let lut = try Chip(EnergyFixture.design("lut", tables: TableDesign(groupSize: 1, sharers: 1)))
    #expect(lut.timing == ElementTiming(cyclesPerStep: 1, fillCycles: 1))
  }

  @Test(arguments: [
    (EnergyFixture.design("fp16-mac"), "activations"),
    (EnergyFixture.design("fp16-mac", activations: .float16, weights: .int8), "weights.format"),
    (
      EnergyFixture.design("fp16-mac", accumulatorBits: 24, activations: .float16, weights: .fp16),
      "array.accumulator-bits"
    ),
    (EnergyFixture.design("int8-mac", activations: .integer(bits: 4)), "activations"),
    (EnergyFixture.design("int8-mac", accumulatorBits: 17), "array.accumulator-bits"),
    (EnergyFixture.design("addsub", weights: .int8), "weights.format"),
    (EnergyFixture.design("addsub", accumulatorBits: 9), "array.accumulator-bits"),
    (EnergyFixture.design("addsub", activations: .integer(bits: 17)), "activations"),
    (EnergyFixture.design("lut"), "array.tables"),
    (EnergyFixture.design("lut", tables: TableDesign(groupSize: 3, sharers: 4)), "array.dot-width"),
    (EnergyFixture.design("lut", tables: TableDesign(groupSize: 6, sharers: 4)), "array.tables.group"),
    (EnergyFixture.design("lut", tables: TableDesign(groupSize: 2, sharers: 0)), "array.tables.sharers"),
    (EnergyFixture.design("bitserial", activations: .float16), "activations"),
    (EnergyFixture.design("popcount", activations: .integer(bits: 9)), "activations"),
    (EnergyFixture.design("popcount", weights: .fp16), "weights.format"),
  ])
  func unsuitableDesignsAreRefusedByKey(_ design: Design, _ key: String) {
    #expect {
      try Chip(design)
    } throws: { error in
      (error as? DesignError)?.key == key
    }
  }

  @Test func accumulatorOfExactlyOneStepIsEnough() throws {
    _ = try Chip(EnergyFixture.design("addsub", dotWidth: 1, accumulatorBits: 8))
    _ = try Chip(EnergyFixture.design("addsub", dotWidth: 4, accumulatorBits: 10))
    _ = try Chip(EnergyFixture.design("bitserial", dotWidth: 5, accumulatorBits: 11))
  }

  @Test func treesSumAllInputsAndWiden() {
    for inputs in 1...40 {
      let tree = adderTree(inputs: inputs, of: .integer(bits: 8))
      #expect(tree.reduce(0) { $0 + $1.adders } == inputs - 1, "\(inputs)")
      #expect(tree.count == ceilingLog2(inputs), "\(inputs)")
      #expect(tree.enumerated().allSatisfy { $1.format == .integer(bits: 9 + $0) }, "\(inputs)")
    }
    #expect(adderTree(inputs: 4, of: .float16).allSatisfy { $0.format == .float16 })
  }

  @Test func tablesHoldEveryPatternUpToSign() {
    #expect((1...5).map { LUT.entries(groupSize: $0) } == [1, 4, 13, 40, 121])
  }

  @Test func tablesAreBuiltByOneAdditionForEachEntryThatIsNoActivation() throws {
    let chip = try Chip(
      EnergyFixture.design("lut", dotWidth: 6, tables: TableDesign(groupSize: 3, sharers: 8)))
    let building = chip.datapath.activities(in: chip.element).filter { $0.occasion == .table }
    #expect(building.contains(Activity(.add(.integer(bits: 10)), count: 10, per: .table, in: .tables)))
    #expect(
      building.contains(Activity(.tableWrite(entries: 13, bits: 10), count: 13, per: .table, in: .tables)))
    let adders = chip.datapath.parts(of: chip.element).first {
      $0.component == .tables && $0.operation == .add(.integer(bits: 10))
    }
    // Two tables of ten adders, shared by eight elements.
    #expect(adders?.count == 2.5)
  }

  @Test func sharingDoesNotApplyWhereActivationsStay() throws {
    func tableParts(_ dataflow: Dataflow) throws -> Double {
      let chip = try Chip(
        EnergyFixture.design("lut", dataflow: dataflow, tables: TableDesign(groupSize: 2, sharers: 8)))
      return chip.datapath.parts(of: chip.element).filter { $0.component == .tables }.reduce(0) {
        $0 + $1.count
      }
    }
    #expect(try tableParts(.inputStationary) == 8 * tableParts(.outputStationary))
  }

  @Test func formatsWhoseGroupsAreTheTablesNeedNoDecoder() throws {
    func decodes(_ format: WeightFormat, groupSize: Int) throws -> Bool {
      let chip = try Chip(
        EnergyFixture.design(
          "lut", dotWidth: 15, weights: format, tables: TableDesign(groupSize: groupSize, sharers: 8)))
      return chip.datapath.activities(in: chip.element).contains { $0.component == .weightDecoder }
    }
    #expect(try !decodes(.t5, groupSize: 5))
    #expect(try !decodes(.tl2, groupSize: 3))
    #expect(try decodes(.t5, groupSize: 3))
    #expect(try decodes(.i2s, groupSize: 5))
  }

  @Test func registersFollowTheOperandsThatMove() throws {
    func registerBits(_ dataflow: Dataflow) throws -> Double {
      let chip = try Chip(EnergyFixture.design("addsub", dotWidth: 4, dataflow: dataflow))
      return chip.datapath.activities(in: chip.element).reduce(0) { sum, activity in
        guard case .register(let bits) = activity.operation, activity.occasion == .step,
          activity.component == .registers
        else { return sum }
        return sum + Double(bits) * activity.count
      }
    }
    #expect(try registerBits(.outputStationary) == 40)  // four activations of 8 bits, four weights of 2
    #expect(try registerBits(.weightStationary) == 32)
    #expect(try registerBits(.inputStationary) == 8)
  }
}
